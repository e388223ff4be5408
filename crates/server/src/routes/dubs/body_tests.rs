use serde_json::json;

use super::*;

/// Takes every link for one on `example.com`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a parser")]
fn parse_url(_: &str) -> Option<ParsedUrl> {
    let host = "example.com".into();
    Some(ParsedUrl { scheme: "https".into(), host, has_credentials: false, has_fragment: false })
}

fn check(change: &Value) -> Result<ValidDub, ApiError> {
    let mut body =
        json!({ "video": { "url": "https://example.com/a.mp4" }, "audio": { "url": "https://example.com/a.mp3" } });
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    wish(body)?.validate(MediaPolicy::PublicOnly, parse_url)
}

fn errors(change: &Value) -> Vec<(String, FieldCode)> {
    match check(change) {
        Err(ApiError::Invalid(errors)) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
        other => panic!("{change}: {other:?}"),
    }
}

#[test]
fn null_is_as_good_as_absent() {
    assert!(
        check(&json!({ "label": null, "prompt": null, "resolution": null, "mask_image": null, "seed": null })).is_ok()
    );
    assert_eq!(errors(&json!({ "video": null })), [("video".into(), FieldCode::Required)]);
}

#[test]
fn wrong_types_and_wrong_values_are_told_together_in_the_fields_order() {
    let change = json!({ "video": 7, "audio": {}, "label": [], "prompt": "a\u{0}", "resolution": 720,
                         "mask_image": { "upload_id": 7 }, "seed": 1.5 });
    let expected = [
        ("video", FieldCode::WrongType),
        ("audio", FieldCode::WrongType),
        ("label", FieldCode::WrongType),
        ("prompt", FieldCode::BadCharacter),
        ("resolution", FieldCode::WrongType),
        ("mask_image", FieldCode::WrongType),
        ("seed", FieldCode::WrongType),
    ];
    assert_eq!(errors(&change), expected.map(|(field, code)| (field.to_owned(), code)));
}

#[test]
fn a_seed_is_a_whole_number() {
    for (seed, code) in [
        (json!(1.5), FieldCode::WrongType),
        (json!("x"), FieldCode::WrongType),
        (json!("7"), FieldCode::WrongType),
        (json!(true), FieldCode::WrongType),
        (json!(0), FieldCode::OutOfRange),
        (json!(2_147_483_648_u64), FieldCode::OutOfRange),
        (json!(u64::MAX), FieldCode::OutOfRange),
    ] {
        assert_eq!(errors(&json!({ "seed": seed })), [("seed".into(), code)], "{seed}");
    }
    assert_eq!(check(&json!({ "seed": -1 })).unwrap().seed, None);
    assert_eq!(check(&json!({ "seed": 7 })).unwrap().seed, Some(7));
}

#[test]
fn unknown_fields_are_named_wherever_they_stand() {
    let name = |change: Value| match check(&change) {
        Err(ApiError::UnknownField(name)) => name,
        other => panic!("{change}: {other:?}"),
    };
    assert_eq!(name(json!({ "model": "other" })), "model");
    assert_eq!(name(json!({ "webhook_url": "https://example.com" })), "webhook_url");
    assert_eq!(name(json!({ "video": { "url": "https://example.com/a.mp4", "headers": {} } })), "video.headers");
}

#[test]
fn media_has_one_source() {
    let both = json!({ "video": { "url": "https://example.com/a.mp4", "upload_id": "u" } });
    assert_eq!(errors(&both), [("video".into(), FieldCode::WrongType)]);
    assert_eq!(errors(&json!({ "audio": "https://example.com/a.mp3" })), [("audio".into(), FieldCode::WrongType)]);
}

#[test]
fn a_second_charge_is_accepted_in_so_many_words() {
    assert!(resubmit(json!({ "accept_second_charge": true })).unwrap().accept_second_charge);
    assert!(matches!(resubmit(json!({})), Err(ApiError::Invalid(_))));
    assert!(matches!(resubmit(json!({ "accept_second_charge": "yes" })), Err(ApiError::Invalid(_))));
    assert!(matches!(resubmit(json!({ "accept_second_charge": true, "twice": 1 })), Err(ApiError::UnknownField(_))));
    assert!(matches!(resubmit(json!([])), Err(ApiError::MalformedJson(_))));
}

#[test]
fn what_others_find_wrong_is_told_in_its_place() {
    let mut wish = wish(json!({ "video": { "upload_id": "v" }, "audio": { "upload_id": "a" }, "seed": 0 })).unwrap();
    let named: Vec<_> = wish.uploads().into_iter().map(|(field, id)| (field, id.0)).collect();
    assert_eq!(named, [(Field::Video, "v".to_owned()), (Field::Audio, "a".to_owned())]);
    wish.refuse(vec![Field::Audio.error(FieldCode::WrongKind, ""), Field::Video.error(FieldCode::NoSuchUpload, "")]);
    let Err(ApiError::Invalid(errors)) = wish.validate(MediaPolicy::PublicOnly, parse_url) else { panic!("refused") };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["video", "audio", "seed"]);
}
