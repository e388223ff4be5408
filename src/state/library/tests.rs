use contract::{Code, Problem};

use super::*;

/// A page with these dubs, each asked for as many minutes after one o'clock as its letter is after `a`, and where the next
/// one starts.
fn page(ids: &[&str], next_cursor: Option<&str>) -> DubPage {
    let dub = |id: &&str| {
        let json = r#"{ "id": "ID", "phase": "succeeded", "created_at": "2026-11-23T01:0AT:00Z", "updated_at": "",
            "input": { "video": { "url": "" }, "audio": { "url": "" }, "resolution": "480p", "seed": 1 } }"#;
        let minute = id.bytes().map(|letter| letter - b'a').sum::<u8>();
        serde_json::from_str(&json.replace("ID", id).replace("AT", &minute.to_string())).unwrap()
    };
    DubPage { dubs: ids.iter().map(dub).collect(), next_cursor: next_cursor.map(str::to_owned) }
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
