//! The two programs: how they are started, and how they end.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::{
    fs::OpenOptions,
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStderr, Command},
    time::timeout,
};

use crate::proxy::Proxy;

/// How long a program may take to start or to die: a busy machine lets it wait.
const PATIENCE: Duration = Duration::from_mins(6);
/// Where its log is kept, in its data folder, until the round is over.
const LOG: &str = "log.jsonl";

/// The provider's stand-in, until it is dropped.
#[derive(Debug)]
pub struct Simulator {
    _child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Simulator {
    /// Starts it on a free port, with its journal in `folder`. It enforces no limits, so that its journal shows whether
    /// the server does.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--allow-local-media", "--predict-seconds", "0"]);
        command.args(["--running-limit", "1000000", "--creates-per-minute", "1000000", "--data"]).arg(folder);
        // That nobody takes a webhook any more is no news here.
        command
            .env("RUST_LOG", "warn,provider_sim::webhook=error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("{} cannot be started", program.display()))?;
        let stdout = child.stdout.take().context("it has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line()).await??.context("the simulator ended before it was ready")?;
        let (_, address) = line.rsplit_once("http://").with_context(|| format!("no address: {line}"))?;
        Ok(Self { address: address.trim().parse()?, _child: child })
    }
}

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct ServerSettings<'a> {
    /// The program, with fail points.
    pub program: &'a Path,
    /// Its data folder.
    pub data: &'a Path,
    /// The provider's host and port, as the server knows it.
    pub provider: SocketAddr,
    /// Its key, which tells its orders from others'.
    pub key: &'a str,
    /// What stands at its public address, where it has one: the provider calls there, whichever server it is by then.
    pub public: Option<&'a Proxy>,
    /// Whether it keeps results and uploads for a moment only.
    pub keeps_nothing: bool,
    /// Whether it queues again what was in flight when it starts, as it never should.
    pub is_mistaken: bool,
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts a server that is to die at `kill_at`, or goes on; `None` when it was killed before it listened.
    ///
    /// # Errors
    /// When it does not start, and that is not what was asked for.
    pub async fn start(settings: &ServerSettings<'_>, kill_at: Option<&str>) -> anyhow::Result<Option<Self>> {
        let mut command = Command::new(settings.program);
        command.env_remove("REDUB_KILL_AT").env("REDUB_LISTEN", "127.0.0.1:0").env("REDUB_DATA", settings.data);
        command.env("REDUB_MODE", "sandbox").env("EACHLABS_API_KEY", settings.key);
        command.env("REDUB_PROVIDER_URL", format!("http://{}/v1", settings.provider));
        command.env("REDUB_LOG_FORMAT", "json").env("RUST_LOG", "warn,redub_server=info");
        if let Some(public) = settings.public {
            command.env("REDUB_PUBLIC_URL", format!("http://{}", public.address));
        }
        if settings.keeps_nothing {
            command.env("REDUB_KEEP_MS", "1");
        }
        if settings.is_mistaken {
            command.env("REDUB_MISTAKE", "1");
        }
        if let Some(point) = kill_at {
            command.env("REDUB_KILL_AT", point);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("{} cannot be started", settings.program.display()))?;
        let mut lines = BufReader::new(child.stderr.take().context("it has no log")?).lines();
        let Some(address) = timeout(PATIENCE, ready(&mut lines)).await.context("the server does not get ready")? else {
            let status = timeout(PATIENCE, child.wait()).await.context("the server does not end")??;
            return if was_killed(status) { Ok(None) } else { bail!("the server ended with {status}") };
        };
        if let Some(public) = settings.public {
            public.aim(address);
        }
        tokio::spawn(keep(lines, settings.data.join(LOG)));
        Ok(Some(Self { child, address }))
    }

    /// Starts one that lives.
    ///
    /// # Errors
    /// When it does not.
    pub async fn start_alive(settings: &ServerSettings<'_>) -> anyhow::Result<Self> {
        Self::start(settings, None).await?.context("the server was killed, and nobody asked for it")
    }

    /// Kills it with SIGKILL, at once.
    ///
    /// # Errors
    /// When it had ended by itself.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.start_kill()?;
        self.died().await
    }

    /// Waits until it has been killed.
    ///
    /// # Errors
    /// When it lives on, or ends otherwise.
    pub async fn died(&mut self) -> anyhow::Result<()> {
        let status = timeout(PATIENCE, self.child.wait()).await.context("it never came to the point")??;
        if was_killed(status) { Ok(()) } else { bail!("the server ended with {status}") }
    }
}

/// Keeps what is logged once the server is ready: it must not fill the pipe, and tells why a round broke.
async fn keep(mut lines: Lines<BufReader<ChildStderr>>, path: PathBuf) {
    let mut log = OpenOptions::new().create(true).append(true).open(path).await.ok();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(log) = &mut log {
            let _ = log.write_all(format!("{line}\n").as_bytes()).await;
        }
    }
}

/// The address that the log tells; `None` when it ends first.
async fn ready(lines: &mut Lines<BufReader<ChildStderr>>) -> Option<SocketAddr> {
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        if line["message"] == "ready" {
            return line["address"].as_str()?.parse().ok();
        }
    }
    None
}

fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGKILL: i32 = 9;
    status.signal() == Some(SIGKILL)
}
