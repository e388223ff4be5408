//! What a visitor may ask for, and what makes it valid.
//!
//! [`NewDub`] is the request as it is sent: loose, so that every field's error can be told at once. [`NewDub::validate`]
//! makes a [`ValidDub`] of it; the page runs it before sending, the server before believing.

use serde::{Deserialize, Serialize};

use crate::{
    FieldCode, FieldError, MediaPolicy, ParsedUrl,
    limits::{LABEL_MAX_CHARS, PROMPT_MAX_CHARS, SEED},
    media_url,
};

/// A file: a link that the provider can fetch, or one uploaded to us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// A public HTTPS link.
    Url(String),
    /// The id of an upload of the same visitor's.
    UploadId(String),
}

/// How large the dub's picture is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolution {
    /// About 480 lines.
    #[serde(rename = "480p")]
    P480,
    /// About 720 lines: the model's default.
    #[default]
    #[serde(rename = "720p")]
    P720,
}

impl Resolution {
    /// Every resolution the model takes.
    pub const ALL: [Self; 2] = [Self::P480, Self::P720];

    /// The resolution as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P480 => "480p",
            Self::P720 => "720p",
        }
    }

    /// The resolution of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.as_str() == name)
    }
}

/// The fields of a request for a dub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The picture.
    Video,
    /// The new voice.
    Audio,
    /// What the owner calls it.
    Label,
    /// The positive prompt.
    Prompt,
    /// The resolution.
    Resolution,
    /// The mask.
    MaskImage,
    /// The seed.
    Seed,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 7] =
        [Self::Video, Self::Audio, Self::Label, Self::Prompt, Self::Resolution, Self::MaskImage, Self::Seed];

    /// The field's name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Label => "label",
            Self::Prompt => "prompt",
            Self::Resolution => "resolution",
            Self::MaskImage => "mask_image",
            Self::Seed => "seed",
        }
    }

    /// The field of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// An error of this field.
    pub fn error(self, code: FieldCode, detail: impl Into<String>) -> FieldError {
        FieldError { field: self.as_str().into(), code, detail: detail.into() }
    }
}

/// A request for one dub, not yet checked (`POST /api/dubs`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDub {
    /// The picture; must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<Media>,
    /// The new voice; must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<Media>,
    /// What the owner calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The positive prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// `480p` or `720p`, which is the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// White where the person to animate is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_image: Option<Media>,
    /// 1 to 2147483647; absent or -1 for a random one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
}

/// A request that was found in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidDub {
    /// The picture.
    pub video: Media,
    /// The new voice.
    pub audio: Media,
    /// What the owner calls it; never empty.
    pub label: Option<String>,
    /// The positive prompt, byte for byte as given; never empty.
    pub prompt: Option<String>,
    /// The resolution.
    pub resolution: Resolution,
    /// The mask.
    pub mask_image: Option<Media>,
    /// The wanted seed; `None` lets the server draw one.
    pub seed: Option<u32>,
}

impl NewDub {
    /// Checks every field; links are parsed with `parse` and held to `policy`. Whether an upload exists is the server's to
    /// find out.
    ///
    /// # Errors
    /// Every refused field, in the order of [`Field::ALL`].
    pub fn validate(
        &self,
        policy: MediaPolicy,
        parse: impl Fn(&str) -> Option<ParsedUrl>,
    ) -> Result<ValidDub, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut refuse = |error: Option<FieldError>| errors.extend(error);
        let media = |field: Field, media: Option<&Media>| match media {
            Some(Media::Url(url)) => {
                media_url::check(url, policy, &parse).err().map(|refusal| field.error(refusal.code, refusal.detail))
            }
            _ => None,
        };
        refuse(self.video.is_none().then(|| Field::Video.error(FieldCode::Required, "A video is needed.")));
        refuse(media(Field::Video, self.video.as_ref()));
        refuse(self.audio.is_none().then(|| Field::Audio.error(FieldCode::Required, "A voice is needed.")));
        refuse(media(Field::Audio, self.audio.as_ref()));
        refuse(check_text(Field::Label, self.label.as_deref(), LABEL_MAX_CHARS));
        refuse(check_text(Field::Prompt, self.prompt.as_deref(), PROMPT_MAX_CHARS));
        let resolution = match self.resolution.as_deref() {
            None => Some(Resolution::default()),
            Some(name) => Resolution::from_name(name),
        };
        refuse(resolution.is_none().then(|| Field::Resolution.error(FieldCode::NotAllowed, "Choose 480p or 720p.")));
        refuse(media(Field::MaskImage, self.mask_image.as_ref()));
        let seed = match self.seed {
            None | Some(-1) => Ok(None),
            Some(seed) if SEED.contains(&seed) => u32::try_from(seed).map(Some).map_err(|_| ()),
            Some(_) => Err(()),
        };
        refuse(seed.err().map(|()| {
            Field::Seed.error(FieldCode::OutOfRange, "Choose a whole number from 1 to 2147483647, or leave it random.")
        }));
        match (self.video.clone(), self.audio.clone(), resolution, seed) {
            (Some(video), Some(audio), Some(resolution), Ok(seed)) if errors.is_empty() => Ok(ValidDub {
                video,
                audio,
                label: self.label.clone().filter(|label| !label.is_empty()),
                prompt: self.prompt.clone().filter(|prompt| !prompt.is_empty()),
                resolution,
                mask_image: self.mask_image.clone(),
                seed,
            }),
            _ => Err(errors),
        }
    }
}

fn check_text(field: Field, text: Option<&str>, max_chars: usize) -> Option<FieldError> {
    let text = text?;
    if text.contains('\0') {
        return Some(field.error(FieldCode::BadCharacter, "This text has a character that cannot be sent."));
    }
    let chars = text.chars().count();
    (chars > max_chars)
        .then(|| field.error(FieldCode::TooLong, format!("{chars} characters are too many; {max_chars} fit.")))
}

/// What `POST /api/dubs/{id}/resubmit` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resubmit {
    /// Must be true: the first create may be billed as well.
    pub accept_second_charge: bool,
}

#[cfg(test)]
mod tests;
