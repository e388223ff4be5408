//! What a storage promises, in a folder and in a bucket alike.

use std::{ops::Range, path::PathBuf, time::Duration};

use futures_util::TryStreamExt as _;
use redub_server::{
    clock::Moment,
    storage::{BucketSettings, STORE, Storage, StorageError},
};
use tempfile::TempDir;

use crate::{helpers::Answer, s3::S3};

/// More than is sent to a bucket at once, and no multiple of it.
const LARGE_BYTES: usize = (19 << 20) + 7;

pub(crate) struct Place {
    pub(crate) storage: Storage,
    pub(crate) folder: TempDir,
    _s3: Option<S3>,
}

impl Place {
    pub(crate) fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { storage: Storage::folder(&folder.path().join("data")).unwrap(), folder, _s3: None }
    }

    pub(crate) async fn bucket() -> Self {
        let s3 = S3::start().await;
        let storage = Storage::bucket(s3.settings()).await.unwrap();
        Self { storage, folder: tempfile::tempdir().unwrap(), _s3: Some(s3) }
    }

    fn arrived(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("arrived");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) async fn put(&self, key: &str, bytes: &[u8]) {
        self.storage.adopt(&self.arrived(bytes), key).await.unwrap();
    }

    async fn read(&self, key: &str, range: Option<Range<u64>>) -> Result<Vec<u8>, StorageError> {
        let reading = self.storage.read(key, range.clone()).await?;
        let bytes: Vec<_> = reading.bytes.try_collect::<Vec<_>>().await.unwrap().concat();
        assert_eq!(reading.range.end - reading.range.start, bytes.len() as u64);
        assert!(range.is_none_or(|range| range.start == reading.range.start));
        Ok(bytes)
    }

    async fn is_missing(&self, key: &str) -> bool {
        let (size, read) = (self.storage.size(key).await, self.read(key, None).await);
        matches!((size, read), (Err(StorageError::NotFound), Err(StorageError::NotFound)))
    }
}

macro_rules! conforms {
    ($($promise:ident)*) => {
        mod in_a_folder {
            $(#[tokio::test]
            async fn $promise() {
                super::$promise(&super::Place::folder()).await;
            })*
        }

        mod in_a_bucket {
            $(#[tokio::test]
            async fn $promise() {
                super::$promise(&super::Place::bucket().await).await;
            })*
        }
    };
}

conforms! {
    an_adopted_file_is_there_in_whole_and_in_parts
    a_large_file_comes_back_as_it_was
    a_file_takes_the_place_of_what_was_there
    what_was_deleted_or_never_there_is_missing
    a_copy_outlives_what_it_was_made_from
    what_is_there_is_listed_with_its_age
    a_key_that_points_elsewhere_is_refused
    a_storage_that_can_be_written_is_ready
}

async fn an_adopted_file_is_there_in_whole_and_in_parts(place: &Place) {
    let arrived = place.arrived(b"0123456789");
    place.storage.adopt(&arrived, "media/a/dub.mp4").await.unwrap();
    assert!(!arrived.exists(), "it was taken over");
    assert_eq!(place.storage.size("media/a/dub.mp4").await.unwrap(), 10);
    assert_eq!(place.read("media/a/dub.mp4", None).await.unwrap(), b"0123456789");
    assert_eq!(place.read("media/a/dub.mp4", Some(2..5)).await.unwrap(), b"234");
    let tail = place.storage.read("media/a/dub.mp4", Some(8..99)).await.unwrap();
    assert_eq!((tail.size_bytes, tail.range), (10, 8..10));
}

async fn a_large_file_comes_back_as_it_was(place: &Place) {
    let bytes: Vec<u8> = (0..LARGE_BYTES).map(|n| u8::try_from(n * n / 7 % 251).unwrap()).collect();
    place.put("uploads/large", &bytes).await;
    assert_eq!(place.storage.size("uploads/large").await.unwrap(), LARGE_BYTES as u64);
    assert!(place.read("uploads/large", None).await.unwrap() == bytes, "other bytes came back");
    let part = (8 << 20) - 3..(16 << 20) + 3;
    let expected = &bytes[usize::try_from(part.start).unwrap()..usize::try_from(part.end).unwrap()];
    assert!(place.read("uploads/large", Some(part)).await.unwrap() == expected, "another part came back");
}

async fn a_file_takes_the_place_of_what_was_there(place: &Place) {
    place.put("uploads/a", b"old and longer").await;
    place.put("uploads/a", b"new").await;
    assert_eq!(place.read("uploads/a", None).await.unwrap(), b"new");
}

async fn what_was_deleted_or_never_there_is_missing(place: &Place) {
    assert!(place.is_missing("media/a/dub.mp4").await);
    place.put("media/a/dub.mp4", b"dub").await;
    place.put("media/b/dub.mp4", b"other").await;
    for _ in 0..2 {
        place.storage.delete("media/a/dub.mp4").await.unwrap();
        assert!(place.is_missing("media/a/dub.mp4").await);
    }
    assert_eq!(place.read("media/b/dub.mp4", None).await.unwrap(), b"other");
    let nothing = place.folder.path().join("nothing");
    assert!(place.storage.adopt(&nothing, "media/c/dub.mp4").await.is_err());
    assert!(place.is_missing("media/c/dub.mp4").await);
}

