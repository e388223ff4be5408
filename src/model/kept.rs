//! The draft as a text that the browser can keep, and back.
//!
//! Fields in a fixed order, with a separator that nobody types. JSON would do as well and weigh 7 kB more in the wasm.

use contract::{DubId, Resolution};

use super::draft::{Attempt, Draft, Track};

/// Changes whenever the order of the fields does; a draft of another version is not read.
const VERSION: &str = "2";
const SEPARATOR: char = '\u{1f}';

/// Writes a draft down.
pub fn to_text(draft: &Draft) -> String {
    let (selected, last_id) = (draft.selected.to_string(), draft.last_id.to_string());
    let flag = |is_set: bool| if is_set { "1" } else { "" };
    let mut fields = vec![VERSION, &draft.video, &draft.video_box, &draft.voice_box, draft.resolution.as_str()];
    fields.extend([
        flag(draft.is_masked),
        &draft.mask,
        &draft.prompt,
        flag(draft.is_seed_fixed),
        &draft.seed,
        &selected,
        &last_id,
    ]);
    let ids: Vec<String> = draft.tracks.iter().map(|track| track.id.to_string()).collect();
    for (track, id) in draft.tracks.iter().zip(&ids) {
        let attempt = track.attempt.as_ref();
        let (key, body, sent_as) =
            attempt.map_or(("", "", ""), |attempt| (&attempt.key, &attempt.body, &attempt.label));
        let dub = track.dub().map_or("", |dub| dub.0.as_str());
        fields.extend([id, &track.label, &track.audio, key, body, sent_as, dub]);
    }
    let mut text = String::new();
    for field in fields {
        text.extend(field.chars().filter(|c| *c != SEPARATOR));
        text.push(SEPARATOR);
    }
    text
}

/// Reads what [`to_text`] wrote; anything else is no draft.
pub fn from_text(text: &str) -> Option<Draft> {
    let mut fields = text.split_terminator(SEPARATOR).map(str::to_owned);
    fields.next().filter(|version| version == VERSION)?;
    let mut draft = Draft {
        video: fields.next()?,
        video_box: fields.next()?,
        voice_box: fields.next()?,
        resolution: Resolution::from_name(&fields.next()?)?,
        is_masked: !fields.next()?.is_empty(),
        mask: fields.next()?,
        prompt: fields.next()?,
        is_seed_fixed: !fields.next()?.is_empty(),
        seed: fields.next()?,
        selected: fields.next()?.parse().ok()?,
        last_id: fields.next()?.parse().ok()?,
        tracks: Vec::new(),
    };
    while let Some(id) = fields.next() {
        let (id, label, audio) = (id.parse().ok()?, fields.next()?, fields.next()?);
        let (key, body, sent_as, dub) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
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
            prompt: "two\nlines, \"quoted\", 😀 مرحبا".into(),
            selected: 2,
            ..Draft::default()
        };
        draft.add_track("Español", "https://a.example/es.mp3");
        draft.add_track("", "https://a.example/de.mp3");
        draft.orders(|| "key".into());
        draft.accept("key", DubId("dub-1".into()));
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
        for broken in ["", "{}", without_its_end, &text.replacen(VERSION, "0", 1)] {
            assert_eq!(from_text(broken), None, "{broken:?}");
        }
    }
}
