//! A server's life: take the data folder, open what is in it, serve, and leave in order.

use std::{
    fs::{File, TryLockError},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, StorageConfig},
    dispatch::{Breaker, Dispatcher, Parts},
    media::{FetchRules, Fetcher, MediaError, MediaStore},
    provider::{Client, ClientSettings, ProviderError},
    reconcile::{self, Reconciler},
    resolve::outward,
    router,
    routes::{self, App, page::Page, streams::Streams},
    serve,
    storage::{Storage, StorageError},
    store::{KeepStore as _, SqliteStore, StoreError},
    uploads::{self, UploadError, Uploads},
};

/// How long a connection to the provider may take to stand.
const PROVIDER_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the provider may take to answer.
const PROVIDER_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long everything has to end in order: who stops a server, kills it after 10 s.
const STOP_TIMEOUT: Duration = Duration::from_secs(9);

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The address is taken, or none of this machine's.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The data folder cannot be made or written.
    #[error("cannot use the data folder {}", .0.display())]
    Data(PathBuf, #[source] io::Error),
    /// Another server uses the data folder: two would send creates twice.
    #[error("the data folder {} is in use by another server", .0.display())]
    DataInUse(PathBuf),
    /// The store cannot be opened.
    #[error("cannot open the store")]
    Store(#[from] StoreError),
    /// Files cannot be kept where the configuration says.
    #[error("cannot use the storage")]
    Storage(#[from] StorageError),
    /// The bucket has another server's files: what one does not know it would remove.
    #[error("the bucket belongs to another data folder: take a bucket for each, or remove its object `redub-store`")]
    StorageTaken,
    /// The media folder cannot be opened, or fetching not be set up.
    #[error("cannot open the media folder")]
    Media(#[from] MediaError),
    /// The uploads' folders cannot be opened.
    #[error("cannot open the uploads")]
    Uploads(#[from] UploadError),
    /// The provider's client cannot be set up.
    #[error("cannot set up the provider's client")]
    Provider(#[from] ProviderError),
    /// The system does not tell when to stop.
    #[error("cannot listen for signals")]
    Signals(#[source] io::Error),
}

/// Listens where the configuration says, and runs until SIGTERM or Ctrl-C.
///
/// # Errors
/// Whatever keeps it from starting.
pub async fn listen_and_run(config: Config) -> Result<(), RunError> {
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).map_err(RunError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(RunError::Signals)?;
    let stop = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    let address = config.listen;
    let listener = serve::listen(address).await.map_err(|error| RunError::Listen(address, error))?;
    run(config, listener, shutdown).await
}

/// Runs on `listener` until `shutdown`.
///
/// # Errors
/// Whatever keeps it from starting.
pub async fn run(config: Config, listener: TcpListener, shutdown: CancellationToken) -> Result<(), RunError> {
    let _lock = lock(&config.data)?;
    let store = Arc::new(SqliteStore::open(&config.data.join("redub.sqlite")).await?);
    let storage = open_storage(&config).await?;
    let is_ours = storage.is_of(&store.name().await?).await?;
    // Its own server may be at work on a bucket. A folder is this process's, and `reconcile` leaves the others' files alone.
    if !is_ours && matches!(config.storage, StorageConfig::Bucket(_)) {
        return Err(RunError::StorageTaken);
    }
    let media = Arc::new(MediaStore::open(&config.data, storage.clone())?);
    let uploads = Uploads::open(store.clone(), storage.clone(), &config.data, config.uploads, shutdown.clone()).await?;
    let (breaker, is_sandbox) = (Breaker::default(), config.provider.mode == contract::Mode::Sandbox);
    let parts = Parts {
        store: store.clone(),
        provider: Client::new(ClientSettings {
            base_url: config.provider.base_url.clone(),
            key: config.provider.key.clone(),
            connect_timeout: PROVIDER_CONNECT_TIMEOUT,
            request_timeout: PROVIDER_REQUEST_TIMEOUT,
            allow_loopback: is_sandbox,
        })?,
        media: media.clone(),
        fetcher: Fetcher::new(FetchRules {
            hosts: config.results.hosts.clone(),
            allow_loopback: is_sandbox,
            max_bytes: config.results.max_bytes,
        })?,
        storage: storage.clone(),
        staging: config.staging.clone(),
        hooks_at: config.site.public_url.as_ref().and_then(|url| outward(url.as_str(), is_sandbox)),
        breaker: breaker.clone(),
        keep_results: config.results.keep,
        settings: config.dispatch,
    };
    let dispatcher = Dispatcher::start(parts, shutdown.clone()).await?;
    tokio::spawn(uploads::expire_in_time(uploads.clone(), shutdown.clone()));
    let reconciler = Reconciler { store: store.clone(), storage: storage.clone(), uploads: uploads.clone() };
    tokio::spawn(reconcile::run(reconciler, shutdown.clone()));
    let app = App {
        store,
        media,
        storage,
        uploads: uploads.clone(),
        waker: dispatcher.waker(),
        hooks: dispatcher.hooks(),
        breaker,
        streams: Streams::beside(config.connections.at_once),
        shutdown: shutdown.clone(),
        config: routes::config::of(config.provider.mode, &config.site, config.uploads.limits),
        is_https: config.site.is_https(),
        public_origin: config.site.public_url.as_ref().map(|url| url.origin().ascii_serialization()),
    };
    let router = router::router(Arc::new(app), Page::embedded().await);
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, data = %config.data.display(), "ready");
    }
    let queue_ended = async {
        shutdown.cancelled().await;
        let ended = async { tokio::join!(dispatcher.finished(), uploads.finished()) };
        if timeout(STOP_TIMEOUT, ended).await.is_err() {
            tracing::warn!("work was cut off; what it was at is put right at the next start");
        }
    };
    tokio::join!(serve::serve(listener, router, config.connections, shutdown.clone()), queue_ended);
    tracing::info!("stopped");
    Ok(())
}

/// Opens what the configuration names; a bucket must answer.
async fn open_storage(config: &Config) -> Result<Storage, StorageError> {
    match &config.storage {
        StorageConfig::Folder => Storage::folder(&config.data),
        StorageConfig::Bucket(settings) => Storage::bucket(settings.clone()).await,
    }
}

/// Takes the data folder for this process, for as long as the file is kept; the system gives it back after any end.
fn lock(data: &Path) -> Result<File, RunError> {
    let failed = |error| RunError::Data(data.to_owned(), error);
    std::fs::create_dir_all(data).map_err(failed)?;
    let file = File::options().create(true).truncate(false).write(true).open(data.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RunError::DataInUse(data.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
