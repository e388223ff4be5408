//! The draft as a text that the browser can keep, and back.
//!
//! Fields in a fixed order, with a separator that nobody types. JSON would do as well and weigh 7 kB more in the wasm.

use contract::{DubId, Resolution};

use super::draft::{Attempt, Draft, Track};
use super::source::Source;

/// Changes whenever the order of the fields does: 2 has brought the last id and the label that was sent, 3 the mask's file,
/// 4 the press. Older drafts are still read.
const VERSION: u32 = 4;
const SEPARATOR: char = '\u{1f}';

/// Writes a draft down.
pub fn to_text(draft: &Draft) -> String {
    let (selected, last_id) = (draft.selected.to_string(), draft.last_id.to_string());
    let (version, video, mask_file) = (VERSION.to_string(), draft.video.to_text(), draft.mask_file.to_text());
    let flag = |is_set: bool| if is_set { "1" } else { "" };
    let mut fields = vec![&version, &video, &draft.video_box, &draft.voice_box, draft.resolution.as_str()];
    fields.extend([
        flag(draft.is_masked),
        &draft.mask,
        &draft.prompt,
        flag(draft.is_seed_fixed),
        &draft.seed,
        &selected,
        &last_id,
        &mask_file,
        &draft.press,
    ]);
    let tracks: Vec<_> =
        draft.tracks.iter().map(|track| (track, track.id.to_string(), track.audio.to_text())).collect();
    for (track, id, audio) in &tracks {
        let attempt = track.attempt.as_ref();
        let (key, body, sent_as) =
            attempt.map_or(("", "", ""), |attempt| (&attempt.key, &attempt.body, &attempt.label));
        let dub = track.dub().map_or("", |dub| dub.0.as_str());
        fields.extend([id, &track.label, audio, key, body, sent_as, dub]);
    }
    let mut text = String::new();
    for field in fields {
        text.extend(field.chars().filter(|c| *c != SEPARATOR));
        text.push(SEPARATOR);
    }
    text
}

/// Reads what [`to_text`] wrote; anything else is no draft.
#[inline(never)]
pub fn from_text(text: &str) -> Option<Draft> {
    let mut fields = text.split_terminator(SEPARATOR).map(str::to_owned);
    let version: u32 = fields.next()?.parse().ok().filter(|version| (1..=VERSION).contains(version))?;
    let mut draft = Draft {
        video: Source::of_text(fields.next()?)?,
        video_box: fields.next()?,
        voice_box: fields.next()?,
        resolution: Resolution::from_name(&fields.next()?)?,
        is_masked: !fields.next()?.is_empty(),
        mask: fields.next()?,
        prompt: fields.next()?,
        is_seed_fixed: !fields.next()?.is_empty(),
        seed: fields.next()?,
        selected: fields.next()?.parse().ok()?,
        last_id: if version >= 2 { fields.next()?.parse().ok()? } else { 0 },
        mask_file: if version >= 3 { Source::of_text(fields.next()?)? } else { Source::None },
        press: if version >= 4 { fields.next()? } else { String::new() },
        tracks: Vec::new(),
    };
    while let Some(id) = fields.next() {
        let (id, label, audio) = (id.parse().ok()?, fields.next()?, Source::of_text(fields.next()?)?);
        let (key, body) = (fields.next()?, fields.next()?);
        let sent_as = if version >= 2 { fields.next()? } else { label.clone() };
        let dub = fields.next()?;
        draft.last_id = draft.last_id.max(id);
        let dub = (!dub.is_empty()).then_some(DubId(dub));
        let attempt = (!key.is_empty()).then_some(Attempt { key, body, label: sent_as, dub });
        draft.tracks.push(Track { id, label, audio, attempt });
    }
    Some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Draft {
        let mut draft = Draft {
            video: "https://a.example/v.mp4?x=1".into(),
            voice_box: "half a li".into(),
            resolution: Resolution::P480,
            is_masked: true,
            mask_file: Source::of_text("file:8:9::mask.png".into()).unwrap(),
            prompt: "two\nlines, \"quoted\", 😀 مرحبا".into(),
            selected: 2,
            ..Draft::default()
        };
        draft.add_track("Español", "https://a.example/es.mp3".into());
        draft.add_track("", Source::of_text("file:7:9:up:de.wav".into()).unwrap());
        draft.orders("press", true);
        draft.accept("press-1.2.0", DubId("dub-1".into()));
        draft.press = "1700000000000-key".into();
        draft
    }

    #[test]
    fn a_draft_comes_back_as_it_was() {
        for draft in [Draft::default(), full()] {
            assert_eq!(from_text(&to_text(&draft)), Some(draft));
        }
    }

    #[test]
    fn a_text_that_is_no_draft_is_no_draft() {
        let text = to_text(&full());
        let (without_its_end, _) = text.trim_end_matches(SEPARATOR).rsplit_once(SEPARATOR).unwrap();
        for broken in ["", "{}", without_its_end, &text.replacen('4', "5", 1), &text.replacen('4', "0", 1)] {
            assert_eq!(from_text(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn a_draft_from_before_there_were_uploads_is_still_read() {
        let fields = ["1", "https://a.example/v.mp4", "", "", "720p", "1", "https://a.example/m.png", "", "", "", "1"];
        let track = ["1", "Español", "https://a.example/es.mp3", "key", "{}", "dub-1"];
        let text: String = fields.iter().chain(&track).flat_map(|field| [field, "\u{1f}"]).collect();
        let draft = from_text(&text).unwrap();
        assert_eq!((draft.video, draft.mask_file), ("https://a.example/v.mp4".into(), Source::None));
        assert_eq!((draft.tracks[0].audio.name(), draft.tracks[0].dub()), ("es.mp3", Some(&DubId("dub-1".into()))));
    }
}
