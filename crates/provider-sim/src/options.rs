//! What a simulator can be told before it starts. Reading flags is the binary's business.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How a [`Simulator`](crate::Simulator) behaves; the defaults are the provider's own limits.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder for the journal, uploads and results. Made if missing; a later start with the same folder goes on from it.
    pub data_dir: PathBuf,
    /// The least time a prediction takes, unless its prompt says `sim:slow=SECONDS`.
    pub predict: Duration,
    /// Accept `http:` and loopback addresses as inputs and webhooks. Other private addresses stay refused.
    pub allow_local_media: bool,
    /// The only key that is accepted; `None` accepts any that is not empty.
    pub key: Option<String>,
    /// Predictions that may run at once under one key.
    pub running_limit: usize,
    /// Creates that may arrive in any 60 seconds under one key.
    pub creates_per_minute: usize,
    /// Where others reach this server, without a final slash; `None` for `http://` and the address it listens on.
    pub public_base: Option<String>,
    /// Pause between two tries of one webhook.
    pub webhook_gap: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data_dir: std::env::temp_dir().join("provider-sim"),
            predict: Duration::from_secs(8),
            allow_local_media: false,
            key: None,
            running_limit: 10,
            creates_per_minute: 100,
            public_base: None,
            webhook_gap: Duration::from_secs(10),
        }
    }
}
