//! The microphone, and the file that is made of what it hears.

use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, AudioWorkletNode, Blob, BlobPropertyBag, DomException, MediaDeviceInfo, MediaDeviceKind,
    MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints, MessageEvent,
};

use super::clock::whole;
use crate::model::recording::{self, Block};
use crate::model::wav;

/// A microphone that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// As the browser tells it from others.
    pub id: String,
    /// As the system calls it; empty before the microphone was allowed.
    pub name: String,
}

/// What is on while a microphone listens, from the visitor's yes on: switched off with the value, however far its opening
/// came.
#[derive(Debug)]
struct Line {
    stream: MediaStream,
    context: Option<AudioContext>,
}

impl Drop for Line {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
        if let Some(context) = &self.context {
            let _ = context.close();
        }
    }
}

/// An open microphone. Let go of with the value.
#[derive(Debug)]
pub struct Microphone {
    _line: Line,
    track: MediaStreamTrack,
    samples_per_second: u32,
    tap: AudioWorkletNode,
    _on_samples: Closure<dyn FnMut(MessageEvent)>,
    _on_end: Closure<dyn FnMut()>,
}

impl Microphone {
    /// Opens the microphone of this id, or the one that the visitor or the system prefers. From then on `on_samples` is
    /// called some fifty times a second, with samples from -1 to 1, until it ends, which `on_end` is told.
    ///
    /// # Errors
    /// Why there is none to be had.
    pub async fn open(
        id: Option<&str>,
        mut on_samples: impl FnMut(Vec<f32>) + 'static,
        on_end: impl FnMut() + 'static,
    ) -> Result<Self, Block> {
        let mut line = Line { stream: stream(id).await?, context: None };
        let track: MediaStreamTrack = line.stream.get_audio_tracks().get(0).dyn_into().map_err(|_| Block::Absent)?;
        let unknown = |_| Block::Unknown;
        let context = line.context.insert(AudioContext::new().map_err(unknown)?).clone();
        let module = context.audio_worklet().and_then(|worklet| worklet.add_module("/recorder-tap.js"));
        JsFuture::from(module.map_err(unknown)?).await.map_err(unknown)?;
        let source = context.create_media_stream_source(&line.stream).map_err(unknown)?;
        let tap = AudioWorkletNode::new(&context, "redub-tap").map_err(unknown)?;
        let heard_per_second = u32::try_from(whole(context.sample_rate().into())).unwrap_or(48_000);
        let one_of = recording::one_of(heard_per_second);
        let on_samples = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            on_samples(recording::thinned(&Float32Array::from(message.data()).to_vec(), one_of));
        });
        tap.port().map_err(unknown)?.set_onmessage(Some(on_samples.as_ref().unchecked_ref()));
        // The tap puts nothing out: it is tied to the loudspeaker only so that every browser runs it.
        let tied =
            source.connect_with_audio_node(&tap).and_then(|tap| tap.connect_with_audio_node(&context.destination()));
        tied.map_err(unknown)?;
        let on_end = Closure::<dyn FnMut()>::new(on_end);
        track.set_onended(Some(on_end.as_ref().unchecked_ref()));
        if let Ok(resumed) = context.resume() {
            let _ = JsFuture::from(resumed).await;
        }
        let samples_per_second = heard_per_second / one_of;
        Ok(Self { _line: line, track, samples_per_second, tap, _on_samples: on_samples, _on_end: on_end })
    }

    /// How many samples a second has.
    pub fn samples_per_second(&self) -> u32 {
        self.samples_per_second
    }

    /// The id of the device that was opened.
    pub fn device_id(&self) -> String {
        let id = Reflect::get(&self.track.get_settings(), &"deviceId".into());
        id.ok().and_then(|id| id.as_string()).unwrap_or_default()
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.track.set_onended(None);
        if let Ok(port) = self.tap.port() {
            port.set_onmessage(None);
        }
    }
}

fn media_devices() -> Option<MediaDevices> {
    let navigator = super::window().navigator();
    // Browsers have none outside of secure contexts.
    Reflect::get(&navigator, &"mediaDevices".into()).ok()?.dyn_into().ok()
}

async fn stream(id: Option<&str>) -> Result<MediaStream, Block> {
    let devices = media_devices().ok_or(Block::Insecure)?;
    let (constraints, audio) = (MediaStreamConstraints::new(), MediaTrackConstraints::new());
    if let Some(id) = id {
        // A mere wish loses against the microphone that the browser itself prefers.
        let exact = Object::new();
        let _ = Reflect::set(&exact, &"exact".into(), &id.into());
        audio.set_device_id(&exact);
    }
    constraints.set_audio(&audio);
    let asked = devices.get_user_media_with_constraints(&constraints).map_err(|_| Block::Unknown)?;
    match JsFuture::from(asked).await {
        Ok(stream) => stream.dyn_into().map_err(|_| Block::Unknown),
        Err(error) => Err(match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
            Some("NotAllowedError" | "SecurityError") => Block::Refused,
            Some("NotFoundError" | "OverconstrainedError") => Block::Absent,
            Some("NotReadableError" | "AbortError") => Block::Busy,
            _ => Block::Unknown,
        }),
    }
}

/// The microphones that there are.
pub async fn devices() -> Vec<Device> {
    let Some(Ok(asked)) = media_devices().map(|devices| devices.enumerate_devices()) else { return Vec::new() };
    let Ok(found) = JsFuture::from(asked).await else { return Vec::new() };
    let microphone = |device: JsValue| {
        let device: MediaDeviceInfo = device.dyn_into().ok()?;
        (device.kind() == MediaDeviceKind::Audioinput).then(|| Device { id: device.device_id(), name: device.label() })
    };
    Array::from(&found).iter().filter_map(microphone).collect()
}

/// Samples that are kept, outside of the wasm's own memory.
#[derive(Debug, Default)]
pub struct Tape {
    parts: Vec<Uint8Array>,
    samples: u32,
}

impl Tape {
    /// Adds samples, -1 to 1.
    pub fn add(&mut self, samples: &[f32]) {
        self.parts.push(Uint8Array::from(wav::body(samples).as_slice()));
        self.samples += u32::try_from(samples.len()).unwrap_or(0);
    }

    /// How many there are.
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// All of them as a WAV file.
    pub fn file(&self, samples_per_second: u32) -> Option<Blob> {
        let head = Uint8Array::from(wav::head(self.samples, samples_per_second).as_slice());
        let parts: Array = std::iter::once(&head).chain(&self.parts).map(JsValue::from).collect();
        let options = BlobPropertyBag::new();
        options.set_type("audio/wav");
        Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
    }
}
