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

#[test]
fn the_track_of_a_dub_that_is_gone_is_there_to_be_dubbed_again() {
    Owner::new().with(|| {
        let mut draft = Draft { video: "https://a.example/v.mp4".into(), ..Draft::default() };
        for (audio, dub) in [("https://a.example/es.mp3", "gone"), ("https://a.example/de.mp3", "there")] {
            draft.add_track("", audio.into());
            let order = draft.orders(dub, true).remove(0);
            draft.accept(&order.key, DubId(dub.into()));
        }
        let (studio, watcher) = (Studio::new(draft), Watcher::new());
        watcher.lose(&DubId("gone".into()));
        studio.forget_lost(watcher);
        assert_eq!(studio.dubs(), [DubId("there".into())]);
        assert_eq!(studio.draft.read_untracked().due(), [1]);
    });
}
