use super::*;

#[test]
fn typing_where_something_is_wrong_takes_the_complaint_back() {
    Owner::new().with(|| {
        let studio = Studio::new(Draft::default());
        studio.complain(Place::Seed, "no number");
        studio.complain(Place::Video, "no link");
        studio.change(Place::Seed, |draft| draft.seed = "7".into());
        assert_eq!(studio.complaint(Place::Seed), None);
        assert_eq!(studio.complaint(Place::Video).as_deref(), Some("no link"));
    });
}

#[test]
fn a_removed_voice_leaves_nothing_behind() {
    Owner::new().with(|| {
        let mut draft = Draft::default();
        let id = draft.add_track("Español", "https://a.example/es.mp3".into());
        let studio = Studio::new(draft);
        studio.learn(id, Probe::Closed);
        studio.complain(Place::Track(id), "too long");
        studio.remove_voice(id);
        assert!(studio.draft.read_untracked().tracks.is_empty());
        assert_eq!((studio.probe(id), studio.complaint(Place::Track(id))), (Probe::Loading, None));
    });
}
