//! Starts the simulator and the server, and waits until they answer.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::failure;
use crate::failure::{At, Outcome};
use crate::{http, process};

/// How long a program may take to start.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a program may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(11);
/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// A running program that ends with its owner.
#[derive(Debug)]
pub(crate) struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    fn start(name: &'static str, command: &mut Command) -> Outcome<Self> {
        let child = command.stdin(Stdio::null()).spawn().at(format_args!("{name} cannot be started"))?;
        Ok(Self { name, child })
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails once the program has ended.
    pub(crate) fn is_up(&mut self) -> Outcome {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(failure!("{} stopped by itself: {status}.", self.name)),
        }
    }
}

/// Politely: a server may have a paid order in flight, and books it before it goes.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = process::command("sh").args(["-c", "kill \"$0\"", &self.child.id().to_string()]).status();
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < STOP_LIMIT {
            thread::sleep(ASK_EVERY);
        }
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// This port of the loopback address.
pub(crate) fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Whether a server could listen on this port now.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind(loopback(port)).is_ok()
}

/// Some free port.
pub(crate) fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind(loopback(0))?.local_addr()?.port())
}

/// Starts the simulator and gives its address, `http://127.0.0.1:PORT`.
pub(crate) fn simulator(program: &Path, port: u16, data: &Path, predict_seconds: u32) -> Outcome<(Running, String)> {
    fs::create_dir_all(data).at(data.display())?;
    let mut command = process::command(program);
    command.args(["--allow-local-media", "--listen", &loopback(port).to_string(), "--data"]).arg(data);
    command.args(["--predict-seconds", &predict_seconds.to_string()]).stdout(Stdio::piped());
    let mut running = Running::start("provider-sim", &mut command)?;
    let mut lines = running.child.stdout.take().map(|stdout| BufReader::new(stdout).lines()).into_iter().flatten();
    let (sender, address) = mpsc::channel();
    thread::spawn(move || {
        let ready =
            lines.by_ref().map_while(Result::ok).find_map(|line| Some(line.split_once(" is ready at ")?.1.to_owned()));
        let _ = sender.send(ready);
        // Whatever else it prints must not fill the pipe.
        lines.map_while(Result::ok).for_each(drop);
    });
    match address.recv_timeout(START_LIMIT) {
        Ok(Some(address)) => Ok((running, address.trim().to_owned())),
        Ok(None) => Err(failure!("provider-sim ended before it was ready.")),
        Err(_) => Err(failure!("provider-sim did not get ready within {} s.", START_LIMIT.as_secs())),
    }
}

fn server_command(program: &Path, port: u16, data: &Path, settings: &[(&str, String)]) -> Command {
    let mut command = process::command(program);
    command.args(["--listen", &loopback(port).to_string(), "--data"]).arg(data);
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    command
}

/// Starts the server and waits for its `/readyz`.
pub(crate) fn server(program: &Path, port: u16, data: &Path, settings: &[(&str, String)]) -> Outcome<Running> {
    fs::create_dir_all(data).at(data.display())?;
    let mut command = server_command(program, port, data, settings);
    wait_until_ready(Running::start("redub-server", &mut command)?, port)
}

/// As [`server`], with what it logs in the file `log`.
pub(crate) fn server_logging(
    program: &Path,
    port: u16,
    data: &Path,
    settings: &[(&str, String)],
    log: &Path,
) -> Outcome<Running> {
    fs::create_dir_all(data).at(data.display())?;
    let mut command = server_command(program, port, data, settings);
    command.stderr(fs::File::create(log).at(log.display())?);
    wait_until_ready(Running::start("redub-server", &mut command)?, port)
}

fn wait_until_ready(mut running: Running, port: u16) -> Outcome<Running> {
    let started = Instant::now();
    loop {
        running.is_up()?;
        if http::get(loopback(port), "/readyz", "identity").is_ok_and(|answer| answer.status == 200) {
            return Ok(running);
        }
        if started.elapsed() > START_LIMIT {
            return Err(failure!("redub-server did not get ready within {} s.", START_LIMIT.as_secs()));
        }
        thread::sleep(ASK_EVERY);
    }
}
