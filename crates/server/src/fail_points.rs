//! Points at which a test has this process killed, as a power cut would: nothing is flushed, closed or put in order.
//!
//! `REDUB_KILL_AT=C5` kills it when it first comes to the point C5, `REDUB_KILL_AT=C5:3` when it comes there for the third
//! time. The points stand where the code does what they are named by; `crates/torture` lists them. They are there with the
//! feature `fail-points` alone, which no release build can have: without it the macro leaves nothing behind.
//!
//! With the feature there is also a mistake to be had, by which `crates/torture` sees that it would find one: `REDUB_MISTAKE=1`.
//! And `REDUB_KEEP_MS=1` has results and uploads kept for so many milliseconds: nobody waits for days to see them go.

#[cfg(all(feature = "fail-points", not(debug_assertions)))]
compile_error!("the feature `fail-points` is for tests: a release must not end because a variable is set");

/// Ends the process here, if this is the point that is asked for.
macro_rules! fail_point {
    ($point:ident) => {
        #[cfg(feature = "fail-points")]
        $crate::fail_points::reached(stringify!($point));
    };
}
pub(crate) use fail_point;

/// A client that passes the point C3 once a connection stands and before a byte is sent over it.
pub(crate) fn once_connected(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(feature = "fail-points")]
    let builder = builder.connector_layer(tower::layer::layer_fn(|connector| {
        tower::ServiceExt::map_response(connector, |connection| {
            fail_point!(C3);
            connection
        })
    }));
    builder
}

/// How long what would be kept for `asked` is kept.
pub(crate) fn kept(asked: std::time::Duration) -> std::time::Duration {
    #[cfg(feature = "fail-points")]
    let asked = armed::keep().unwrap_or(asked);
    asked
}

#[cfg(feature = "fail-points")]
pub(crate) use armed::{is_mistaken, reached};

#[cfg(feature = "fail-points")]
mod armed {
    use std::{
        sync::{
            LazyLock,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    use rustix::process::{Signal, getpid, kill_process};

    /// The point, and how often it is still to be passed.
    static ARMED: LazyLock<Option<(String, AtomicU32)>> = LazyLock::new(|| {
        let asked = std::env::var("REDUB_KILL_AT").ok()?;
        let (point, times) = asked.split_once(':').unwrap_or((&asked, "1"));
        Some((point.to_owned(), AtomicU32::new(times.parse().ok()?)))
    });

    /// Whether what was in flight is to be queued again at the start, which must never be.
    pub(crate) fn is_mistaken() -> bool {
        std::env::var_os("REDUB_MISTAKE").is_some()
    }

    /// How long everything is kept, where that is asked for.
    pub(super) fn keep() -> Option<Duration> {
        Some(Duration::from_millis(std::env::var("REDUB_KEEP_MS").ok()?.parse().ok()?))
    }

    pub(crate) fn reached(point: &str) {
        let Some((armed, left)) = &*ARMED else { return };
        if armed == point && left.fetch_sub(1, Ordering::Relaxed) == 1 {
            // Nobody who sends this signal to themselves comes back.
            let _ = kill_process(getpid(), Signal::KILL);
        }
    }
}
