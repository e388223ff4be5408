//! A disk that fills up while an upload arrives.

use std::{path::PathBuf, process::Command};

use contract::{Code, Phase};
use tempfile::TempDir;

use crate::{helpers::TestApp, tus::VIDEO};

/// A disk of 8 MiB, until it is dropped.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// `None` for who may not mount one.
    fn mount() -> Option<Self> {
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(disk.folder.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(disk)
    }

    /// A file that takes so much of it.
    fn fill(&self, bytes: usize) -> PathBuf {
        let file = self.folder.path().join("filler");
        std::fs::write(&file, vec![7; bytes]).unwrap();
        file
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).output();
    }
}

#[tokio::test]
async fn a_full_disk_is_507_the_upload_goes_on_later_and_dubs_are_made_meanwhile() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("not tested: only root may mount a small disk");
        return;
    };
    let app = TestApp::with(|config| {
        config.data = disk.folder.path().join("data");
        config.uploads.reserve_bytes = 4 << 20;
    })
    .await;
    let visitor = app.visitor().await;
    let (path, half) = (visitor.begin("video", "clip.mp4", VIDEO.len()).await, VIDEO.len() / 2);
    assert_eq!(visitor.patch(&path, 0, &VIDEO[..half]).await.status, 204);

    let filler = disk.fill(4 << 20);
    let dub = visitor.ask(&app.wish("")).await;
    let full = visitor.patch(&path, half, &VIDEO[half..]).await;
    assert_eq!((full.status, full.problem().code), (507, Code::StorageFull), "{}", full.text());
    let more = visitor.begin_with(VIDEO.len() as u64, "").await;
    assert_eq!((more.status, more.problem().code), (507, Code::StorageFull), "{}", more.text());
    assert_eq!(visitor.offset(&path).await, half);
    let dub = visitor.rest(&dub.id.0).await;
    assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);

    std::fs::remove_file(filler).unwrap();
    assert_eq!(visitor.patch(&path, half, &VIDEO[half..]).await.status, 204);
    assert_eq!(visitor.offset(&path).await, VIDEO.len());
}
