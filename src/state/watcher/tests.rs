use super::*;

fn dub(id: &str, phase: &str) -> Dub {
    revised(id, phase, 1)
}

fn revised(id: &str, phase: &str, revision: i64) -> Dub {
    let json = r#"{ "id": "ID", "phase": "PHASE", "created_at": "", "updated_at": "",
        "input": { "video": { "url": "" }, "audio": { "url": "" }, "resolution": "480p", "seed": 1 } }"#;
    Dub { revision, ..serde_json::from_str(&json.replace("ID", id).replace("PHASE", phase)).unwrap() }
}

fn phase(watcher: Watcher, id: &str) -> Option<&'static str> {
    untrack(|| watcher.read(&DubId(id.into()), |dub| dub.phase.as_str()))
}

#[test]
fn final_dubs_and_those_out_of_view_are_not_asked_for() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        for (id, phase) in [("a", "processing"), ("b", "succeeded"), ("c", "queued")] {
            watcher.put(dub(id, phase));
        }
        watcher.look_at(&["a", "b"].map(|id| DubId(id.into())));
        let due: Vec<_> = watcher.due(false).into_iter().map(|question| question.id.0).collect();
        assert_eq!(due, ["a"]);
        assert!(watcher.has_moving());
    });
}

#[test]
fn an_unconfirmed_dub_is_asked_for_but_does_not_move() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        watcher.put(dub("a", "unconfirmed"));
        watcher.look_at(&[DubId("a".into())]);
        assert_eq!(watcher.due(false).len(), 1);
        assert!(!watcher.has_moving());
    });
}

#[test]
fn an_answer_from_before_a_newer_one_is_not_heard() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        watcher.put(dub("a", "unconfirmed"));
        watcher.look_at(&[DubId("a".into())]);
        let question = watcher.due(false).remove(0);
        watcher.put(revised("a", "queued", 2));
        assert!(!watcher.hear(&question, Sight::Here(Box::new(dub("a", "unconfirmed"))), None));
        assert!(watcher.has_moving());
    });
}

#[test]
fn another_reason_to_wait_is_news() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        let mut waiting = dub("a", "queued");
        watcher.put(waiting.clone());
        waiting.problem = Some(contract::Problem::new(Code::ProviderUnavailable, "The service is away."));
        assert!(watcher.set(&DubId("a".into()), Sight::Here(Box::new(waiting)), None));
    });
}

#[test]
fn the_same_answer_twice_is_no_news() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        let id = DubId("a".into());
        let sight = || Sight::Here(Box::new(dub("a", "queued")));
        assert!(watcher.set(&id, sight(), None));
        assert!(!watcher.set(&id, sight(), Some("v1".into())));
        assert!(watcher.set(&id, Sight::Gone, None));
        assert!(watcher.follow(id).is_gone());
    });
}

#[test]
fn what_the_stream_tells_is_not_asked_for_but_what_it_has_not_told_is() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        watcher.put(dub("a", "processing"));
        watcher.look_at(&["a", "b"].map(|id| DubId(id.into())));
        let due: Vec<_> = watcher.due(true).into_iter().map(|question| question.id.0).collect();
        assert_eq!(due, ["b"]);
    });
}

#[test]
fn an_answer_that_an_event_has_overtaken_changes_nothing() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        watcher.put(revised("a", "processing", 5));
        watcher.put(revised("a", "queued", 3));
        assert_eq!(phase(watcher, "a"), Some("processing"));
        watcher.put(revised("a", "saving", 6));
        assert_eq!(phase(watcher, "a"), Some("saving"));
    });
}

#[test]
fn a_dub_that_is_gone_stays_gone() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        let id = DubId("a".into());
        watcher.put(revised("a", "queued", 3));
        watcher.lose(&id);
        watcher.put(revised("a", "queued", 3));
        assert!(watcher.follow(id).is_gone());
        assert_eq!(phase(watcher, "a"), None);
    });
}

#[test]
fn what_was_known_before_the_stream_began_is_asked_for_unless_it_is_told() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        for (id, phase) in [("a", "succeeded"), ("b", "succeeded"), ("c", "processing"), ("out of view", "failed")] {
            assert!(watcher.set(&DubId(id.into()), Sight::Here(Box::new(dub(id, phase))), Some("v1".into())));
        }
        watcher.look_at(&["a", "b", "c"].map(|id| DubId(id.into())));
        let due = || watcher.due(true);
        assert_eq!(due(), []);
        watcher.doubt_known();
        watcher.put(dub("b", "succeeded"));
        let asked: Vec<_> = due().into_iter().map(|question| (question.id.0, question.etag)).collect();
        assert_eq!(asked, [("a".into(), None), ("c".into(), None)]);
        let (first, second) = (due().remove(0), due().remove(1));
        watcher.hear(&first, Sight::Gone, None);
        watcher.hear(&second, Sight::Here(Box::new(dub("c", "processing"))), None);
        assert_eq!(due(), []);
        assert!(watcher.has_lost(&DubId("a".into())));
    });
}

#[test]
fn a_deletion_is_noted_at_its_dub_and_only_one_that_can_be_undone_is_held() {
    Owner::new().with(|| {
        let watcher = Watcher::new();
        let id = DubId("a".into());
        watcher.put(dub("a", "succeeded"));
        assert_eq!((watcher.deletion(&id), watcher.held()), (Deletion::None, vec![]));
        watcher.note(&id, Deletion::Held(7));
        assert_eq!((watcher.deletion(&id).goes_on(), watcher.held()), (true, vec![id.clone()]));
        watcher.note(&id, Deletion::Sent { is_late: false });
        assert_eq!((watcher.deletion(&id).goes_on(), watcher.held()), (true, vec![]));
        watcher.note(&id, Deletion::Refused("No.".into()));
        assert!(!watcher.deletion(&id).goes_on());
    });
}
