//! From a request's body into a file: as it comes, in constant memory, no more than was announced.

use std::{io, time::Duration};

use axum::body::Bytes;
use contract::UploadKind;
use futures_util::{Stream, StreamExt as _};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    UploadError,
    look::Refusal,
    sniff::{HEAD_BYTES, sniff},
};

/// What has to come within [`Rules::stall`]: in half a minute 8 kB a second, less than the slowest phone network brings.
/// Who brings less would hold a connection for days.
const LEAST_BYTES: u64 = 240_000;
/// After how many bytes the disk is asked again how much is free.
const ASK_DISK_EVERY: u64 = 8 << 20;

/// What a copy keeps to.
pub(super) struct Rules<'a, F> {
    /// How many bytes may still come.
    pub(super) left: u64,
    /// How long [`LEAST_BYTES`] may take.
    pub(super) stall: Duration,
    /// When the upload is over, however far it is.
    pub(super) expires: Instant,
    /// Ended when a newer request goes on with the upload.
    pub(super) is_over: &'a CancellationToken,
    /// Ended when the server stops.
    pub(super) stopping: &'a CancellationToken,
    /// Whether there is room on the disk for others too.
    pub(super) has_room: F,
}

/// Copies `body` to the end of `file`. What was written before an error is there, or is as soon as the file is flushed.
pub(super) async fn copy<W, S, E, F>(
    body: &mut S,
    file: &mut W,
    head: &mut Head,
    mut rules: Rules<'_, F>,
) -> Result<(), UploadError>
where
    W: AsyncWrite + Unpin,
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    F: Fn() -> io::Result<bool>,
{
    let mut patience = Instant::now() + rules.stall;
    let (mut since_patience, mut since_asked) = (0, ASK_DISK_EVERY);
    loop {
        let bytes = tokio::select! {
            biased;
            () = rules.is_over.cancelled() => return Err(UploadError::Superseded),
            () = rules.stopping.cancelled() => return Err(UploadError::Stopping),
            bytes = body.next() => bytes,
            () = sleep_until(patience.min(rules.expires)) => return Err(UploadError::Cut),
        };
        let bytes = match bytes {
            None => return Ok(()),
            Some(Err(_)) => return Err(UploadError::Cut),
            Some(Ok(bytes)) => bytes,
        };
        let length = bytes.len() as u64;
        rules.left = rules.left.checked_sub(length).ok_or(UploadError::Overrun)?;
        head.add(&bytes)?;
        if since_asked >= ASK_DISK_EVERY {
            since_asked = 0;
            if !(rules.has_room)()? {
                return Err(io::Error::from(io::ErrorKind::StorageFull).into());
            }
        }
        let started = Instant::now();
        file.write_all(&bytes).await?;
        // A slow disk is not the client's fault.
        patience += started.elapsed();
        since_asked += length;
        since_patience += length;
        if since_patience >= LEAST_BYTES {
            since_patience = 0;
            patience = Instant::now() + rules.stall;
        }
    }
}

/// A file's first bytes, until they tell what it may be.
#[derive(Debug)]
pub(super) struct Head {
    bytes: Vec<u8>,
    enough: usize,
    declared: Option<UploadKind>,
}

