//! Runs the provider's stand-in until Ctrl-C or SIGTERM.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use provider_sim::{Options, Simulator, fault_reference};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// A stand-in for the prediction API: same answers, real rendering, nothing billed. Needs ffmpeg.
#[derive(Debug, Parser)]
#[command(version, after_long_help = fault_reference(), after_help = "--help lists the words that ask for a fault.")]
struct Flags {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "PROVIDER_SIM_LISTEN", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Folder for the journal, uploads and results; a later start goes on from it.
    #[arg(long, env = "PROVIDER_SIM_DATA", default_value = "provider-sim-data")]
    data: PathBuf,
    /// The least time a prediction takes.
    #[arg(long, default_value_t = 8.0)]
    predict_seconds: f64,
    /// Accept http: and loopback addresses as inputs and webhooks.
    #[arg(long)]
    allow_local_media: bool,
    /// The only key to accept; without it, any that is not empty.
    #[arg(long, env = "PROVIDER_SIM_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Predictions that may run at once under one key.
    #[arg(long, default_value_t = 10)]
    running_limit: usize,
    /// Creates that may arrive in any 60 seconds under one key.
    #[arg(long, default_value_t = 100)]
    creates_per_minute: usize,
    /// Where others reach this server, if not at the address it listens on.
    #[arg(long, env = "PROVIDER_SIM_PUBLIC_BASE")]
    public_base: Option<String>,
    /// Write the true port to this file once it listens.
    #[arg(long)]
    port_file: Option<PathBuf>,
}

impl Flags {
    fn options(self) -> anyhow::Result<Options> {
        Ok(Options {
            listen: self.listen,
            data_dir: self.data,
            predict: Duration::try_from_secs_f64(self.predict_seconds).context("--predict-seconds")?,
            allow_local_media: self.allow_local_media,
            key: self.key.filter(|key| !key.is_empty()),
            running_limit: self.running_limit,
            creates_per_minute: self.creates_per_minute,
            public_base: self.public_base,
            ..Options::default()
        })
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let ansi = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(ansi).with_writer(std::io::stderr).init();
    let flags = Flags::parse();
    let port_file = flags.port_file.clone();
    // Asked for before it is ready: a parent may stop us as soon as it has read the line.
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let running = Simulator::start(flags.options()?).await?;
    if let Some(path) = port_file {
        std::fs::write(&path, running.addr().port().to_string()).context("cannot write the port file")?;
    }
    tracing::info!(address = %running.addr(), "listening");
    // A parent that reads this line may have closed its end already: that is no reason to stop.
    let _ = writeln!(std::io::stdout(), "provider-sim is ready at {}", running.base_url());
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed.context("cannot wait for Ctrl-C")?,
    }
    running.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}
