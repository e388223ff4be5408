//! A disk that does not keep what it is given: what cannot be written down is not sent.

use std::{env, fs, path::PathBuf, process::Command};

use contract::{Code, Phase, routes};
use tempfile::TempDir;

use crate::{
    binary::{ready, server},
    helpers::{KEY, TestApp, Visitor, eventually},
};

/// What stands before the C library's own functions.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/disk_error/broken_disk.c");

/// A disk for one server, which can be broken: nothing gets to it then, every sync fails.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Made with the C compiler that the build of the store needs too.
    fn new() -> Self {
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
        let mut command = Command::new(&compiler);
        command.args(["-shared", "-fPIC", "-O1", "-o"]).arg(disk.library()).arg(SOURCE);
        let output = command.output().unwrap_or_else(|error| panic!("{compiler}: {error}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        disk
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("broken_disk.so")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// It is broken while this is there, and this has a byte for each sync that has failed.
    fn mark(&self) -> PathBuf {
        self.folder.path().join("broken")
    }

    fn break_down(&self) {
        fs::write(self.mark(), b"").unwrap();
    }

    fn mend(&self) {
        fs::remove_file(self.mark()).unwrap();
    }

    /// Waits until so many more syncs have failed.
    async fn fails(&self, times: u64) {
        let failed = || fs::metadata(self.mark()).unwrap().len();
        let before = failed();
        eventually(async || (failed() >= before + times).then_some(())).await;
    }
}

#[tokio::test]
async fn eio_from_fdatasync_on_the_intent_is_503_and_no_post() {
    let app = TestApp::idle().await;
    let disk = Disk::new();
    let mut command = server(&disk.data());
    command.env("EACHLABS_API_KEY", KEY).env("REDUB_MODE", "sandbox").env("REDUB_PROVIDER_URL", app.sim.v1_url());
    command.env("REDUB_LOG_FORMAT", "json").env("LD_PRELOAD", disk.library()).env("BROKEN_DISK", disk.mark());
    let mut child = command.spawn().unwrap();
    let (address, _log) = ready(&mut child).await;
    let mut visitor = Visitor { base: format!("http://{address}"), ..app.stranger() };
    let config = visitor.get(routes::CONFIG).await;
    visitor.cookie = Some(config.header("set-cookie").split(';').next().unwrap().to_owned());
    // It is turned away again and again, a second apart: each time an intent is written.
    let dub = visitor.ask(&app.wish("sim:429=always")).await.id.0;
    eventually(async || (app.sim.create_requests_seen() > 0).then_some(())).await;
    loop {
        visitor.until(&dub, |dub| dub.phase == Phase::Queued).await;
        disk.break_down();
        disk.fails(3).await;
        if visitor.dub(&dub).await.phase == Phase::Queued {
            break;
        }
        // What failed was to book the end of a create that was on its way already.
        disk.mend();
    }
    let sent = app.sim.create_requests_seen();
    let refused = visitor.post(routes::DUBS, &app.wish("")).await;
    assert_eq!((refused.status, refused.problem().code), (503, Code::NotReady), "{}", refused.text());
    disk.fails(4).await;
    assert_eq!(visitor.dub(&dub).await.phase, Phase::Queued);
    assert_eq!(app.sim.create_requests_seen(), sent, "nothing was sent whose intent is not on disk");

    disk.mend();
    eventually(async || (app.sim.create_requests_seen() > sent).then_some(())).await;
    let made = visitor.rest(&visitor.ask(&app.wish("")).await.id.0).await;
    assert_eq!(made.phase, Phase::Succeeded, "{:?}", made.problem);
    assert_eq!(app.sim.journal().len(), 1);
}
