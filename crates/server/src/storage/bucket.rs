//! A storage's bucket: what of it is not reading.

use std::{path::Path, sync::Arc, time::Duration};

use http::Method;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig, WriteMultipart,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path as ObjectPath,
    signer::Signer,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{fs::File, io::AsyncReadExt as _, time::timeout};
use url::Url;

use super::{READ_BYTES, STORE, StorageError};

/// How much is sent at once. S3 takes 10,000 parts of at least 5 MiB (its user guide, "Multipart upload limits", read
/// 2026-11-22): 80 GiB a file.
const PART_BYTES: usize = 8 << 20;
/// How many parts are on their way at once: each is in memory.
const PARTS_AT_ONCE: usize = 2;
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an answer may pause while it arrives.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// For how long one request is tried again.
const RETRY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the check may take: whoever asks is impatient.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);
/// What shows that the bucket can be written.
const MARKER: &str = "redub";

/// Which bucket, and how to get in.
#[derive(Debug, Clone)]
pub struct BucketSettings {
    /// Its name.
    pub name: String,
    /// The address of a service that is not Amazon's; buckets are paths below it.
    pub endpoint: Option<Url>,
    /// The region.
    pub region: String,
    /// The id of the access key.
    pub access_key_id: String,
    /// The access key.
    pub secret_access_key: SecretString,
}

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    s3: Arc<AmazonS3>,
}

impl Bucket {
    pub(super) async fn open(settings: BucketSettings) -> Result<(Self, Arc<dyn ObjectStore>), StorageError> {
        let client = ClientOptions::new()
            .with_timeout_disabled() // of a whole file; each read has its own
            .with_connect_timeout(CONNECT_TIMEOUT)
            .with_read_timeout(READ_TIMEOUT);
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client)
            .with_retry(RetryConfig { retry_timeout: RETRY_TIMEOUT, ..RetryConfig::default() })
            .with_bucket_name(settings.name)
            .with_region(settings.region)
            .with_access_key_id(settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose_secret());
        if let Some(endpoint) = settings.endpoint {
            let is_plain = endpoint.scheme() == "http";
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(is_plain);
        }
        let s3 = Arc::new(builder.build()?);
        s3.put(&ObjectPath::from(MARKER), PutPayload::from_static(b"1")).await?;
        Ok((Self { s3: s3.clone() }, s3))
    }

    pub(super) async fn link(&self, key: &ObjectPath, life: Duration) -> Result<Url, StorageError> {
        Ok(self.s3.signed_url(Method::GET, key, life).await?)
    }

    pub(super) async fn check(&self, objects: &dyn ObjectStore) -> Result<(), StorageError> {
        match timeout(CHECK_TIMEOUT, objects.head(&ObjectPath::from(MARKER))).await {
            Ok(found) => Ok(found.map(drop)?),
            Err(_) => Err(StorageError::Disk(std::io::ErrorKind::TimedOut.into())),
        }
    }
}

/// Sends the file `from`, in parts when it is large, so that memory does not grow with it. When it fails, its parts are
/// taken back; those of one that is dropped, or that a crash ends, stay until the bucket's own rule for them removes them.
pub(super) async fn put(objects: &dyn ObjectStore, from: &Path, key: &ObjectPath) -> Result<(), StorageError> {
    let mut file = File::open(from).await?;
    if file.metadata().await?.len() <= PART_BYTES as u64 {
        let mut whole = Vec::new();
        file.read_to_end(&mut whole).await?;
        objects.put(key, whole.into()).await?;
        return Ok(());
    }
    let mut parts = WriteMultipart::new_with_chunk_size(objects.put_multipart(key).await?, PART_BYTES);
    match send(&mut file, &mut parts).await {
        Ok(()) => Ok(parts.finish().await.map(drop)?),
        Err(error) => {
            if let Err(error) = parts.abort().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "parts of a file are left in the bucket");
            }
            Err(error)
        }
    }
}

async fn send(file: &mut File, parts: &mut WriteMultipart) -> Result<(), StorageError> {
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = file.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        parts.wait_for_capacity(PARTS_AT_ONCE).await?;
        parts.write(&buffer[..read]);
    }
}

/// Whether the bucket is the store's of this name. One that is nobody's is from now on.
pub(super) async fn is_of(objects: &dyn ObjectStore, name: &str) -> Result<bool, StorageError> {
    let key = ObjectPath::from(STORE);
    let found = match objects.get(&key).await {
        Err(object_store::Error::NotFound { .. }) => {
            objects.put(&key, PutPayload::from(name.to_owned())).await?;
            objects.get(&key).await?
        }
        found => found?,
    };
    Ok(found.bytes().await?.as_ref() == name.as_bytes())
}
