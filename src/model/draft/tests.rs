//! What a draft is, and what is wrong with it.

mod orders;

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
    let orders = draft.orders(key, true);
    orders.into_iter().map(|order| format!("{:?} {}", order.tracks, order.key)).collect()
}

/// Sends one track alone.
fn order_one(draft: &mut Draft, id: TrackId, key: &str) {
    let others: Vec<Track> = draft.tracks.extract_if(.., |track| track.id != id).collect();
    draft.orders(key, true);
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
    for order in draft.orders("press", true) {
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
fn only_a_draft_that_was_not_sent_as_it_is_would_be_missed() {
    assert!(!Draft::default().is_worth_keeping());
    let mut draft = two_voices();
    assert!(draft.is_worth_keeping());
    let order = draft.orders("press", true).remove(0);
    for nth in 0..2 {
        draft.accept(&order.part(nth), DubId(order.part(nth)));
    }
    assert!(!draft.is_worth_keeping());
    draft.prompt = "calm".into();
    assert!(draft.is_worth_keeping());
}
