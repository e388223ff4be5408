use axum::body::{Body, Bytes};
use futures_util::{future::poll_immediate, stream};
use proptest::prelude::*;

use super::*;
use crate::store::SqliteStore;

const VOICE: &[u8] = include_bytes!("../../../provider-sim/sample/greeting_es.mp3");
const T0: Moment = Moment(1_700_000_000_000);

struct Bench {
    uploads: Arc<Uploads>,
    folder: tempfile::TempDir,
}

async fn bench(reserve_bytes: u64) -> Bench {
    bench_with(Settings { reserve_bytes, ..Settings::default() }).await
}

async fn bench_with(settings: Settings) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&folder.path().join("redub.sqlite")).await.unwrap());
    let storage = Storage::folder(folder.path()).unwrap();
    let uploads = Uploads::open(store, storage, folder.path(), settings, CancellationToken::new()).await.unwrap();
    Bench { uploads, folder }
}

impl Bench {
    async fn begin(&self) -> UploadId {
        let wish = Wish { length_bytes: VOICE.len() as u64, ..Wish::default() };
        self.uploads.begin(anna(), wish, T0).await.unwrap().id
    }

    /// Sends `bytes` from `offset` on, and breaks off then if `is_cut`.
    async fn send(&self, id: &UploadId, offset: u64, bytes: &[u8], is_cut: bool) -> Result<Progress, UploadError> {
        let pieces = bytes.chunks(1_000).map(|piece| Ok(Bytes::copy_from_slice(piece)));
        let cut = is_cut.then(|| Err(io::Error::from(io::ErrorKind::ConnectionReset)));
        let body = Body::from_stream(stream::iter(pieces.chain(cut).collect::<Vec<_>>()));
        self.uploads.append(anna(), id.clone(), offset, SentBody { bytes: None, body }, T0).await
    }

    async fn offset(&self, id: &UploadId) -> u64 {
        self.uploads.progress(&anna(), id, T0).await.unwrap().offset
    }

    fn files(&self) -> usize {
        let folders = ["arriving-uploads", "uploads"].map(|name| self.folder.path().join(name));
        folders.iter().map(|folder| std::fs::read_dir(folder).map_or(0, Iterator::count)).sum()
    }
}

fn anna() -> Owner {
    Owner("anna".into())
}

#[tokio::test]
async fn what_does_not_arrive_goes_after_a_day_and_what_nobody_uses_after_two() {
    let bench = bench(0).await;
    let (arriving, whole) = (bench.begin().await, bench.begin().await);
    bench.send(&arriving, 0, &VOICE[..5_000], true).await.unwrap_err();
    bench.send(&whole, 0, VOICE, false).await.unwrap();
    let after = |hours| T0 + std::time::Duration::from_hours(hours);
    assert_eq!(bench.uploads.expire(after(24) - std::time::Duration::from_millis(1)).await.unwrap(), 0);
    assert_eq!((bench.uploads.expire(after(24)).await.unwrap(), bench.files()), (1, 1));
    assert!(matches!(bench.uploads.progress(&anna(), &arriving, T0).await, Err(UploadError::NotFound)));
    assert_eq!(bench.uploads.expire(after(48) - std::time::Duration::from_millis(1)).await.unwrap(), 0);
    // Counted from the end of its last bytes.
    assert_eq!((bench.uploads.expire(after(49)).await.unwrap(), bench.files()), (1, 0));
}

#[tokio::test]
async fn bytes_that_a_crash_left_without_an_upload_are_removed_at_the_start() {
    let bench = bench(0).await;
    let id = bench.begin().await;
    bench.send(&id, 0, &VOICE[..5_000], true).await.unwrap_err();
    for name in ["nobodys", &format!("{id}.leaving")] {
        std::fs::write(bench.uploads.files.arriving(&UploadId(name.into())), "x").unwrap();
    }
    let (store, storage) = (bench.uploads.store.clone(), Storage::folder(bench.folder.path()).unwrap());
    Uploads::open(store, storage, bench.folder.path(), Settings::default(), CancellationToken::new()).await.unwrap();
    assert_eq!((bench.files(), bench.offset(&id).await), (1, 5_000));
}

#[tokio::test]
async fn an_upload_whose_last_byte_came_just_before_a_crash_becomes_whole_when_it_is_asked_for() {
    let bench = bench(0).await;
    let id = bench.begin().await;
    std::fs::write(bench.uploads.files.arriving(&id), VOICE).unwrap();
    let progress = bench.uploads.progress(&anna(), &id, T0).await.unwrap();
    assert_eq!(progress.upload.content.unwrap().content_type, "audio/mpeg");
    assert_eq!(bench.files(), 1);
}

#[tokio::test]
async fn an_upload_is_not_called_whole_before_somebody_has_looked() {
    let patience = std::time::Duration::from_millis(20);
    let bench = bench_with(Settings { look_patience: patience, reserve_bytes: 0, ..Settings::default() }).await;
    let id = bench.begin().await;
    std::fs::write(bench.uploads.files.arriving(&id), VOICE).unwrap();
    let turn = bench.uploads.writers.take(&id).await.unwrap();
    let asked = bench.uploads.progress(&anna(), &id, T0).await;
    assert!(matches!(asked, Err(UploadError::Looking)), "{asked:?}");
    assert!(!turn.is_over.is_cancelled(), "who looks is let go on");
}

