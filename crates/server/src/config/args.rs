//! The command line, each option with the environment variable that stands in for it.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, ValueEnum, builder::PossibleValue};
use contract::Mode;
use url::Url;

/// Redub's server: serves the page, takes dubs, has them made by the provider and keeps the results.
///
/// Every option can also be given by the environment variable named beside it; the command line wins.
#[derive(Debug, Clone, Parser)]
#[command(name = "redub-server", version, after_help = KEY_HELP, after_long_help = KEY_HELP)]
pub struct Args {
    /// The address and port to listen on
    #[arg(long, env = "REDUB_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,

    /// The folder that holds the dubs and, unless they are in a bucket, all files; made if it is missing, and used by one server at a time
    #[arg(long, env = "REDUB_DATA", value_name = "FOLDER", default_value = "data")]
    pub data: PathBuf,

    /// Where files are kept: `folder` is the data folder, `s3` a bucket of Amazon S3 or a service that speaks its language
    #[arg(long, env = "REDUB_STORAGE", value_name = "STORAGE", value_enum, default_value_t)]
    pub storage: StorageKind,

    /// The bucket's name (with --storage s3)
    #[arg(long, env = "REDUB_S3_BUCKET", value_name = "NAME")]
    pub s3_bucket: Option<String>,

    /// The address of a service that is not Amazon's, such as <https://s3.example.com>; buckets are paths below it
    #[arg(long, env = "REDUB_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<Url>,

    /// The bucket's region; us-east-1 unless it is set
    #[arg(long, env = "REDUB_S3_REGION", value_name = "REGION")]
    pub s3_region: Option<String>,

    /// The id of the access key that may read, write and delete in the bucket
    #[arg(long, env = "REDUB_S3_ACCESS_KEY_ID", value_name = "ID")]
    pub s3_access_key_id: Option<String>,

    /// How the provider gets at visitors' files: `provider` sends them to its own storage (up to 100 MB each), `public` lets
    /// it fetch them here (with an HTTPS --public-url), `s3` from the bucket (with --storage s3)
    #[arg(long, env = "REDUB_STAGING", value_name = "WAY", value_enum, default_value_t)]
    pub staging: StagingKind,

    /// Whether dubs cost money: `live` asks the provider, `sandbox` a simulator of it
    #[arg(long, env = "REDUB_MODE", value_name = "MODE", value_parser = parse_mode, default_value = "live")]
    pub mode: Mode,

    /// The base address of the provider's API; HTTPS, but in a sandbox also HTTP on this machine
    #[arg(long, env = "REDUB_PROVIDER_URL", value_name = "URL", default_value = "https://api.eachlabs.ai/v1")]
    pub provider_url: Url,

    /// Where the sample is served: the folder of `presenter.mp4`, `greeting_es.mp3` and `greeting_de.mp3` (sandbox only)
    #[arg(long, env = "REDUB_SAMPLE_URL", value_name = "URL")]
    pub sample_url: Option<Url>,

    /// How long a dub is expected to take, in seconds, until this server has a history of its own
    #[arg(long, env = "REDUB_ESTIMATE_SECONDS", value_name = "SECONDS", default_value_t = 300,
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub estimate_seconds: u32,

    /// What a second of speech costs, in US dollars; visitors see no price unless it is set
    #[arg(long, env = "REDUB_PRICE_PER_SECOND_USD", value_name = "USD")]
    pub price_per_second_usd: Option<f64>,

    /// The name that visitors see
    #[arg(long, env = "REDUB_BRAND", value_name = "NAME", default_value = "Redub")]
    pub brand: String,

    /// The address under which visitors reach this server, such as <https://redub.example>; with HTTPS, cookies are
    /// marked as secure, browsers are told to stay with HTTPS, and the provider calls back there when a dub is over
    #[arg(long, env = "REDUB_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,

    /// The hosts that results are fetched from, with commas between them; `*.` in front of a name means all below it
    #[arg(
        long,
        env = "REDUB_RESULT_HOSTS",
        value_name = "HOSTS",
        value_delimiter = ',',
        default_value = "eachlabs.ai,*.eachlabs.ai,storage.googleapis.com"
    )]
    pub result_hosts: Vec<String>,

    /// The largest result that is kept, in MiB
    #[arg(long, env = "REDUB_MAX_RESULT_MIB", value_name = "MIB", default_value_t = 2048,
          value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub max_result_mib: u32,

    /// How long a dub's video is kept, in days; its owner is told until when, and a later change is for later dubs
    #[arg(long, env = "REDUB_KEEP_RESULTS_DAYS", value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub keep_results_days: u32,

    /// How long an uploaded file is kept, in hours, from when it came and from each dub that is made from it; one that a dub
    /// still needs stays
    #[arg(long, env = "REDUB_KEEP_UPLOADS_HOURS", value_name = "HOURS", default_value_t = 48,
          value_parser = clap::value_parser!(u32).range(1..=876_000))]
    pub keep_uploads_hours: u32,

    /// The largest file that a visitor may upload, in bytes; the provider's own storage takes no more than the default
    #[arg(long, env = "REDUB_UPLOAD_MAX_BYTES", value_name = "BYTES", default_value_t = 100_000_000,
          value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    pub upload_max_bytes: u64,

    /// How many uploaded files a visitor may have here at once
    #[arg(long, env = "REDUB_UPLOAD_MAX_FILES", value_name = "NUMBER", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub upload_max_files: u32,

    /// How many bytes all uploaded files of a visitor may have here at once
    #[arg(long, env = "REDUB_UPLOAD_MAX_TOTAL_BYTES", value_name = "BYTES", default_value_t = 2_000_000_000,
          value_parser = clap::value_parser!(u64).range(1..=1 << 50))]
    pub upload_max_total_bytes: u64,

    /// How many connections are served at once; more have to wait
    #[arg(long, env = "REDUB_MAX_CONNECTIONS", value_name = "NUMBER", default_value = "1024",
          value_parser = parse_connections)]
    pub max_connections: usize,

    /// How log lines are written
    #[arg(long, env = "REDUB_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,

    /// What is logged: levels for all or for single targets, such as `warn,redub_server=debug`
    #[arg(long, env = "RUST_LOG", value_name = "FILTER", default_value = "info,memory_serve=warn,sqlx=warn")]
    pub log_filter: String,
}

const KEY_HELP: &str = "\
Environment only:
  EACHLABS_API_KEY            The provider's key. Needed in live mode
  REDUB_S3_SECRET_ACCESS_KEY  The bucket's secret key. Needed with --storage s3
They are not taken from the command line, where others could see them";

/// Where files are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum StorageKind {
    /// In the data folder.
    #[default]
    Folder,
    /// In a bucket.
    S3,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: a JSON object a line.
    Json,
}

impl ValueEnum for LogFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Text => "text",
            Self::Json => "json",
        }))
    }
}

/// How the provider gets at files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum StagingKind {
    /// From its own storage.
    #[default]
    Provider,
    /// From here.
    Public,
    /// From the bucket.
    S3,
}

fn parse_mode(text: &str) -> Result<Mode, &'static str> {
    match text {
        "live" => Ok(Mode::Live),
        "sandbox" => Ok(Mode::Sandbox),
        _ => Err("must be `live` or `sandbox`"),
    }
}

fn parse_connections(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|number| (1..=1_000_000).contains(number)).ok_or("must be from 1 to 1000000")
}
