//! Where files are kept: what of the operator's words makes sense together.

use contract::media_url::is_loopback_host;
use secrecy::SecretString;

use super::{Args, ConfigError, StorageKind, check, is_origin};
use crate::storage::BucketSettings;

/// The environment variable that holds the bucket's secret key.
pub const S3_SECRET_VARIABLE: &str = "REDUB_S3_SECRET_ACCESS_KEY";

/// Where files are kept.
#[derive(Debug, Clone)]
pub enum StorageConfig {
    /// In the data folder.
    Folder,
    /// In a bucket.
    Bucket(BucketSettings),
}

impl StorageConfig {
    /// What these arguments and this secret key mean.
    pub(super) fn new(args: &Args, secret: Option<String>) -> Result<Self, ConfigError> {
        let secret = secret.map(|secret| secret.trim().to_owned()).filter(|secret| !secret.is_empty());
        let given = [
            ("--s3-bucket", args.s3_bucket.is_some()),
            ("--s3-endpoint", args.s3_endpoint.is_some()),
            ("--s3-region", args.s3_region.is_some()),
            ("--s3-access-key-id", args.s3_access_key_id.is_some()),
            (S3_SECRET_VARIABLE, secret.is_some()),
        ];
        if args.storage == StorageKind::Folder {
            return match given.iter().find(|(_, is_given)| *is_given) {
                Some((name, _)) => Err(ConfigError::Value { name, reason: "only goes with --storage s3" }),
                None => Ok(Self::Folder),
            };
        }
        let missing = |name| ConfigError::Value { name, reason: "must be set for --storage s3" };
        let is_endpoint = args.s3_endpoint.as_ref().is_none_or(|url| {
            let is_plain_here = url.scheme() == "http" && url.host_str().is_some_and(is_loopback_host);
            is_origin(url) && url.username().is_empty() && (url.scheme() == "https" || is_plain_here)
        });
        check(
            is_endpoint,
            "--s3-endpoint",
            "must be https:// and a host, without a path; http:// only on this machine",
        )?;
        Ok(Self::Bucket(BucketSettings {
            name: given_word(args.s3_bucket.as_ref()).ok_or(missing("--s3-bucket"))?,
            endpoint: args.s3_endpoint.clone(),
            region: given_word(args.s3_region.as_ref()).unwrap_or_else(|| "us-east-1".into()),
            access_key_id: given_word(args.s3_access_key_id.as_ref()).ok_or(missing("--s3-access-key-id"))?,
            secret_access_key: SecretString::from(secret.ok_or(missing(S3_SECRET_VARIABLE))?),
        }))
    }
}

fn given_word(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
