//! Leaves no process behind.
//!
//! The standard library cannot catch a signal, and a command has compilers, servers and browsers below it. So this process
//! becomes a small shell script (`supervise.sh`) that starts the command again as a process group and ends that group on Ctrl-C, on
//! SIGTERM, and when the command is over. Cargo has replaced itself with this process before, so the id that a caller knows
//! stays the one to signal.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use crate::{console, process};

/// Set for the process below the supervisor.
const MARK: &str = "REDUB_XTASK_SUPERVISED";

/// Whether a supervisor already stands above this process.
pub(crate) fn is_supervised() -> bool {
    env::var_os(MARK).is_some()
}

/// Becomes the supervisor of the same command line. Comes back only if that cannot be done.
pub(crate) fn hand_over() -> ExitCode {
    let program = match env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            console::complain(format_args!("This program cannot find itself: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let error = bash()
        .args(["-c", include_str!("supervise.sh"), "supervise"])
        .arg(program)
        .args(env::args_os().skip(1))
        .env(MARK, "1")
        .exec();
    console::complain(format_args!("bash cannot be started ({error}): install it from your system's packages."));
    ExitCode::FAILURE
}

/// A script that starts us with `&` makes us ignore SIGINT, and a shell cannot trap what it was started to ignore. GNU's `env` can
/// undo that; where there is another one, SIGTERM still stops us.
fn bash() -> Command {
    const HEARING: &str = "--default-signal=INT,TERM,HUP";
    if process::output(Command::new("env").args([HEARING, "true"])).is_none() {
        return Command::new("bash");
    }
    let mut env = Command::new("env");
    env.args([HEARING, "bash"]);
    env
}
