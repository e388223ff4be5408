//! What the operator says: the command line, the environment, and what of it makes sense together.
//!
//! A missing or wrong value stops the start and is named. `redub-server --help` is the reference. Keys are read from the
//! environment alone: a command line is seen by everyone on the machine.

mod args;
mod staging;
mod storage;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Parser;
use contract::{Mode, UploadLimits, media_url::is_loopback_host};
use secrecy::SecretString;
use url::Url;

pub use args::{Args, LogFormat, StagingKind, StorageKind};
pub use storage::{S3_SECRET_VARIABLE, StorageConfig};

use crate::{
    dispatch::{self, StagingWay},
    fail_points::kept,
    serve, uploads,
};

/// The environment variable that holds the provider's key.
pub const KEY_VARIABLE: &str = "EACHLABS_API_KEY";

/// What a simulator is told where no key is set.
const SANDBOX_KEY: &str = "sandbox";

/// Why the server cannot start as it was told to.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The command line or a variable could not be read.
    #[error("{0}")]
    Arguments(String),
    /// A live server has nothing to identify itself with.
    #[error("{KEY_VARIABLE} is not set: a live server needs the provider's key (or start with --mode sandbox)")]
    NoKey,
    /// The key cannot stand in a header. Its value is not told.
    #[error("{KEY_VARIABLE} has a character that a key cannot have")]
    BadKey,
    /// One value does not fit the others.
    #[error("{name}: {reason}")]
    Value {
        /// The option or variable.
        name: &'static str,
        /// What would do instead.
        reason: &'static str,
    },
}

/// All of it, a struct a concern.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What connections may take; how slow they may be is not an operator's choice, but a test's.
    pub connections: serve::Limits,
    /// The folder that holds everything that must survive.
    pub data: PathBuf,
    /// Where files are kept.
    pub storage: StorageConfig,
    /// How the provider gets at visitors' files.
    pub staging: StagingWay,
    /// Whom dubs are made by.
    pub provider: ProviderConfig,
    /// Which results are fetched, and how long they are kept.
    pub results: ResultsConfig,
    /// What visitors may upload, and how long it is kept.
    pub uploads: uploads::Settings,
    /// What visitors see.
    pub site: SiteConfig,
    /// What is logged, and how.
    pub log: LogConfig,
    /// How dubs are moved on; not an operator's choice, but a test's.
    pub dispatch: dispatch::Settings,
}

/// What the environment alone may say.
#[derive(Default)]
pub struct Secrets {
    /// The provider's key.
    pub provider_key: Option<String>,
    /// The bucket's secret key.
    pub s3_key: Option<String>,
}

/// Whom dubs are made by.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Whether dubs cost money.
    pub mode: Mode,
    /// The API's base address, with its version.
    pub base_url: Url,
    /// The key.
    pub key: SecretString,
}

/// Which results are fetched, and how long they are kept.
#[derive(Debug, Clone)]
pub struct ResultsConfig {
    /// The hosts, each a name or `*.` and a name.
    pub hosts: Vec<String>,
    /// The largest, in bytes.
    pub max_bytes: u64,
    /// How long they are kept.
    pub keep: Duration,
}

/// What visitors see.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// The name in the bar.
    pub brand: String,
    /// Under which address visitors reach this server, where that is known.
    pub public_url: Option<Url>,
    /// Where the sample is served, in a sandbox.
    pub sample_url: Option<Url>,
    /// How long a dub is expected to take before there is a history, in seconds.
    pub estimate_s: u32,
    /// What a second of speech costs in USD.
    pub price_per_second_usd: Option<f64>,
}

impl SiteConfig {
    /// Whether visitors come over HTTPS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// As lines for people or for programs.
    pub format: LogFormat,
    /// Which events, in the form of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

impl Config {
    /// What this process was started with. Prints and ends the process for `--help` and `--version`.
    ///
    /// # Errors
    /// The first thing that is missing or wrong, in one line.
    pub fn from_process() -> Result<Self, ConfigError> {
        let args = Args::try_parse().map_err(|error| {
            if !error.use_stderr() {
                error.exit();
            }
            ConfigError::Arguments(one_line(&error.to_string()))
        })?;
        let secrets =
            Secrets { provider_key: std::env::var(KEY_VARIABLE).ok(), s3_key: std::env::var(S3_SECRET_VARIABLE).ok() };
        Self::new(args, secrets)
    }

