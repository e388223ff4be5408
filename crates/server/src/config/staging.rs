//! How the provider gets at files: what of the operator's words makes sense together.

use contract::Mode;

use super::{Args, ConfigError, StagingKind, StorageKind, check};
use crate::{dispatch::StagingWay, provider::FILE_MAX_BYTES, resolve::outward};

/// The largest file that S3 copies in one request (its user guide, "Copying objects", read 2026-11-22).
const COPY_MAX_BYTES: u64 = 5 << 30;

/// Why an upload's limit is refused.
pub(super) const TAKES_RULE: &str = "what is taken must reach the provider: at most 100000000 with --staging provider, \
                                     at most 5368709120 with --staging s3";

/// Whether files of this size can be staged this way.
pub(super) fn takes(way: StagingKind, max_bytes: u64) -> bool {
    match way {
        StagingKind::Provider => max_bytes <= FILE_MAX_BYTES,
        StagingKind::Public => true,
        StagingKind::S3 => max_bytes <= COPY_MAX_BYTES,
    }
}

/// What these arguments mean.
pub(super) fn way(args: &Args) -> Result<StagingWay, ConfigError> {
    let is_sandbox = args.mode == Mode::Sandbox;
    let is_outward = |url: &url::Url| outward(url.as_str(), is_sandbox).is_some();
    match args.staging {
        StagingKind::Provider => Ok(StagingWay::Provider),
        StagingKind::Public => {
            let name = "--public-url";
            let missing = ConfigError::Value { name, reason: "must be set for --staging public" };
            let url = args.public_url.clone().ok_or(missing)?;
            check(is_outward(&url), name, "must be https:// on a public host for --staging public")?;
            Ok(StagingWay::Public(url))
        }
        StagingKind::S3 => {
            check(args.storage == StorageKind::S3, "--staging", "s3 only goes with --storage s3")?;
            let endpoint = args.s3_endpoint.as_ref();
            check(endpoint.is_none_or(is_outward), "--s3-endpoint", "must be on a public host for --staging s3")?;
            Ok(StagingWay::Bucket)
        }
    }
}
