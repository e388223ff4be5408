use contract::{MediaPolicy, ParsedUrl};

use super::*;
use crate::model::source::{OwnFile, REFUSED};

fn parse(text: &str) -> Option<ParsedUrl> {
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.split('/').next()?.to_owned();
    Some(ParsedUrl { scheme: scheme.to_owned(), host, has_credentials: false, has_fragment: rest.contains('#') })
}

fn complaints(draft: &Draft) -> Vec<Place> {
    draft.complaints(MediaPolicy::PublicOnly, parse).into_iter().map(|complaint| complaint.place).collect()
}

fn two_voices() -> Draft {
    let mut draft = Draft { video: "https://a.example/v.mp4".into(), ..Draft::default() };
    draft.add_track("Español", "https://a.example/es.mp3".into());
    draft.add_track("Deutsch", "https://a.example/de.mp3".into());
    draft
}

fn keys(draft: &mut Draft, key: &str) -> Vec<String> {
    let orders = draft.orders(key);
    orders.into_iter().map(|order| format!("{:?} {}", order.tracks, order.key)).collect()
}

/// Sends one track alone.
fn order_one(draft: &mut Draft, id: TrackId, key: &str) {
    let others: Vec<Track> = draft.tracks.extract_if(.., |track| track.id != id).collect();
    draft.orders(key);
    draft.tracks.extend(others);
    draft.tracks.sort_by_key(|track| track.id);
}

#[test]
fn a_chosen_file_takes_the_place_of_a_link_that_still_stood_in_the_box() {
    let file = OwnFile { name: "phone.mp4".into(), bytes: 1, ..Default::default() };
    let mut draft = Draft { video_box: "https://a.example/v.mp4".into(), ..Draft::default() };
    draft.put(Place::Video, Source::File(file));
    assert_eq!((draft.video.name(), draft.video_box.as_str()), ("phone.mp4", ""));
}

#[test]
fn an_empty_draft_lacks_a_video_and_a_voice() {
    assert_eq!(complaints(&Draft::default()), [Place::Video, Place::Voice]);
    assert_eq!(complaints(&two_voices()), []);
}

#[test]
fn every_bad_field_is_told_at_once_and_each_only_once() {
    let mut draft = two_voices();
    draft.video = "http://a.example/v.mp4".into();
    draft.tracks[1].audio = "https://10.0.0.1/de.mp3".into();
    draft.is_masked = true;
    draft.is_seed_fixed = true;
    draft.seed = "1.5".into();
    draft.prompt = "x".repeat(5_001);
    let expected = [Place::Mask, Place::Video, Place::Prompt, Place::Seed, Place::Track(2)];
    assert_eq!(complaints(&draft), expected);
}

#[test]
fn a_fixed_seed_must_be_a_number_of_the_models_range() {
    for (seed, is_taken) in [("1", true), ("2147483647", true), ("0", false), ("-1", false), ("", false), ("x", false)]
    {
        let draft = Draft { is_seed_fixed: true, seed: seed.into(), ..two_voices() };
        assert_eq!(complaints(&draft).is_empty(), is_taken, "{seed}");
    }
}

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
fn the_id_of_a_removed_track_is_not_given_again() {
    let mut draft = two_voices();
    draft.tracks.clear();
    assert_eq!(draft.add_track("Italiano", "https://a.example/it.mp3".into()), 3);
    let next = two_voices().numbered_after(draft.last_id);
    assert_eq!(next.tracks.iter().map(|track| track.id).collect::<Vec<_>>(), [4, 5]);
    assert_eq!((next.last_id, next.selected().map(|track| track.id)), (5, Some(4)));
}

#[test]
fn ids_of_removed_tracks_do_not_select_another() {
    let mut draft = two_voices();
    draft.selected = 2;
    draft.tracks.remove(0);
    assert_eq!(draft.selected().map(|track| track.id), Some(2));
    draft.tracks.clear();
    assert_eq!(draft.selected(), None);
}

fn file(name: &str) -> Source {
    Source::File(OwnFile { name: name.into(), bytes: 7, modified_ms: 9, upload: String::new() })
}

#[test]
fn a_file_is_sent_as_its_upload_and_a_masks_file_goes_before_its_link() {
    let mut draft = Draft { is_masked: true, mask: "https://a.example/m.png".into(), ..two_voices() };
    draft.mask_file = file("mask.png");
    draft.tracks[1].audio = file("de.wav");
    for (_, key) in draft.needed() {
        draft.note_upload(&key, &["up-", &key].concat());
    }
    let sent = draft.request(&draft.tracks[1]);
    assert_eq!(sent.audio, Some(Media::UploadId("up-7-9-de.wav".into())));
    assert_eq!(sent.mask_image, Some(Media::UploadId("up-7-9-mask.png".into())));
    draft.mask_file = Source::None;
    assert_eq!(draft.request(&draft.tracks[0]).mask_image, Some(Media::Url("https://a.example/m.png".into())));
}

#[test]
fn only_files_of_tracks_that_are_due_are_waited_for() {
    let mut draft = Draft { video: file("v.mp4"), mask_file: file("mask.png"), ..two_voices() };
    draft.tracks[0].audio = file("es.wav");
    let places = |draft: &Draft| draft.needed().into_iter().map(|(place, _)| place).collect::<Vec<_>>();
    assert_eq!(places(&draft), [Place::Video, Place::Track(1)]);
    order_one(&mut draft, 1, "first");
    draft.accept("first-1", DubId("dub-1".into()));
    assert_eq!(places(&draft), [Place::Video]);
    order_one(&mut draft, 2, "second");
    draft.accept("second-2", DubId("dub-2".into()));
    assert_eq!(places(&draft), []);
}

