//! What of a draft is sent, and under which key.

use super::*;

#[test]
fn a_repeated_try_has_the_same_key_until_something_changes() {
    let mut draft = two_voices();
    draft.tracks.pop();
    assert_eq!(keys(&mut draft, "first"), ["[1] first-1"]);
    assert_eq!(keys(&mut draft, "second"), ["[1] first-1"]);
    draft.prompt = "calm".into();
    assert_eq!(keys(&mut draft, "third"), ["[1] third-1"]);
}

#[test]
fn an_accepted_track_is_not_sent_again_unless_it_was_changed() {
    let mut draft = two_voices();
    assert_eq!(draft.due(), [1, 2]);
    order_one(&mut draft, 1, "first");
    draft.accept("first-1", DubId("dub-1".into()));
    assert_eq!(draft.due(), [2]);
    draft.resolution = Resolution::P480;
    assert_eq!(keys(&mut draft, "second"), ["[1, 2] second-1"]);
}

#[test]
fn a_sent_track_that_is_renamed_is_not_sent_again() {
    let mut draft = two_voices();
    order_one(&mut draft, 1, "first");
    draft.accept("first-1", DubId("dub-1".into()));
    draft.tracks[0].label = "Castellano".into();
    assert_eq!(draft.due(), [2]);
    draft.tracks[0].audio = "https://a.example/other.mp3".into();
    assert_eq!(draft.due(), [1, 2]);
}

#[test]
fn an_answer_finds_its_own_order_whatever_happened_to_the_draft_meanwhile() {
    let mut draft = two_voices();
    order_one(&mut draft, 1, "first");
    draft.prompt = "calm".into();
    order_one(&mut draft, 1, "second");
    draft.accept("first-1", DubId("late".into()));
    assert_eq!(draft.tracks[0].dub(), None);
    draft.accept("second-1", DubId("new".into()));
    draft.try_instead(&DubId("new".into()), DubId("newer".into()));
    assert_eq!(draft.tracks[0].dub(), Some(&DubId("newer".into())));
    assert_eq!(draft.tracks[1].dub(), None);
}

#[test]
fn two_tabs_that_send_what_one_press_waited_for_send_it_under_the_same_keys() {
    let mut draft = Draft { press: press(1_000, "key"), ..two_voices() };
    let mut other = draft.clone();
    let sent = draft.press.clone();
    assert_eq!(keys(&mut draft, &sent), ["[1, 2] 1000-key-1"]);
    assert_eq!(keys(&mut other, &sent), ["[1, 2] 1000-key-1"]);
    assert!(draft.press.is_empty());
}

#[test]
fn a_press_of_long_ago_or_of_tomorrow_sends_nothing() {
    let press = press(1_000, "key");
    assert_eq!([1_000, 3_600_999, 3_601_000, 999].map(|now_ms| is_fresh(&press, now_ms)), [true, true, false, false]);
    assert!(!is_fresh("", 0));
}

#[test]
fn several_voices_are_one_request() {
    let mut draft = Draft { prompt: "calm".into(), ..two_voices() };
    let orders = draft.orders("first", true);
    let expected = r#"{"video":{"url":"https://a.example/v.mp4"},"prompt":"calm","resolution":"720p","tracks":[{"audio":{"url":"https://a.example/es.mp3"},"label":"Español"},{"audio":{"url":"https://a.example/de.mp3"},"label":"Deutsch"}]}"#;
    assert_eq!((orders.len(), orders[0].body.as_str()), (1, expected));
    draft.accept(&orders[0].part(1), DubId("de".into()));
    draft.accept(&orders[0].part(0), DubId("es".into()));
    assert_eq!(draft.tracks[0].dub(), Some(&DubId("es".into())));
    assert_eq!(draft.tracks[1].dub(), Some(&DubId("de".into())));
    assert_eq!(draft.orders("second", true), []);
}

#[test]
fn a_batch_without_an_answer_is_repeated_as_it_was_and_a_new_voice_goes_beside_it() {
    let mut draft = two_voices();
    let first = draft.orders("first", true);
    assert_eq!(draft.orders("second", true), first);
    draft.add_track("Français", "https://a.example/fr.mp3".into());
    let orders = draft.orders("third", true);
    assert_eq!(orders[0], first[0]);
    assert_eq!((orders[1].key.as_str(), orders[1].tracks.as_slice()), ("third-3", &[3][..]));
}

#[test]
fn a_changed_batch_without_an_answer_keeps_its_key_so_that_only_one_of_both_is_made() {
    let mut draft = two_voices();
    draft.orders("first", true);
    draft.tracks[1].audio = "https://a.example/other.mp3".into();
    let orders = draft.orders("second", true);
    assert_eq!((orders.len(), orders[0].key.as_str(), orders[0].tracks.as_slice()), (1, "first-1", &[1, 2][..]));
    draft.tracks.remove(1);
    assert_eq!(keys(&mut draft, "third"), ["[1] first-1"]);
    // The server says that the first has arrived.
    let order = draft.orders("fourth", true).remove(0);
    draft.give_up(&order);
    assert_eq!(keys(&mut draft, "fifth"), ["[1] fifth-1"]);
}

#[test]
fn another_name_makes_no_second_order_of_one_without_an_answer() {
    let mut draft = two_voices();
    let first = draft.orders("first", true);
    draft.tracks[0].label = "Castellano".into();
    assert_eq!(draft.orders("second", true), first);
    draft.accept(&first[0].part(0), DubId("es".into()));
    assert_eq!(draft.due(), [2]);
}

#[test]
fn an_order_without_an_answer_never_grows_beyond_what_a_batch_takes() {
    let mut draft = two_voices();
    for _ in 0..98 {
        draft.add_track("x", "https://a.example/x.mp3".into());
    }
    draft.orders("first", true);
    draft.tracks[1].audio = "https://a.example/other.mp3".into();
    draft.add_track("x", "https://a.example/x.mp3".into());
    let counts: Vec<_> = draft.orders("second", true).iter().map(|order| order.tracks.len()).collect();
    assert_eq!(counts, [100, 1]);
}

#[test]
fn more_voices_than_a_batch_takes_are_several_batches() {
    let mut draft = two_voices();
    for _ in 0..99 {
        draft.add_track("x", "https://a.example/x.mp3".into());
    }
    let counts: Vec<_> = draft.orders("key", true).iter().map(|order| order.tracks.len()).collect();
    assert_eq!(counts, [100, 1]);
}

#[test]
fn the_track_of_a_deleted_dub_is_due_again() {
    let mut draft = two_voices();
    order_one(&mut draft, 1, "first");
    draft.accept("first-1", DubId("dub-1".into()));
    draft.forget(&DubId("dub-1".into()));
    assert_eq!(draft.due(), [1, 2]);
}

#[test]
fn where_the_server_takes_no_batches_each_voice_goes_alone() {
    let orders = two_voices().orders("press", false);
    let sent: Vec<_> = orders.iter().map(|order| (order.key.as_str(), order.tracks.len())).collect();
    assert_eq!(sent, [("press-1", 1), ("press-2", 1)]);
    assert!(orders.iter().all(|order| !order.body.contains("tracks")));
}
