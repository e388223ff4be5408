//! The program itself: how it starts, what it says, how it stops, and that it keeps the key to itself.

use std::{
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use contract::{Phase, routes};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::helpers::{KEY, TestApp, Visitor};

const BOUND: Duration = Duration::from_secs(30);

pub(crate) fn server(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redub-server"));
    command.env_clear().env("REDUB_DATA", data).env("REDUB_LISTEN", "127.0.0.1:0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The address, once it is ready, and what it says from then on.
pub(crate) async fn ready(child: &mut Child) -> (String, tokio::task::JoinHandle<String>) {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut log = String::new();
    let address = timeout(BOUND, async {
        loop {
            let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("it ended: {log}"));
            log.push_str(&line);
            log.push('\n');
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            if json["message"] == "ready" {
                break json["address"].as_str().unwrap().to_owned();
            }
        }
    });
    let address = address.await.unwrap();
    let rest = tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            log.push_str(&line);
            log.push('\n');
        }
        log
    });
    (address, rest)
}

pub(crate) async fn ended(mut child: Child) -> ExitStatus {
    timeout(BOUND, child.wait()).await.expect("it ends").unwrap()
}

pub(crate) fn terminate(child: &Child) {
    let pid = child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
}

#[tokio::test]
async fn a_missing_or_wrong_value_ends_the_start_with_one_line_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, named) in [
        ("REDUB_MODE", "live", "EACHLABS_API_KEY"),
        ("REDUB_MODE", "dead", "--mode"),
        ("REDUB_LISTEN", "somewhere", "--listen"),
        ("REDUB_PROVIDER_URL", "not a url", "--provider-url"),
        ("REDUB_ESTIMATE_SECONDS", "soon", "--estimate-seconds"),
    ] {
        let output = timeout(BOUND, server(folder.path()).env(name, value).output()).await.unwrap().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(named), "{said}");
    }
}

#[tokio::test]
async fn help_names_every_variable() {
    let folder = tempfile::tempdir().unwrap();
    let output = timeout(BOUND, server(folder.path()).arg("--help").output()).await.unwrap().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for name in
        ["EACHLABS_API_KEY", "REDUB_LISTEN", "REDUB_DATA", "REDUB_MODE", "REDUB_PROVIDER_URL", "REDUB_RESULT_HOSTS"]
    {
        assert!(help.contains(name), "{name}");
    }
}

#[tokio::test]
async fn the_key_is_nowhere_but_at_the_provider() {
    let app = TestApp::idle().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut command = server(&data);
    command.env("EACHLABS_API_KEY", KEY).env("REDUB_MODE", "sandbox").env("REDUB_PROVIDER_URL", app.sim.v1_url());
    command.env("RUST_LOG", "trace").env("REDUB_LOG_FORMAT", "json");
    let mut child = command.spawn().unwrap();
    let (address, log) = ready(&mut child).await;
    let mut visitor = Visitor { base: format!("http://{address}"), ..app.stranger() };
    let config = visitor.get(routes::CONFIG).await;
    visitor.cookie = Some(config.header("set-cookie").split(';').next().unwrap().to_owned());
    let (failing, dub) = (visitor.ask(&app.wish("sim:error")).await, visitor.ask(&app.wish("")).await);
    let mut said = format!("{:?}{}", config.headers, config.text());
    for (id, phase) in [(failing.id.0, Phase::Failed), (dub.id.0, Phase::Succeeded)] {
        let dub = visitor.rest(&id).await;
        assert_eq!(dub.phase, phase, "{:?}", dub.problem);
        said.push_str(&visitor.get(&routes::dub(&id)).await.text());
    }
    assert_eq!(app.sim.journal().len(), 2);
    terminate(&child);
    assert!(ended(child).await.success());
    said.push_str(&log.await.unwrap());
    assert!(said.contains("answered"), "the log was read");
    assert!(!said.contains(KEY), "the key was told");
    let cookie = visitor.cookie.unwrap();
    let token = cookie.trim_start_matches("redub_visitor=");
    for file in files_below(&data) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!contains(&bytes, KEY.as_bytes()), "the key is in {}", file.display());
        assert!(!contains(&bytes, token.as_bytes()), "a visitor's token is in {}", file.display());
    }
}

#[tokio::test]
async fn a_second_server_says_whose_folder_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = || {
        let mut command = server(folder.path());
        command.env("REDUB_MODE", "sandbox").env("REDUB_LOG_FORMAT", "json");
        command.env("REDUB_PROVIDER_URL", "http://127.0.0.1:1/v1");
        command
    };
    let mut first = sandbox().spawn().unwrap();
    let (_, log) = ready(&mut first).await;
    let second = timeout(BOUND, sandbox().output()).await.unwrap().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(said.contains("in use by another server") && said.contains(&*folder.path().to_string_lossy()), "{said}");
    terminate(&first);
    assert!(ended(first).await.success());
    assert!(log.await.unwrap().contains("stopped"));
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
