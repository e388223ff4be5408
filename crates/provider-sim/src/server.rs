//! Accepts connections. Hyper's own loop in place of `axum::serve`, because a fault must be able to close a connection
//! without an answer.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// What answers in flight get to finish in.
const FAREWELL: Duration = Duration::from_secs(2);

/// In a response's extensions: send nothing, close the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropConnection;

impl DropConnection {
    pub(crate) fn response() -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Self);
        response
    }
}

/// Serves until `closing`, then lets answers in flight finish for a moment.
pub(crate) async fn serve(listener: TcpListener, app: Router, closing: CancellationToken) {
    let (graceful, gone) = (GracefulShutdown::new(), CancellationToken::new());
    loop {
        let accepted = tokio::select! {
            () = closing.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Out of descriptors, most likely: without a pause this loop would spin.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let app = app.clone();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let app = app.clone();
            async move {
                let answered: Result<Response, Infallible> = app.oneshot(request).await;
                let Ok(response) = answered;
                match response.extensions().get::<DropConnection>() {
                    Some(_) => Err(io::Error::other("closed on request")),
                    None => Ok(response),
                }
            }
        });
        let mut http = http1::Builder::new();
        let connection = graceful.watch(http.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service));
        let gone = gone.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = gone.cancelled() => {}
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                },
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
    gone.cancel();
}