#[tokio::test]
async fn a_look_goes_on_when_whoever_asked_hangs_up() {
    let bench = bench(0).await;
    let id = bench.begin().await;
    std::fs::write(bench.uploads.files.arriving(&id), VOICE).unwrap();
    let held: [_; LOOKS_AT_ONCE] =
        [bench.uploads.looks.acquire().await.unwrap(), bench.uploads.looks.acquire().await.unwrap()];
    let owner = anna();
    let mut asked = Box::pin(bench.uploads.progress(&owner, &id, T0));
    while bench.uploads.writers.take_if_free(&id).is_some() {
        assert!(poll_immediate(&mut asked).await.is_none());
        tokio::task::yield_now().await;
    }
    drop((asked, held));
    bench.uploads.finished().await;
    assert!(bench.uploads.store.upload(&owner, &id).await.unwrap().unwrap().content.is_some());
}

#[tokio::test]
async fn bytes_that_a_crash_left_in_the_storage_go_with_their_upload() {
    let bench = bench(0).await;
    let id = bench.begin().await;
    std::fs::write(bench.uploads.files.arriving(&id), VOICE).unwrap();
    bench.uploads.store.announce_key(&id, "uploads/a.mp3").await.unwrap();
    bench.uploads.files.keep(&id, "uploads/a.mp3").await.unwrap();
    assert_eq!(bench.files(), 2);
    assert_eq!(bench.uploads.expire(T0 + std::time::Duration::from_hours(24)).await.unwrap(), 1);
    assert_eq!(bench.files(), 0);
}

#[tokio::test]
async fn a_crash_at_any_step_of_a_removal_leaves_neither_file_nor_row() {
    for steps in [1, 2] {
        let bench = bench(0).await;
        let id = bench.begin().await;
        let key = bench.send(&id, 0, VOICE, false).await.unwrap().upload.content.unwrap().storage_key;
        let over = T0 + std::time::Duration::from_hours(49);
        assert_eq!(bench.uploads.store.expire_upload(&id, over).await.unwrap(), Disowned::Done(Some(key.clone())));
        if steps == 2 {
            bench.uploads.files.forget_whole(&key).await.unwrap();
        }
        assert_eq!(bench.uploads.store.upload(&anna(), &id).await.unwrap(), None, "its owner sees none of it");
        assert_eq!((bench.uploads.expire(over).await.unwrap(), bench.files()), (1, 0), "after {steps}");
        assert_eq!(bench.uploads.store.expire_upload(&id, over).await.unwrap(), Disowned::NotFound);
    }
}

#[tokio::test]
async fn one_upload_that_cannot_be_removed_keeps_no_other() {
    let bench = bench(0).await;
    let mut ids = [bench.begin().await, bench.begin().await];
    ids.sort_by(|a, b| a.0.cmp(&b.0));
    bench.uploads.store.announce_key(&ids[0], "no/../key").await.unwrap();
    let after = T0 + std::time::Duration::from_hours(24);
    assert_eq!(bench.uploads.expire(after).await.unwrap(), 1);
    assert_eq!(bench.uploads.store.expired_uploads(None, 9, after).await.unwrap(), &ids[..1], "it is tried again");
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_takes_no_upload() {
    let bench = bench(u64::MAX).await;
    let wish = Wish { length_bytes: 1, ..Wish::default() };
    let full = bench.uploads.begin(anna(), wish, T0).await;
    assert!(matches!(full, Err(UploadError::DiskFull(_))), "{full:?}");
}

#[tokio::test]
async fn a_disk_that_fills_up_keeps_what_came_and_lets_it_go_on_later() {
    let bench = bench(0).await;
    let id = bench.begin().await;
    bench.send(&id, 0, &VOICE[..5_000], true).await.unwrap_err();
    let (file, kept) = (bench.uploads.files.arriving(&id), bench.folder.path().join("kept"));
    std::fs::rename(&file, &kept).unwrap();
    std::os::unix::fs::symlink("/dev/full", &file).unwrap();
    let full = bench.send(&id, 0, VOICE, false).await;
    assert!(matches!(full, Err(UploadError::DiskFull(_))), "{full:?}");
    std::fs::rename(&kept, &file).unwrap();
    assert_eq!(bench.offset(&id).await, 5_000);
    assert!(bench.send(&id, 5_000, &VOICE[5_000..], false).await.unwrap().upload.content.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn wherever_it_is_cut_it_goes_on_and_arrives_as_it_was_sent(
        cuts in proptest::collection::vec((0..VOICE.len(), any::<bool>()), 0..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = bench(0).await;
            let id = bench.begin().await;
            let mut cuts = cuts;
            cuts.sort_unstable();
            for (end, is_cut) in cuts {
                let offset = usize::try_from(bench.offset(&id).await).unwrap();
                let sent = bench.send(&id, offset as u64, &VOICE[offset..end], is_cut).await;
                assert_eq!(sent.is_err(), is_cut);
                assert_eq!(bench.offset(&id).await, end as u64);
            }
            let offset = usize::try_from(bench.offset(&id).await).unwrap();
            let content = bench.send(&id, offset as u64, &VOICE[offset..], false).await.unwrap().upload.content.unwrap();
            assert_eq!(std::fs::read(bench.folder.path().join(content.storage_key)).unwrap(), VOICE);
        });
    }
}
