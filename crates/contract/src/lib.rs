//! What Redub's page and server say to each other.
//!
//! Requests, answers, problems, limits, validation and route names, in one place, so the two sides cannot drift apart.
//! Depends on serde alone and builds for wasm: whoever needs a URL parsed or a clock read brings it along.
//!
//! Times are RFC 3339 strings in UTC, ids are opaque strings that cannot be guessed, names are `snake_case`.

pub mod batch;
pub mod config;
pub mod dub;
pub mod limits;
pub mod media_url;
pub mod problem;
pub mod request;
pub mod routes;
pub mod upload;

pub use batch::Batch;
pub use config::{Brand, Config, Features, Limits, Mode, Sample, SampleVoice};
pub use dub::{Dub, DubId, DubInput, DubPage, Gone, Metrics, Output, Phase};
pub use media_url::{MediaPolicy, ParsedUrl};
pub use problem::{Code, FieldCode, FieldError, Problem};
pub use request::{Field, Media, NewDub, Resolution, Resubmit, ValidDub};
pub use upload::{UploadKind, UploadLimits};
