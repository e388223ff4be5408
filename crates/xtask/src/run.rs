//! `cargo xtask run`: from a fresh checkout to a page that answers.

use std::env;
use std::path::{self, PathBuf};
use std::thread;
use std::time::Duration;

use crate::args::Args;
use crate::build::{self, Profile, Programs};
use crate::failure;
use crate::failure::{At, Outcome};
use crate::servers::{self, Running};
use crate::{console, process, system, workspace};

/// How often the programs are looked after.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// The longest that the simulator may be told to take: half a day.
const PREDICT_SECONDS_MAX: u32 = 43_200;
/// What the simulator needs besides the time it is told to take: fetching and rendering.
const RENDER_SECONDS: u32 = 4;

#[derive(Debug)]
struct Options {
    port: u16,
    data: PathBuf,
    predict_seconds: u32,
}

impl Options {
    fn read(mut args: Args) -> Outcome<Self> {
        let data = args.option("--data")?.unwrap_or_else(|| workspace::root().join("data"));
        let options = Self {
            port: args.option("--port")?.unwrap_or(8787),
            // Of the folder where the command is typed; the programs run elsewhere.
            data: path::absolute(&data).at(data.display())?,
            predict_seconds: args.option("--predict-seconds")?.unwrap_or(8),
        };
        args.end()?;
        if options.predict_seconds > PREDICT_SECONDS_MAX {
            return Err(failure!("--predict-seconds takes {PREDICT_SECONDS_MAX} at most."));
        }
        Ok(options)
    }
}

/// Builds, starts, and stays until it is stopped.
pub(crate) fn run(args: Args) -> Outcome {
    let options = Options::read(args)?;
    // Found now, not after minutes of building.
    if options.port == 0 || !servers::is_free(options.port) {
        return Err(failure!("Port {} is taken: stop what uses it, or choose another with --port N.", options.port));
    }
    let key = env::var(process::KEY).ok().filter(|key| !key.is_empty());
    build::set_up()?;
    if key.is_none() {
        system::ffmpeg()?;
    }
    build::page()?;
    let programs = build::programs(Profile::Release)?;
    let mut running = match key {
        Some(key) => live(&options, &programs, key)?,
        None => sandbox(&options, &programs)?,
    };
    console::say(format_args!("Redub is ready at http://{}", servers::loopback(options.port)));
    loop {
        running.iter_mut().try_for_each(Running::is_up)?;
        thread::sleep(LOOK_EVERY);
    }
}

/// The provider itself. Its dubs are kept apart from the sandbox's: neither provider knows the other's predictions.
fn live(options: &Options, programs: &Programs, key: String) -> Outcome<Vec<Running>> {
    console::say("The live provider is used: every dub is billed to the key in EACHLABS_API_KEY.");
    let settings = [("REDUB_MODE", "live".to_owned()), (process::KEY, key)];
    Ok(vec![servers::server(&programs.server, options.port, &options.data.join("live"), &settings)?])
}

/// The simulator in the provider's place.
fn sandbox(options: &Options, programs: &Programs) -> Outcome<Vec<Running>> {
    console::say("EACHLABS_API_KEY is not set: a simulator stands in for the provider, and nothing is billed.");
    // A fixed port where it is free: links to the sample that a page remembers then outlive a restart.
    let port = options.port.checked_add(10).filter(|port| servers::is_free(*port)).unwrap_or(0);
    let folder = options.data.join("provider-sim");
    let (simulator, address) = servers::simulator(&programs.simulator, port, &folder, options.predict_seconds)?;
    let settings = [
        ("REDUB_MODE", "sandbox".to_owned()),
        (process::KEY, "sandbox".to_owned()),
        ("REDUB_PROVIDER_URL", format!("{address}/v1")),
        ("REDUB_SAMPLE_URL", format!("{address}/sample")),
        ("REDUB_ESTIMATE_SECONDS", (options.predict_seconds + RENDER_SECONDS).to_string()),
    ];
    let server = servers::server(&programs.server, options.port, &options.data.join("sandbox"), &settings)?;
    Ok(vec![simulator, server])
}
