//! Samples out of files, by the browser's own decoders.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, Blob, OfflineAudioContext};

use crate::model::look::Sound;
use crate::model::peaks::Listener;

/// Enough for what is to be heard in speech, a third of what files mostly have.
const SAMPLES_PER_SECOND: u16 = 16_000;
/// How many samples are taken out at once.
const PIECE: usize = 1 << 14;

/// What is to be heard in a file, and how long it is; nothing if the browser cannot decode it. All of it is decoded at
/// once: how much that may be is the caller's to say.
pub async fn listen(blob: &Blob) -> Option<(i64, Sound)> {
    let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
    let context =
        OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, SAMPLES_PER_SECOND.into())
            .ok()?;
    let decoded = JsFuture::from(context.decode_audio_data(bytes.unchecked_ref()).ok()?).await.ok()?;
    let buffer: AudioBuffer = decoded.dyn_into().ok()?;
    let duration_ms = super::clock::whole((buffer.duration() * 1_000.0).round());
    Some((duration_ms, loudness(&buffer)))
}

fn loudness(buffer: &AudioBuffer) -> Sound {
    let (channels, samples) = (buffer.number_of_channels(), buffer.length() as usize);
    let mut listener = Listener::new(samples, SAMPLES_PER_SECOND.into());
    let (mut together, mut one) = (vec![0.0_f32; PIECE], vec![0.0_f32; PIECE]);
    for start in (0..samples).step_by(PIECE) {
        let count = PIECE.min(samples - start);
        together.fill(0.0);
        for channel in 0..channels {
            let at = (i32::try_from(channel), u32::try_from(start));
            let (Ok(channel), Ok(start)) = at else { break };
            if buffer.copy_from_channel_with_start_in_channel(&mut one, channel, start).is_err() {
                break;
            }
            // The louder channel, not their sum: two that are opposed would be silent together.
            for (known, heard) in together.iter_mut().zip(&one) {
                if heard.abs() > known.abs() {
                    *known = *heard;
                }
            }
        }
        listener.hear(&together[..count]);
    }
    listener.finish()
}
