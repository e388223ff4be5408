//! A server that speaks S3, in this process on a free port, over a folder of its own.

use std::path::PathBuf;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use redub_server::{config::StorageConfig, storage::BucketSettings};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::helpers::TestApp;

const BUCKET: &str = "redub-test";
const KEY_ID: &str = "id-of-the-key";
pub(crate) const SECRET: &str = "s3cret-5ca1ab1e-and-nowhere-else";

pub(crate) struct S3 {
    endpoint: String,
    folder: TempDir,
    _on_drop: DropGuard,
}

impl S3 {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        let on_drop = shutdown.clone().drop_guard();
        tokio::spawn(shutdown.run_until_cancelled_owned(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let service = service.clone();
                connections.spawn(async move {
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        }));
        Self { endpoint, folder, _on_drop: on_drop }
    }

    pub(crate) fn settings(&self) -> BucketSettings {
        BucketSettings {
            name: BUCKET.into(),
            endpoint: Some(self.endpoint.parse().unwrap()),
            region: "us-east-1".into(),
            access_key_id: KEY_ID.into(),
            secret_access_key: SECRET.into(),
        }
    }

    /// Where the bucket keeps a file.
    pub(crate) fn path(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }
}

impl TestApp {
    /// As [`idle`](Self::idle), with its files in the bucket.
    pub(crate) async fn idle_with(s3: &S3) -> Self {
        Self::with(|config| {
            config.dispatch.limits.running = 0;
            config.storage = StorageConfig::Bucket(s3.settings());
        })
        .await
    }
}
