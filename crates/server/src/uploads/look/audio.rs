//! Voices: symphonia reads the file and decodes its first packets.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

use symphonia::core::{
    codecs::{CodecParameters, audio::AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

use super::{LookError, Refusal};

/// How much of a file is read at most: its index, its tags with a cover picture, and its first packets.
const MAX_READ: u64 = 16 << 20;
/// How many packets may pass before one makes a sound.
const MAX_PACKETS: u32 = 64;

/// Looks whether there is something to hear in the file.
pub(super) fn look(file: File, size: u64, extension: &str) -> Result<(), LookError> {
    let source =
        MediaSourceStream::new(Box::new(Bounded { file, size, left: MAX_READ }), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(extension);
    let options = (FormatOptions::default(), MetadataOptions::default());
    let mut format = symphonia::default::get_probe().probe(&hint, source, options.0, options.1).map_err(refusal)?;
    is_heard(format.as_mut())
}

fn is_heard(format: &mut dyn FormatReader) -> Result<(), LookError> {
    let silent = || Refusal::unusable("There is no sound in this file.");
    let track = format.default_track(TrackType::Audio).ok_or_else(silent)?;
    if track.duration.is_some_and(|duration| duration.get() == 0) {
        return Err(silent().into());
    }
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

/// A file of which no more than so much can be read.
struct Bounded {
    file: File,
    size: u64,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too much had to be read"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.file.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl MediaSource for Bounded {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.size)
    }
}
