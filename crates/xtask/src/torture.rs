//! `cargo xtask torture`: the server is killed wherever that could cost money, and what is left is compared with the promises.

use std::process::Command;

use crate::args::Args;
use crate::counts::{self, Counts};
use crate::failure::Outcome;
use crate::{build, process, system};

/// How often the server is killed at each point when nothing else is asked for.
const KILLS: u64 = 100;
/// How often in `cargo xtask test`.
const KILLS_IN_TEST: u64 = 3;

/// Many kills, with a table.
pub(crate) fn run(mut args: Args) -> Outcome {
    let kills = args.option("--kills")?.unwrap_or(KILLS);
    let options = ["--seed", "--only", "--at-once"].map(|name| (name, args.option::<String>(name)));
    args.end()?;
    system::toolchain()?;
    system::ffmpeg()?;
    let mut torture = program(kills)?;
    for (name, value) in options {
        if let Some(value) = value? {
            torture.args([name, &value]);
        }
    }
    process::run(&mut torture)
}

/// A few, each point counted as a test.
pub(crate) fn few() -> Outcome<Counts> {
    let (succeeded, text) = process::run_reading(&mut program(KILLS_IN_TEST)?)?;
    Ok(counts::of_torture(&text).blaming(succeeded))
}

fn program(kills: u64) -> Outcome<Command> {
    let (torture, programs) = build::for_torture()?;
    let mut command = process::command(torture);
    command.arg("--server").arg(programs.server).arg("--simulator").arg(programs.simulator);
    command.args(["--kills", &kills.to_string()]);
    Ok(command)
}
