//! Connections: how many, how slow, and how they end.
//!
//! `axum::serve` waits for a request's headers for ever, which lets a few idle clients shut everybody else out; so the
//! loop is our own.

use std::{io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;

/// How long a client may take for a request's headers, and stay connected without a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How much of a request's line and headers is read at most: four times what browsers send.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// How long requests in flight have to end once the server is to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait when the system has no more sockets to give.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(200);

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many are served at once.
    pub at_once: usize,
    /// How long a client may take nothing of what is sent to it.
    pub write_stall: Duration,
}

impl Default for Limits {
    /// A paused player may take nothing for a while; it asks for the rest when it goes on.
    fn default() -> Self {
        Self { at_once: 1024, write_stall: Duration::from_mins(1) }
    }
}

/// Serves `router` until `shutdown`, then lets requests in flight end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, shutdown: CancellationToken) {
    let slots = Arc::new(Semaphore::new(limits.at_once));
    let graceful = GracefulShutdown::new();
    loop {
        // A client without a slot waits in the system's queue.
        let accepted = async {
            let slot = slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, stream) = tokio::select! {
            () = shutdown.cancelled() => break,
            (slot, accepted) = accepted => match accepted {
                Ok((stream, _)) => (slot, stream),
                Err(error) => {
                    wait_out(&error).await;
                    continue;
                }
            },
        };
        let connection = connection(stream, router.clone(), limits.write_stall);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _slot = slot;
            if let Err(error) = connection.await {
                tracing::debug!(error = crate::telemetry::chain(&error), "a connection broke");
            }
        });
    }
    drop(listener);
    if timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off: they did not end in time");
    }
}

type Stream = TokioIo<Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(
    stream: TcpStream,
    router: Router,
    write_stall: Duration,
) -> http1::Connection<Stream, TowerToHyperService<Router>> {
    let _ = stream.set_nodelay(true); // small answers at once; without it they are only late
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_stall));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(router))
}

/// A client that left before it was accepted is its own affair; anything else must not become a busy loop.
async fn wait_out(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be accepted");
        sleep(ACCEPT_BACKOFF).await;
    }
}

/// Starts to listen.
///
/// # Errors
/// When the address is taken or is none of this machine's.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}
