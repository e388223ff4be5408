use contract::{Code, Dub, Problem};

use super::*;

/// A dub that was asked for as the one of this number, at the same moment as all.
fn dub(id: &str, number: i64) -> Dub {
    let json = r#"{ "id": "ID", "phase": "succeeded", "created_at": "2026-11-23T01:00:00Z", "updated_at": "",
        "input": { "video": { "url": "" }, "audio": { "url": "" }, "resolution": "480p", "seed": 1 } }"#;
    Dub { number, ..serde_json::from_str(&json.replace("ID", id)).unwrap() }
}

/// A page with these dubs, which were asked for in the order of the alphabet, and where the next one starts.
fn page(ids: &[&str], next_cursor: Option<&str>) -> DubPage {
    let lettered = |id: &&str| dub(id, i64::from(id.as_bytes()[0]));
    DubPage { dubs: ids.iter().map(lettered).collect(), next_cursor: next_cursor.map(str::to_owned) }
}

/// Asks as the list does, and answers at once.
fn ask(library: Library, watcher: Watcher, cursor: Option<&str>, answer: Result<DubPage, ApiError>) {
    let question = library.begin();
    library.hear(question, cursor.map(str::to_owned), answer, watcher);
}

fn ids(library: Library, watcher: Watcher) -> Vec<String> {
    library.ids(watcher).into_iter().map(|id| id.0).collect()
}

fn status(library: Library) -> Status {
    library.shelf.with_untracked(|shelf| shelf.status.clone())
}

#[test]
fn the_next_page_comes_after_the_first_and_the_last_has_none_after_it() {
    Owner::new().with(|| {
        let (library, watcher) = (Library::new(), Watcher::new());
        assert_eq!(status(library), Status::Loading);
        ask(library, watcher, None, Ok(page(&["c", "b"], Some("b"))));
        assert_eq!((ids(library, watcher), library.next()), (vec!["c".into(), "b".into()], Some("b".into())));
        ask(library, watcher, Some("b"), Ok(page(&["a"], None)));
        assert_eq!((ids(library, watcher), library.next()), (vec!["c".into(), "b".into(), "a".into()], None));
        assert_eq!(status(library), Status::Filled);
        assert_eq!(watcher.read(&DubId("a".into()), |dub| dub.id.0.clone()).as_deref(), Some("a"));
    });
}

#[test]
fn asking_for_the_newest_keeps_the_old_list_until_the_answer_is_there() {
    Owner::new().with(|| {
        let (library, watcher) = (Library::new(), Watcher::new());
        ask(library, watcher, None, Ok(page(&["b", "a"], None)));
        let question = library.begin();
        assert_eq!((ids(library, watcher).len(), status(library)), (2, Status::Loading));
        library.hear(question, None, Ok(page(&["c"], Some("c"))), watcher);
        assert_eq!((ids(library, watcher), library.next()), (vec!["c".into()], Some("c".into())));
    });
}

#[test]
fn what_could_not_be_had_is_told_and_asked_for_again_from_the_same_place() {
    Owner::new().with(|| {
        let (library, watcher) = (Library::new(), Watcher::new());
        ask(library, watcher, None, Ok(page(&["c"], Some("c"))));
        ask(library, watcher, Some("c"), Err(ApiError::Lost));
        assert_eq!(status(library), Status::Broken("The server does not answer.".into(), Some("c".into())));
        assert_eq!((ids(library, watcher), library.next()), (vec!["c".into()], Some("c".into())));
        // The newest, too, are asked for again as the newest.
        let problem = Problem::new(Code::RateLimited, "Too many questions.");
        ask(library, watcher, None, Err(ApiError::Refused(Box::new(problem))));
        assert_eq!((status(library), library.next()), (Status::Broken("Too many questions.".into(), None), None));
    });
}

#[test]
fn an_answer_to_an_earlier_question_is_not_heard() {
    Owner::new().with(|| {
        let (library, watcher) = (Library::new(), Watcher::new());
        let (early, late) = (library.begin(), library.begin());
        library.hear(late, None, Ok(page(&["b"], None)), watcher);
        library.hear(early, None, Ok(page(&["a"], None)), watcher);
        library.hear(early, None, Err(ApiError::Lost), watcher);
        assert_eq!((ids(library, watcher), status(library)), (vec!["b".into()], Status::Filled));
    });
}

#[test]
fn what_was_asked_for_since_comes_first_and_what_is_gone_is_not_listed() {
    Owner::new().with(|| {
        let (library, watcher) = (Library::new(), Watcher::new());
        ask(library, watcher, None, Ok(page(&["c", "b"], Some("b"))));
        for dub in page(&["a", "d"], None).dubs {
            watcher.put(dub);
        }
        watcher.lose(&DubId("c".into()));
        // Older ones are on the next page.
        assert_eq!(ids(library, watcher), ["d", "b"]);
    });
}

#[test]
fn a_batch_of_more_than_a_page_stands_as_the_server_lists_it() {
    Owner::new().with(|| {
        let (library, watcher) = (Library::new(), Watcher::new());
        let name = |number: i64| format!("track {number}");
        let listed = |numbers: std::ops::Range<i64>| numbers.rev().map(name).collect::<Vec<_>>();
        // Events come as each dub changes, not in the order of the tracks.
        for number in (0..40).map(|nth| (nth * 7) % 40) {
            watcher.put(dub(&name(number), number));
        }
        let first =
            DubPage { dubs: (10..40).rev().map(|n| dub(&name(n), n)).collect(), next_cursor: Some("10".into()) };
        ask(library, watcher, None, Ok(first));
        assert_eq!(ids(library, watcher), listed(10..40), "the rest is on the next page");
        for number in [42, 40, 41] {
            watcher.put(dub(&name(number), number));
        }
        assert_eq!(ids(library, watcher), listed(10..43));
        let second = DubPage { dubs: (0..10).rev().map(|n| dub(&name(n), n)).collect(), next_cursor: None };
        ask(library, watcher, Some("10"), Ok(second));
        assert_eq!(ids(library, watcher), listed(0..43));
    });
}
