//! `GET /api/config`: what the page must know before it can offer anything.

use std::sync::Arc;

use axum::{Json, extract::State};
use contract::{Brand, Config, Features, Limits, Mode, Sample, SampleVoice, UploadLimits};
use url::Url;

use super::App;
use crate::config::SiteConfig;

/// Answers with what [`of`] made at the start.
pub async fn get(State(app): State<Arc<App>>) -> Json<Config> {
    Json(app.config.clone())
}

/// What the page is told of a server that was configured like this.
pub fn of(mode: Mode, site: &SiteConfig, upload: UploadLimits) -> Config {
    Config {
        mode,
        limits: Limits { upload: Some(upload), ..Limits::default() },
        brand: Brand { name: site.brand.clone() },
        languages: vec!["en".into()],
        features: Features { uploads: true, batches: true, events: true, cancel: true },
        price_per_second_usd: site.price_per_second_usd,
        estimate_s: site.estimate_s,
        sample: site.sample_url.as_ref().map(sample),
    }
}

fn sample(folder: &Url) -> Sample {
    let link = |name| format!("{}/{name}", folder.as_str().trim_end_matches('/'));
    let voice = |label: &str, name| SampleVoice { label: label.into(), audio: link(name) };
    Sample {
        video: link("presenter.mp4"),
        voices: vec![voice("Español", "greeting_es.mp3"), voice("Deutsch", "greeting_de.mp3")],
    }
}