    /// What these arguments and these keys mean.
    ///
    /// # Errors
    /// The first thing that is missing or does not fit.
    pub fn new(args: Args, secrets: Secrets) -> Result<Self, ConfigError> {
        let is_sandbox = args.mode == Mode::Sandbox;
        let uploads = uploads::Settings::default();
        check(is_sandbox || args.sample_url.is_none(), "--sample-url", "only a sandbox has a sample")?;
        check(is_provider_safe(&args.provider_url, is_sandbox), "--provider-url", PROVIDER_RULE)?;
        check(args.result_hosts.iter().all(|host| is_host_pattern(host)), "--result-hosts", HOSTS_RULE)?;
        let is_total_right = args.upload_max_total_bytes >= args.upload_max_bytes;
        check(is_total_right, "--upload-max-total-bytes", "must not be less than --upload-max-bytes")?;
        check(staging::takes(args.staging, args.upload_max_bytes), "--upload-max-bytes", staging::TAKES_RULE)?;
        check(args.public_url.as_ref().is_none_or(is_origin), "--public-url", "must be an address without a path")?;
        check(!args.brand.trim().is_empty(), "--brand", "must not be empty")?;
        check(args.price_per_second_usd.is_none_or(is_price), "--price-per-second-usd", "must be a positive number")?;
        check(crate::telemetry::is_filter(&args.log_filter), "--log-filter", "is no list of targets and levels")?;
        Ok(Self {
            listen: args.listen,
            connections: serve::Limits { at_once: args.max_connections, ..serve::Limits::default() },
            staging: staging::way(&args)?,
            storage: StorageConfig::new(&args, secrets.s3_key)?,
            data: args.data,
            provider: ProviderConfig {
                mode: args.mode,
                base_url: args.provider_url,
                key: check_key(secrets.provider_key, is_sandbox)?,
            },
            results: ResultsConfig {
                hosts: args.result_hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
                max_bytes: u64::from(args.max_result_mib) << 20,
                keep: kept(Duration::from_hours(u64::from(args.keep_results_days) * 24)),
            },
            uploads: uploads::Settings {
                limits: UploadLimits {
                    max_bytes: args.upload_max_bytes,
                    max_files: args.upload_max_files,
                    max_total_bytes: args.upload_max_total_bytes,
                    ..uploads.limits
                },
                keep_unused: kept(Duration::from_hours(u64::from(args.keep_uploads_hours))),
                ..uploads
            },
            site: SiteConfig {
                brand: args.brand,
                public_url: args.public_url,
                sample_url: args.sample_url,
                estimate_s: args.estimate_seconds,
                price_per_second_usd: args.price_per_second_usd,
            },
            log: LogConfig { format: args.log_format, filter: args.log_filter },
            dispatch: dispatch::Settings::default(),
        })
    }
}

const PROVIDER_RULE: &str =
    "must start with https:// and have no query; a sandbox, where nothing may be billed, needs one on this machine";
const HOSTS_RULE: &str = "must be host names with commas between them, such as example.com,*.example.com";

fn check(is_right: bool, name: &'static str, reason: &'static str) -> Result<(), ConfigError> {
    if is_right { Ok(()) } else { Err(ConfigError::Value { name, reason }) }
}

fn check_key(key: Option<String>, is_sandbox: bool) -> Result<SecretString, ConfigError> {
    let key = key.unwrap_or_default();
    match key.trim() {
        "" if is_sandbox => Ok(SANDBOX_KEY.into()),
        "" => Err(ConfigError::NoKey),
        key if key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(key.into()),
        _ => Err(ConfigError::BadKey),
    }
}

fn is_provider_safe(url: &Url, is_sandbox: bool) -> bool {
    let is_local = url.host_str().is_some_and(is_loopback_host);
    let has_extras = url.query().is_some() || url.fragment().is_some() || !url.username().is_empty();
    let is_fit =
        if is_sandbox { is_local && matches!(url.scheme(), "http" | "https") } else { url.scheme() == "https" };
    !has_extras && is_fit
}

fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none() && url.fragment().is_none()
}

fn is_host_pattern(pattern: &str) -> bool {
    let name = pattern.strip_prefix("*.").unwrap_or(pattern);
    let is_label_char = |c: char| c.is_ascii_alphanumeric() || c == '-';
    name.split('.').all(|label| !label.is_empty() && label.chars().all(is_label_char))
}

fn is_price(price: f64) -> bool {
    price.is_finite() && price > 0.0
}

/// The first paragraph of clap's message, which names the argument, without the usage that follows it.
fn one_line(message: &str) -> String {
    let first = message.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(" ");
    first.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests;
