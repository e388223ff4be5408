//! A disk that does not keep what it is given: what cannot be written down is not sent.

use std::{
    process::{Command as Program, Stdio},
    time::Duration,
};

use contract::{Code, Phase, routes};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStderr, Command},
    time::timeout,
};

use crate::{
    binary::{ready, server},
    helpers::{KEY, TestApp, Visitor, eventually},
};

const BOUND: Duration = Duration::from_mins(1);

/// As long as it lives, nothing that `server` writes gets to the disk: every sync fails.
struct BrokenDisk {
    strace: Child,
    said: Lines<BufReader<ChildStderr>>,
}

impl BrokenDisk {
    /// `None` where nobody may trace another process.
    async fn of(server: &Child) -> Option<Self> {
        let mut command = Command::new("strace");
        command.args(["-f", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-p"]);
        command.arg(server.id().unwrap().to_string()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut strace = command.spawn().expect("strace lets system calls fail: apt-get install strace");
        let mut said = BufReader::new(strace.stderr.take().unwrap()).lines();
        let first = timeout(BOUND, said.next_line()).await.expect("strace says something").unwrap().unwrap();
        if first.contains("Operation not permitted") {
            eprintln!("not tested: this system lets no process trace another ({first})");
            return None;
        }
        assert!(first.contains("attached"), "{first}");
        Some(Self { strace, said })
    }

    async fn says(&mut self, word: &str) {
        let said = async { while !self.said.next_line().await.unwrap().expect("strace goes on").contains(word) {} };
        timeout(BOUND, said).await.expect("strace tells of it");
    }

    /// Waits until so many more syncs have failed.
    async fn fails(&mut self, times: u32) {
        for _ in 0..times {
            self.says("INJECTED").await;
        }
    }

    async fn mend(mut self) {
        // strace lets go of what it traces when it is asked to end.
        let pid = self.strace.id().unwrap().to_string();
        assert!(Program::new("kill").arg(pid).status().unwrap().success());
        timeout(BOUND, self.strace.wait()).await.expect("strace ends").unwrap();
    }
}

#[tokio::test]
async fn eio_from_fdatasync_on_the_intent_is_503_and_no_post() {
    let app = TestApp::idle().await;
    let folder = tempfile::tempdir().unwrap();
    let mut command = server(folder.path());
    command.env("EACHLABS_API_KEY", KEY).env("REDUB_MODE", "sandbox").env("REDUB_PROVIDER_URL", app.sim.v1_url());
    command.env("REDUB_LOG_FORMAT", "json");
    let mut child = command.spawn().unwrap();
    let (address, _log) = ready(&mut child).await;
    let mut visitor = Visitor { base: format!("http://{address}"), ..app.stranger() };
    let config = visitor.get(routes::CONFIG).await;
    visitor.cookie = Some(config.header("set-cookie").split(';').next().unwrap().to_owned());
    // It is turned away twice, a second apart, so there is an intent to be written while the disk is broken.
    let dub = visitor.ask(&app.wish("sim:429=2")).await;
    eventually(async || (app.sim.create_requests_seen() > 0).then_some(())).await;

    let Some(mut disk) = BrokenDisk::of(&child).await else { return };
    let refused = visitor.post(routes::DUBS, &app.wish("")).await;
    assert_eq!((refused.status, refused.problem().code), (503, Code::NotReady), "{}", refused.text());
    // What is tried from here on is the dispatcher's; what it had sent before has arrived by then.
    disk.fails(3).await;
    let sent = app.sim.create_requests_seen();
    disk.fails(4).await;
    assert_eq!(app.sim.create_requests_seen(), sent, "nothing was sent whose intent is not on disk");

    disk.mend().await;
    let dub = visitor.rest(&dub.id.0).await;
    assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);
    assert_eq!(app.sim.journal().len(), 1);
}