async fn a_copy_outlives_what_it_was_made_from(place: &Place) {
    place.put("uploads/a", b"voice").await;
    place.storage.copy("uploads/a", "staged/b.wav").await.unwrap();
    place.storage.delete("uploads/a").await.unwrap();
    assert_eq!(place.read("staged/b.wav", None).await.unwrap(), b"voice");
    assert!(matches!(place.storage.copy("uploads/a", "staged/c.wav").await, Err(StorageError::NotFound)));
}

async fn what_is_there_is_listed_with_its_age(place: &Place) {
    let list = async |prefix| place.storage.list(prefix).unwrap().try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(list("media").await, []);
    for key in ["media/a/dub.mp4", "media/b/dub.mp4", "uploads/c"] {
        place.put(key, b"123").await;
    }
    let mut files = list("media").await;
    files.sort_by(|one, other| one.key.cmp(&other.key));
    assert_eq!(files.iter().map(|file| &*file.key).collect::<Vec<_>>(), ["media/a/dub.mp4", "media/b/dub.mp4"]);
    let (now, minute) = (Moment::now(), Duration::from_mins(1));
    assert!(files.iter().all(|file| now - minute < file.changed_at && file.changed_at < now + minute), "{files:?}");
    place.storage.delete("uploads/c").await.unwrap();
    assert_eq!(list("uploads").await, []);
}

async fn a_key_that_points_elsewhere_is_refused(place: &Place) {
    for key in ["", "../a", "media/../../a", "/etc/passwd", "media//a", "media/./a"] {
        let arrived = place.arrived(b"1");
        assert!(matches!(place.storage.adopt(&arrived, key).await, Err(StorageError::Key)), "{key}");
        assert!(matches!(place.storage.delete(key).await, Err(StorageError::Key)), "{key}");
        assert!(matches!(place.read(key, None).await, Err(StorageError::Key)), "{key}");
    }
}

async fn a_storage_that_can_be_written_is_ready(place: &Place) {
    place.storage.check().await.unwrap();
}

#[tokio::test]
async fn a_link_opens_one_file_of_a_bucket_to_everyone_and_a_folder_has_none() {
    let place = Place::bucket().await;
    place.put("staged/a.mp4", b"0123456789").await;
    let link = place.storage.link("staged/a.mp4", Duration::from_hours(1)).await.unwrap();
    assert!(link.path().ends_with("/staged/a.mp4"), "{link}");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = Answer::to(http.get(link.clone())).await;
    assert_eq!((answer.status, &*answer.body), (200, &b"0123456789"[..]));
    let mut other = link.clone();
    other.set_path(&link.path().replace("a.mp4", "b.mp4"));
    let mut bare = link;
    bare.set_query(None);
    for url in [other, bare] {
        assert_eq!(Answer::to(http.get(url)).await.status, 403);
    }
    let folder = Place::folder();
    let refused = folder.storage.link("staged/a.mp4", Duration::from_hours(1)).await;
    assert!(matches!(refused, Err(StorageError::NoLinks)));
}

#[tokio::test]
async fn a_bucket_that_is_not_ours_is_known_at_once() {
    let s3 = S3::start().await;
    let wrong = [
        BucketSettings { secret_access_key: "wrong".into(), ..s3.settings() },
        BucketSettings { access_key_id: "wrong".into(), ..s3.settings() },
    ];
    for settings in wrong {
        let error = Storage::bucket(settings.clone()).await.unwrap_err();
        assert!(matches!(error, StorageError::Bucket(_)), "{error:?}");
        assert!(!format!("{error:?} {settings:?}").contains(crate::s3::SECRET));
    }
}

#[tokio::test]
async fn a_deleted_file_leaves_no_empty_folder() {
    let place = Place::folder();
    place.put("media/a/dub.mp4", b"dub").await;
    place.put("uploads/b", b"voice").await;
    place.storage.delete("media/a/dub.mp4").await.unwrap();
    place.storage.delete("uploads/b").await.unwrap();
    let data = place.folder.path().join("data");
    assert!(!data.join("media/a").exists());
    assert!(data.join("media").exists() && data.join("uploads").exists(), "others may be on their way into these");
}

#[tokio::test]
async fn a_bucket_is_of_the_first_store_that_asks_and_a_folder_of_the_only_one() {
    let bucket = Place::bucket().await;
    for (name, is_of) in [("one", true), ("two", false), ("one", true)] {
        assert_eq!(bucket.storage.is_of(name).await.unwrap(), is_of, "{name}");
    }
    let folder = Place::folder();
    for (name, is_of) in [("one", true), ("one", true), ("two", false), ("one", false)] {
        assert_eq!(folder.storage.is_of(name).await.unwrap(), is_of, "{name}");
    }
    for place in [bucket, folder] {
        place.storage.delete(STORE).await.unwrap();
        assert!(place.storage.is_of("two").await.unwrap(), "it was handed over");
    }
}
