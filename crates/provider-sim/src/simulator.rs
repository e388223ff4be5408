//! Start and stop; and taking up what an earlier start with the same folder left.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::faults::Faults;
use crate::input::Input;
use crate::job;
use crate::journal::{JournalEntry, Lines};
use crate::options::Options;
use crate::prediction::{Ending, Prediction};
use crate::render::Renderer;
use crate::state::{Book, Counters, Sim, Stats};
use crate::storage::Storage;
use crate::url_gate::UrlGate;
use crate::{routes, server};

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not one of this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The data folder cannot be made, read or written.
    #[error("cannot use the data folder {folder}")]
    Folder {
        /// The folder asked for.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No HTTP client could be made for webhooks.
    #[error("cannot make an HTTP client")]
    Client(#[source] reqwest::Error),
}

/// The provider's stand-in, before it runs.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Listens, takes up unfinished predictions of the data folder, and serves until [`Running::shutdown`] or drop.
    ///
    /// # Errors
    ///
    /// When the address or the data folder cannot be used.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let address = options.listen;
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let http = http.build().map_err(StartError::Client)?;
        let folder = options.data_dir.clone();
        let sim =
            open(options, addr, http).await.map_err(|source| StartError::Folder { folder: folder.clone(), source })?;
        restore(&sim).map_err(|source| StartError::Folder { folder, source })?;
        let serving = server::serve(listener, routes::router(Arc::clone(&sim)), sim.closing.clone());
        Ok(Running { addr, server: Some(tokio::spawn(serving)), sim })
    }
}

async fn open(options: Options, addr: SocketAddr, http: reqwest::Client) -> io::Result<Arc<Sim>> {
    let base = options.public_base.clone().unwrap_or_else(|| format!("http://{addr}"));
    let base = base.trim_end_matches('/').to_owned();
    let gate = UrlGate { own_base: base.clone(), allow_local: options.allow_local_media };
    let renders = options.data_dir.join("renders");
    std::fs::create_dir_all(&renders)?;
    Ok(Arc::new(Sim {
        journal: Lines::open(options.data_dir.join("journal.jsonl"))?,
        endings: Lines::open(options.data_dir.join("endings.jsonl"))?,
        storage: Storage::open(options.data_dir.join("files")).await?,
        renderer: Renderer::new(renders, &gate)?,
        http,
        counters: Counters::default(),
        closing: CancellationToken::new(),
        tasks: TaskTracker::new(),
        book: Mutex::new(Book::default()),
        options,
        base,
        gate,
    }))
}

/// Every journalled prediction is known again; one without an end starts over, its predict time too.
fn restore(sim: &Arc<Sim>) -> io::Result<()> {
    let endings = sim.endings.read::<Ending>()?.into_iter();
    let mut endings: HashMap<_, _> = endings.map(|ending| (ending.prediction_id.clone(), ending)).collect();
    // What was accepted stays accepted, even if this start would refuse its URLs.
    let gate = UrlGate { own_base: sim.base.clone(), allow_local: true };
    for entry in sim.journal.read::<JournalEntry>()? {
        let id = entry.prediction_id.clone();
        let input = Input::parse(&serde_json::Value::Object(entry.input.clone()), &gate);
        let at = OffsetDateTime::parse(&entry.at, &Rfc3339);
        let (Ok(input), Ok(at)) = (input, at) else {
            tracing::warn!(prediction = id, "a journalled prediction cannot be taken up");
            continue;
        };
        let faults = Faults::parse(&input.prompt).unwrap_or_default();
        let mut prediction = Prediction::new(entry, at, input, faults);
        prediction.ending = endings.remove(&id);
        let is_running = prediction.is_running();
        sim.book().insert(prediction);
        if is_running {
            job::spawn(sim, id);
        }
    }
    Ok(())
}

/// A simulator that serves. Dropping it stops it without waiting.
pub struct Running {
    addr: SocketAddr,
    server: Option<JoinHandle<()>>,
    sim: Arc<Sim>,
}

impl Running {
    /// The address it listens on, with the true port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://127.0.0.1:PORT`, or the public base it was given; without a final slash.
    pub fn base_url(&self) -> String {
        self.sim.base.clone()
    }

    /// The API's base as a client is configured with it: `.../v1`.
    pub fn v1_url(&self) -> String {
        format!("{}/v1", self.sim.base)
    }

    /// Address of a sample: `presenter.mp4`, `greeting_es.mp3` or `greeting_de.mp3`.
    pub fn sample_url(&self, name: &str) -> String {
        format!("{}/sample/{name}", self.sim.base)
    }

    /// Every accepted create, oldest first, read from the file: those of earlier starts too.
    ///
    /// # Panics
    ///
    /// When the journal was taken away while the simulator ran.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.sim.journal.read().expect("the journal exists as long as the simulator")
    }

    /// The journal's file, for a test that reads it after a crash.
    pub fn journal_path(&self) -> PathBuf {
        self.sim.options.data_dir.join("journal.jsonl")
    }

    /// Everything that is counted.
    pub fn stats(&self) -> Stats {
        self.sim.stats()
    }

    /// The most predictions that ever ran at once under one key.
    pub fn max_running_seen(&self) -> usize {
        self.stats().max_running
    }

    /// Every create POST that arrived, refused ones too.
    pub fn create_requests_seen(&self) -> usize {
        self.stats().create_requests
    }

    /// Waits until no prediction runs and every webhook was taken or given up.
    pub async fn settled(&self) {
        self.sim.tasks.close();
        self.sim.tasks.wait().await;
        self.sim.tasks.reopen();
    }

    /// Stops: no new connections, answers in flight get two seconds, running predictions wait for the next start.
    pub async fn shutdown(mut self) {
        self.sim.closing.cancel();
        if let Some(server) = self.server.take() {
            // An error means that it panicked, which has been logged; it is stopped all the same.
            let _ = server.await;
        }
        self.sim.tasks.close();
        self.sim.tasks.wait().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.sim.closing.cancel();
    }
}
