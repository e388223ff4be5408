//! Voices: symphonia reads the file and decodes its first packets.

use std::fs::File;

use symphonia::core::{
    codecs::{CodecParameters, audio::AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::{MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

use super::{LookError, Refusal, tagless::Tagless};

/// How many packets may pass before one makes a sound.
const MAX_PACKETS: u32 = 64;

/// Longer than this no voice is; a file may claim anything.
const MAX_MS: u64 = 24 * 60 * 60 * 1_000;

/// Looks whether there is something to hear in the file. Gives its length in milliseconds, where it says so.
pub(super) fn look(file: File, size: u64, extension: &str) -> Result<Option<u64>, LookError> {
    let source = MediaSourceStream::new(Box::new(Tagless::open(file, size)?), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(extension);
    let options = (FormatOptions::default(), MetadataOptions::default());
    let mut format = symphonia::default::get_probe().probe(&hint, source, options.0, options.1).map_err(refusal)?;
    is_heard(format.as_mut())?;
    Ok(duration_ms(format.as_ref()))
}

fn duration_ms(format: &dyn FormatReader) -> Option<u64> {
    let (track, media) = (format.default_track(TrackType::Audio)?, format.media_info());
    let of_track = track.time_base.zip(track.duration);
    let (base, duration) = of_track.or_else(|| media.time_base.zip(media.duration))?;
    let length = u64::try_from(base.calc_duration(duration)?.as_millis()).ok()?;
    (1..=MAX_MS).contains(&length).then_some(length)
}

fn is_heard(format: &mut dyn FormatReader) -> Result<(), LookError> {
    let silent = || Refusal::unusable("There is no sound in this file.");
    let track = format.default_track(TrackType::Audio).ok_or_else(silent)?;
    let id = track.id;
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else { return Err(Refusal::damaged().into()) };
    let decoder = symphonia::default::get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default());
    let mut decoder = match decoder {
        Ok(decoder) => Some(decoder),
        // Opus and some forms of AAC: the provider can play them, even though this library cannot.
        Err(Error::Unsupported(_)) => None,
        Err(error) => return Err(refusal(error)),
    };
    for _ in 0..MAX_PACKETS {
        let Some(packet) = format.next_packet().map_err(refusal)? else { break };
        if packet.track_id != id {
            continue;
        }
        match &mut decoder {
            None if !packet.data.is_empty() => return Ok(()),
            None => {}
            Some(decoder) => match decoder.decode(&packet) {
                Ok(sound) if sound.frames() > 0 => return Ok(()),
                Ok(_) | Err(Error::DecodeError(_)) => {}
                Err(error) => return Err(refusal(error)),
            },
        }
    }
    Err(silent().into())
}

fn refusal(error: Error) -> LookError {
    match error {
        Error::IoError(error) => error.into(),
        _ => Refusal::damaged().into(),
    }
}
