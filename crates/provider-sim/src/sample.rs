//! The sample media, inside the binary, so that it needs no folder beside it. `sample/make.py` makes them.

type Sample = (&'static str, &'static str, &'static [u8]);

const SAMPLES: [Sample; 3] = [
    ("presenter.mp4", "video/mp4", include_bytes!("../sample/presenter.mp4")),
    ("greeting_es.mp3", "audio/mpeg", include_bytes!("../sample/greeting_es.mp3")),
    ("greeting_de.mp3", "audio/mpeg", include_bytes!("../sample/greeting_de.mp3")),
];

/// Content type and bytes of one sample.
pub(crate) fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    SAMPLES.iter().find(|sample| sample.0 == name).map(|sample| (sample.1, sample.2))
}
