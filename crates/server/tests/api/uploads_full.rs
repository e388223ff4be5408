//! A disk that fills up while an upload arrives. It is a small one, mounted where this test alone sees it: in a process of
//! its own, which needs no root; and, where the system allows no such thing, a device that is always full.

use std::{
    env,
    fs::File,
    io::{self, Write as _},
    os::unix::fs::symlink,
    path::PathBuf,
    process::Command,
};

use contract::{Code, Phase, routes};
use redub_server::config::StorageConfig;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    helpers::TestApp,
    s3::S3,
    tus::{VIDEO, id},
};

/// Set where small disks may be mounted.
const MAY_MOUNT: &str = "REDUB_TEST_MAY_MOUNT";

/// A disk of 8 MiB, until it is dropped.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// `None` for the process that was started to run the tests: it has `test` run by another, which may mount a disk, and
    /// fails as that does. Where the system lets nobody mount one, it says so.
    fn of(test: &str) -> Option<Self> {
        if env::var_os(MAY_MOUNT).is_some() {
            let disk = Self { folder: tempfile::tempdir().unwrap() };
            assert!(disk.mount(&mut Command::new("mount")).is_ok());
            return Some(disk);
        }
        let mut refused = Vec::new();
        // In a user namespace everybody is root; where there may be none, root can do without.
        for flags in [&["--map-root-user", "--mount"][..], &["--mount"]] {
            let probe = Self { folder: tempfile::tempdir().unwrap() };
            match probe.mount(Command::new("unshare").args(flags).arg("mount")) {
                Ok(()) => {
                    let mut command = Command::new("unshare");
                    command.args(flags).arg(env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
                    let output = command.env(MAY_MOUNT, "yes").output().unwrap();
                    let said = [output.stdout, output.stderr].concat();
                    let said = String::from_utf8_lossy(&said);
                    assert!(output.status.success() && said.contains(" 1 passed"), "{said}");
                    return None;
                }
                Err(why) => refused.push(why),
            }
        }
        eprintln!("not tested: this system lets nobody mount a small disk ({})", refused.join("; "));
        None
    }

    /// Mounts it with `mount`, or tells why it may not be.
    fn mount(&self, mount: &mut Command) -> Result<(), String> {
        let mount = mount.args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(self.folder.path());
        let output = mount.output().expect("mount and unshare are there: apt-get install mount util-linux");
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if output.status.success() { Ok(()) } else { Err(said) }
    }

    /// A file that takes so much of it.
    fn fill(&self, bytes: usize) -> PathBuf {
        let file = self.folder.path().join("filler");
        std::fs::write(&file, vec![7; bytes]).unwrap();
        file
    }

    /// A file that takes all that is left of it.
    fn fill_up(&self) -> PathBuf {
        let path = self.folder.path().join("filler");
        let mut file = File::create_new(&path).unwrap();
        let full = file.write_all(&vec![7; 9 << 20]).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull, "{full}");
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).output();
    }
}

/// A video of more bytes than the server holds in memory: much of it is a box that players pass over.
fn large_video() -> Vec<u8> {
    const FREE_BYTES: u32 = 5 << 20;
    let bytes = (0..FREE_BYTES - 8).map(|n| u8::try_from(n % 251).unwrap());
    [VIDEO, &FREE_BYTES.to_be_bytes(), b"free"].concat().into_iter().chain(bytes).collect()
}

#[tokio::test]
async fn disk_full_but_for_the_reserve_is_507_the_upload_goes_on_later_and_dubs_are_made_meanwhile() {
    let Some(disk) = SmallDisk::of(
        "uploads_full::disk_full_but_for_the_reserve_is_507_the_upload_goes_on_later_and_dubs_are_made_meanwhile",
    ) else {
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

/// The upload's file is the device that is always full, which needs no right to mount anything.
#[tokio::test]
async fn disk_full_is_507_running_dubs_go_on_and_so_does_the_upload_later() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let running = visitor.ask(&app.wish("sim:slow=2")).await;
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let (file, kept) = (app.config.data.join("arriving-uploads").join(id(&path)), app.config.data.join("kept"));
    let half = VIDEO.len() / 2;
    assert_eq!(visitor.patch(&path, 0, &VIDEO[..half]).await.status, 204);

    std::fs::rename(&file, &kept).unwrap();
    symlink("/dev/full", &file).unwrap();
    // The device's length is 0, and with it the offset to go on from.
    let full = visitor.patch(&path, 0, VIDEO).await;
    assert_eq!((full.status, full.problem().code), (507, Code::StorageFull), "{}", full.text());
    assert_eq!(visitor.rest(&running.id.0).await.phase, Phase::Succeeded);

    std::fs::rename(&kept, &file).unwrap();
    assert_eq!(visitor.offset(&path).await, half);
    assert_eq!(visitor.patch(&path, half, &VIDEO[half..]).await.status, 204);
}

/// Without a reserve, on a disk that only uploads come to: what fails is the write itself.
#[tokio::test]
async fn disk_full_in_the_middle_of_an_upload_is_507_and_running_dubs_go_on() {
    let Some(disk) = SmallDisk::of("uploads_full::disk_full_in_the_middle_of_an_upload_is_507_and_running_dubs_go_on")
    else {
        return;
    };
    let s3 = S3::start().await;
    let app = TestApp::with(|config| {
        std::fs::create_dir(&config.data).unwrap();
        symlink(disk.folder.path(), config.data.join("arriving-uploads")).unwrap();
        config.storage = StorageConfig::Bucket(s3.settings());
        config.uploads.reserve_bytes = 0;
    })
    .await;
    let visitor = app.visitor().await;
    let running = visitor.ask(&app.wish("sim:slow=2")).await;
    let (clip, first) = (large_video(), 300_000);
    let path = visitor.begin("video", "clip.mp4", clip.len()).await;
    let mut open = visitor.open_patch(&path, 0, clip.len(), &clip[..first]).await;

    let filler = disk.fill_up();
    // The last byte never comes: it is in the middle of the body that there is an answer.
    let (mut answers, mut sends) = open.split();
    let mut told = [0; 12];
    let (read, _) = tokio::join!(answers.read_exact(&mut told), sends.write_all(&clip[first..clip.len() - 1]));
    read.unwrap();
    assert_eq!(std::str::from_utf8(&told), Ok("HTTP/1.1 507"));
    let offset = visitor.offset(&path).await;
    assert!((first..clip.len()).contains(&offset), "{offset}");
    let arrived = std::fs::read(disk.folder.path().join(id(&path))).unwrap();
    assert!(arrived == clip[..offset], "what it says to have is what it has");
    let again = visitor.patch(&path, offset, &clip[offset..]).await;
    assert_eq!((again.status, again.problem().code), (507, Code::StorageFull), "{}", again.text());
    assert_eq!(visitor.rest(&running.id.0).await.phase, Phase::Succeeded);
    visitor.made(&app, "meanwhile").await;
    assert_eq!(visitor.offset(&path).await, offset);

    std::fs::remove_file(filler).unwrap();
    let rest = visitor.patch(&path, offset, &clip[offset..]).await;
    assert_eq!(rest.status, 204, "{}", rest.text());
    let whole = visitor.get(&routes::media(id(&path), "clip.mp4")).await;
    assert!(whole.status == 200 && whole.body == clip, "it arrived whole");
}
