//! The binary, as a parent process sees it.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provider-sim"));
    command.kill_on_drop(true).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

#[tokio::test]
async fn it_says_where_it_listens_and_stops_on_sigterm() {
    let folder = tempfile::tempdir().expect("a folder");
    let port_file = folder.path().join("port");
    let mut command = binary();
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(folder.path()).arg("--port-file").arg(&port_file);
    let mut child = command.spawn().expect("the binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let line = lines.next_line().await.expect("readable").expect("a line");
    let base = line.strip_prefix("provider-sim is ready at ").expect("the ready line");
    assert!(base.ends_with(&format!(":{}", std::fs::read_to_string(port_file).expect("the port file"))));
    let stats = reqwest::Client::builder().no_proxy().build().expect("a client").get(format!("{base}/stats"));
    assert!(stats.send().await.expect("an answer").status().is_success());
    let id = child.id().expect("it runs").to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs").success());
    assert!(child.wait().await.expect("it ends").success());
}

#[tokio::test]
async fn help_lists_the_words_that_ask_for_a_fault() {
    let output = binary().arg("--help").output().await.expect("the binary runs");
    let help = String::from_utf8(output.stdout).expect("text");
    for line in provider_sim::fault_reference().lines().filter(|line| line.starts_with("  sim:")) {
        assert!(help.contains(line.trim()), "{line}");
    }
}
