//! Redub's own commands: set-up, run, test, size, bench, audit.
//!
//! Only the standard library is used, so that `cargo xtask` itself is ready in seconds on a fresh machine. `cargo xtask --help` is
//! the reference. What the commands build and start lives in the other packages; nothing here is part of the product.

mod args;
mod audit;
mod bench;
mod build;
mod check;
mod console;
mod counts;
mod e2e;
mod failure;
mod http;
mod process;
mod run;
mod servers;
mod size;
mod supervise;
mod system;
mod test;
mod tools;
mod torture;
mod workspace;

use std::process::ExitCode;

use args::Args;
use failure::Outcome;

/// What `--help` prints.
const HELP: &str = include_str!("help.txt");

fn main() -> ExitCode {
    let mut args = Args::from_env();
    let Some(command) = args.command() else {
        console::say(HELP);
        return ExitCode::SUCCESS;
    };
    // A command may start compilers, servers and browsers: the supervisor ends all of them, whatever ends this command.
    if command != "check" && !supervise::is_supervised() {
        return supervise::hand_over();
    }
    match dispatch(&command, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.0.is_empty() {
                console::complain(failure);
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, args: Args) -> Outcome {
    match command {
        "run" => run::run(args),
        "test" => args.end().and_then(|()| test::run()),
        "e2e" => e2e::only(&args.rest()),
        "screenshots" => e2e::screenshots(args),
        "watch" => args.end().and_then(|()| build::watch()),
        "size" => size::run(args),
        "bench" => bench::run(args),
        "torture" => torture::run(args),
        "check" => args.end().and_then(|()| check::run()),
        "audit" => args.end().and_then(|()| audit::run()),
        other => Err(failure!("There is no command `{other}`: `cargo xtask --help` lists them.")),
    }
}