#[test]
fn a_file_that_is_sent_anew_makes_no_accepted_track_due_again() {
    let mut draft = Draft { video: file("clip.mp4"), ..Draft::default() };
    let first = draft.add_track("Español", "https://a.example/es.mp3".into());
    let key = draft.video.key();
    draft.note_upload(&key, "up-1");
    for order in draft.orders("press") {
        draft.accept(&order.key, DubId("dub-1".into()));
    }
    let second = draft.add_track("Deutsch", "https://a.example/de.mp3".into());
    draft.note_upload(&key, "up-2");
    assert_eq!(draft.due(), [second]);
    assert!(draft.track(first).is_some_and(|track| !draft.is_due(track)));
    draft.video = file("other.mp4");
    assert_eq!(draft.due(), [first, second]);
}

#[test]
fn a_voice_that_the_server_refused_is_no_dub_and_holds_up_no_other() {
    let mut draft = two_voices();
    let file = OwnFile { name: "paper.mp3".into(), bytes: 8, modified_ms: 9, ..Default::default() };
    draft.tracks[1].audio = Source::File(file.clone());
    draft.note_upload(&file.key(), REFUSED);
    assert_eq!((draft.voices(), draft.due().len(), keys(&mut draft, "k").len()), (1, 1, 1));
    assert_eq!((complaints(&draft), draft.needed()), (vec![], vec![]));
    draft.tracks.remove(0);
    assert_eq!((draft.voices(), complaints(&draft)), (0, vec![Place::Voice]));
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
fn only_a_draft_that_was_not_sent_as_it_is_would_be_missed() {
    assert!(!Draft::default().is_worth_keeping());
    let mut draft = two_voices();
    assert!(draft.is_worth_keeping());
    let order = draft.orders("press").remove(0);
    for nth in 0..2 {
        draft.accept(&order.part(nth), DubId(order.part(nth)));
    }
    assert!(!draft.is_worth_keeping());
    draft.prompt = "calm".into();
    assert!(draft.is_worth_keeping());
}

#[test]
fn several_voices_are_one_request() {
    let mut draft = Draft { prompt: "calm".into(), ..two_voices() };
    let orders = draft.orders("first");
    let expected = r#"{"video":{"url":"https://a.example/v.mp4"},"prompt":"calm","resolution":"720p","tracks":[{"audio":{"url":"https://a.example/es.mp3"},"label":"Español"},{"audio":{"url":"https://a.example/de.mp3"},"label":"Deutsch"}]}"#;
    assert_eq!((orders.len(), orders[0].body.as_str()), (1, expected));
    draft.accept(&orders[0].part(1), DubId("de".into()));
    draft.accept(&orders[0].part(0), DubId("es".into()));
    assert_eq!(draft.tracks[0].dub(), Some(&DubId("es".into())));
    assert_eq!(draft.tracks[1].dub(), Some(&DubId("de".into())));
    assert_eq!(draft.orders("second"), []);
}

#[test]
fn a_batch_without_an_answer_is_repeated_as_it_was_and_a_new_voice_goes_beside_it() {
    let mut draft = two_voices();
    let first = draft.orders("first");
    assert_eq!(draft.orders("second"), first);
    draft.add_track("Français", "https://a.example/fr.mp3".into());
    let orders = draft.orders("third");
    assert_eq!(orders[0], first[0]);
    assert_eq!((orders[1].key.as_str(), orders[1].tracks.as_slice()), ("third-3", &[3][..]));
}

#[test]
fn a_changed_batch_without_an_answer_keeps_its_key_so_that_only_one_of_both_is_made() {
    let mut draft = two_voices();
    draft.orders("first");
    draft.tracks[1].audio = "https://a.example/other.mp3".into();
    let orders = draft.orders("second");
    assert_eq!((orders.len(), orders[0].key.as_str(), orders[0].tracks.as_slice()), (1, "first-1", &[1, 2][..]));
    draft.tracks.remove(1);
    assert_eq!(keys(&mut draft, "third"), ["[1] first-1"]);
    // The server says that the first has arrived.
    let order = draft.orders("fourth").remove(0);
    draft.give_up(&order);
    assert_eq!(keys(&mut draft, "fifth"), ["[1] fifth-1"]);
}

#[test]
fn another_name_makes_no_second_order_of_one_without_an_answer() {
    let mut draft = two_voices();
    let first = draft.orders("first");
    draft.tracks[0].label = "Castellano".into();
    assert_eq!(draft.orders("second"), first);
    draft.accept(&first[0].part(0), DubId("es".into()));
    assert_eq!(draft.due(), [2]);
}

#[test]
fn an_order_without_an_answer_never_grows_beyond_what_a_batch_takes() {
    let mut draft = two_voices();
    for _ in 0..98 {
        draft.add_track("x", "https://a.example/x.mp3".into());
    }
    draft.orders("first");
    draft.tracks[1].audio = "https://a.example/other.mp3".into();
    draft.add_track("x", "https://a.example/x.mp3".into());
    let counts: Vec<_> = draft.orders("second").iter().map(|order| order.tracks.len()).collect();
    assert_eq!(counts, [100, 1]);
}

#[test]
fn more_voices_than_a_batch_takes_are_several_batches() {
    let mut draft = two_voices();
    for _ in 0..99 {
        draft.add_track("x", "https://a.example/x.mp3".into());
    }
    let counts: Vec<_> = draft.orders("key").iter().map(|order| order.tracks.len()).collect();
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
