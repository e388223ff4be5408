//! Runs the server until it is told to stop.

use std::process::ExitCode;

use redub_server::{config::Config, run, telemetry};

/// What a shell takes for wrong usage: the configuration is missing or wrong.
const BAD_CONFIG: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::from_process() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("redub-server: {error}");
            return ExitCode::from(BAD_CONFIG);
        }
    };
    telemetry::init(&config.log);
    match run::listen_and_run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("redub-server: {}", telemetry::chain(&error));
            ExitCode::FAILURE
        }
    }
}
