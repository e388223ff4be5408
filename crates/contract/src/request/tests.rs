use super::*;

/// Good enough for these tables; the real parsers are tested where they are used.
fn parse(text: &str) -> Option<ParsedUrl> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    Some(ParsedUrl {
        scheme: scheme.into(),
        host: host.into(),
        has_credentials: host.contains('@'),
        has_fragment: rest.contains('#'),
    })
}

fn good() -> NewDub {
    NewDub {
        video: Some(Media::Url("https://example.com/a.mp4".into())),
        audio: Some(Media::Url("https://example.com/a.mp3".into())),
        ..NewDub::default()
    }
}

fn errors(dub: &NewDub) -> Vec<(String, FieldCode)> {
    let refused = dub.validate(MediaPolicy::PublicOnly, parse).err().unwrap_or_default();
    refused.into_iter().map(|error| (error.field, error.code)).collect()
}

#[test]
fn a_link_to_each_is_enough() {
    let valid = good().validate(MediaPolicy::PublicOnly, parse).unwrap();
    assert_eq!(valid.resolution, Resolution::P720);
    assert_eq!((valid.seed, valid.prompt), (None, None));
}

#[test]
fn every_fields_error_is_told_at_once() {
    let bad = NewDub {
        video: None,
        audio: Some(Media::Url("http://example.com/a.mp3".into())),
        label: Some("x".repeat(81)),
        prompt: Some("a\0b".into()),
        resolution: Some("1080p".into()),
        mask_image: Some(Media::Url("https://10.0.0.1/a.png".into())),
        seed: Some(0),
    };
    let expected = [
        ("video", FieldCode::Required),
        ("audio", FieldCode::NotPublic),
        ("label", FieldCode::TooLong),
        ("prompt", FieldCode::BadCharacter),
        ("resolution", FieldCode::NotAllowed),
        ("mask_image", FieldCode::NotPublic),
        ("seed", FieldCode::OutOfRange),
    ];
    assert_eq!(errors(&bad), expected.map(|(field, code)| (field.to_owned(), code)));
}

#[test]
fn seeds_outside_the_models_range_are_refused_and_minus_one_is_random() {
    for seed in [0, -2, 2_147_483_648, i64::MIN] {
        let dub = NewDub { seed: Some(seed), ..good() };
        assert_eq!(errors(&dub), [("seed".to_owned(), FieldCode::OutOfRange)], "{seed}");
    }
    for (seed, expected) in
        [(Some(-1), None), (None, None), (Some(1), Some(1)), (Some(2_147_483_647), Some(2_147_483_647))]
    {
        assert_eq!(NewDub { seed, ..good() }.validate(MediaPolicy::PublicOnly, parse).unwrap().seed, expected);
    }
}

#[test]
fn a_prompt_is_counted_in_characters_and_kept_byte_for_byte() {
    let prompt = "😀 مرحبا ".repeat(600);
    let dub = NewDub { prompt: Some(prompt.clone()), ..good() };
    assert_eq!(dub.validate(MediaPolicy::PublicOnly, parse).unwrap().prompt, Some(prompt));
    assert!(errors(&NewDub { prompt: Some("é".repeat(5_000)), ..good() }).is_empty());
    assert_eq!(errors(&NewDub { prompt: Some("é".repeat(5_001)), ..good() })[0].1, FieldCode::TooLong);
}

#[test]
fn loopback_links_are_for_the_sandbox_only() {
    let local = NewDub { video: Some(Media::Url("http://127.0.0.1/a.mp4".into())), ..good() };
    assert_eq!(errors(&local), [("video".to_owned(), FieldCode::NotPublic)]);
    assert!(local.validate(MediaPolicy::PublicOrLoopback, parse).is_ok());
    let private = NewDub { video: Some(Media::Url("http://192.168.0.1/a.mp4".into())), ..good() };
    assert!(private.validate(MediaPolicy::PublicOrLoopback, parse).is_err());
}

#[test]
fn media_is_an_object_with_one_key() {
    let json = serde_json::to_string(&good()).unwrap();
    assert_eq!(json, r#"{"video":{"url":"https://example.com/a.mp4"},"audio":{"url":"https://example.com/a.mp3"}}"#);
}