impl Head {
    /// The head of a file that will have `length` bytes, of which `bytes` are here.
    pub(super) fn new(bytes: Vec<u8>, length: u64, declared: Option<UploadKind>) -> Self {
        Self { bytes, enough: usize::try_from(length).unwrap_or(usize::MAX).min(HEAD_BYTES), declared }
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if self.bytes.len() >= self.enough {
            return Ok(());
        }
        let missing = self.enough - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        if self.bytes.len() < self.enough { Ok(()) } else { sniff(&self.bytes, self.declared).map(drop) }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Poll},
    };

    use futures_util::stream;

    use super::*;

    /// A disk that takes so many bytes and no more.
    struct Disk {
        bytes: Vec<u8>,
        room: usize,
    }

    impl AsyncWrite for Disk {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            let fitting = bytes.len().min(self.room - self.bytes.len());
            if fitting == 0 {
                return Poll::Ready(Err(io::ErrorKind::StorageFull.into()));
            }
            self.bytes.extend_from_slice(&bytes[..fitting]);
            Poll::Ready(Ok(fitting))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn wav(length: usize) -> Vec<u8> {
        b"RIFF\0\0\0\0WAVEfmt ".iter().copied().chain(std::iter::repeat(7)).take(length).collect()
    }

    fn disk(room: usize) -> Disk {
        Disk { bytes: Vec::new(), room }
    }

    /// Copies `sent` in pieces of 100 bytes, to be followed by whatever `then` is.
    async fn copy_to(
        disk: &mut Disk,
        sent: &[u8],
        then: impl Stream<Item = Result<Bytes, io::Error>> + Unpin,
        left: u64,
        has_room: bool,
    ) -> Result<(), UploadError> {
        let pieces: Vec<_> = sent.chunks(100).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let token = CancellationToken::new();
        let rules = Rules {
            left,
            stall: Duration::from_secs(30),
            expires: Instant::now() + Duration::from_mins(1),
            is_over: &token,
            stopping: &token,
            has_room: || Ok(has_room),
        };
        copy(&mut stream::iter(pieces).chain(then), disk, &mut Head::new(Vec::new(), left, None), rules).await
    }

    #[tokio::test]
    async fn a_full_disk_keeps_what_it_took() {
        let (mut disk, sent) = (disk(950), wav(2_000));
        let full = copy_to(&mut disk, &sent, stream::empty(), 2_000, true).await;
        assert!(matches!(full, Err(UploadError::DiskFull(_))), "{full:?}");
        assert_eq!(disk.bytes, sent[..950]);
    }

    #[tokio::test]
    async fn nothing_is_written_where_others_need_the_room() {
        let mut disk = disk(9_999);
        let full = copy_to(&mut disk, &wav(2_000), stream::empty(), 2_000, false).await;
        assert!(matches!(full, Err(UploadError::DiskFull(_))), "{full:?}");
        assert!(disk.bytes.is_empty());
    }

    #[tokio::test]
    async fn a_broken_body_keeps_what_came_before() {
        let (mut disk, sent) = (disk(9_999), wav(700));
        let broken = stream::iter([Err(io::ErrorKind::ConnectionReset.into())]);
        let cut = copy_to(&mut disk, &sent, broken, 2_000, true).await;
        assert!(matches!(cut, Err(UploadError::Cut)), "{cut:?}");
        assert_eq!(disk.bytes, sent);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_falls_silent_is_ended_and_what_came_is_kept() {
        let (mut disk, sent) = (disk(9_999), wav(700));
        let cut = copy_to(&mut disk, &sent, stream::pending(), 2_000, true).await;
        assert!(matches!(cut, Err(UploadError::Cut)), "{cut:?}");
        assert_eq!(disk.bytes, sent);
    }

    /// `bytes` every second, until the whole has come.
    fn each_second(bytes: usize, count: usize) -> impl Stream<Item = Result<Bytes, io::Error>> + Unpin {
        let piece = Bytes::from(vec![7; bytes]);
        Box::pin(stream::iter(0..count).then(move |_| {
            let piece = piece.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(piece)
            }
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_trickle_is_ended_and_a_slow_network_is_not() {
        let (trickle, slow) = (each_second(7_000, 40), each_second(9_000, 40));
        let cut = copy_to(&mut disk(999_999), &wav(700), trickle, 999_999, true).await;
        assert!(matches!(cut, Err(UploadError::Cut)), "{cut:?}");
        copy_to(&mut disk(999_999), &wav(700), slow, 999_999, true).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_still_sends_when_the_upload_is_over_is_ended() {
        let started = Instant::now();
        let cut = copy_to(&mut disk(9_999_999), &wav(700), each_second(9_000, 100), 9_999_999, true).await;
        assert!(matches!(cut, Err(UploadError::Cut)), "{cut:?}");
        assert_eq!(started.elapsed().as_secs(), 60);
    }

    #[tokio::test]
    async fn no_more_is_taken_than_was_announced() {
        let mut disk = disk(9_999);
        let over = copy_to(&mut disk, &wav(2_000), stream::empty(), 1_999, true).await;
        assert!(matches!(over, Err(UploadError::Overrun)), "{over:?}");
    }

    #[tokio::test]
    async fn what_is_of_no_use_is_not_even_written() {
        let mut disk = disk(9_999);
        let refused = copy_to(&mut disk, &b"<!doctype html>".repeat(100), stream::pending(), 1_500, true).await;
        assert!(matches!(refused, Err(UploadError::NotTaken(_))), "{refused:?}");
        assert!(disk.bytes.len() < HEAD_BYTES);
    }
}
