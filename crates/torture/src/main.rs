//! Runs rounds of kills and prints what came of them.

use std::{future::IntoFuture as _, io::Write as _, path::PathBuf, process::ExitCode, time::Instant};

use anyhow::Context as _;
use axum::{Router, routing::get};
use clap::Parser;
use futures_util::{StreamExt as _, stream};
use tokio::net::TcpListener;
use torture::{
    points::{MISTAKE, POINTS, Point},
    programs::Simulator,
    round::{Outcome, World},
    voice,
};

/// Kills the server at every point where that could cost money, and compares what is left with what was promised.
#[derive(Debug, Parser)]
struct Args {
    /// The server, built with the feature `fail-points`
    #[arg(long)]
    server: PathBuf,
    /// The provider's stand-in
    #[arg(long)]
    simulator: PathBuf,
    /// How often it is killed at each point, at least
    #[arg(long, default_value_t = 3)]
    kills: u64,
    /// From where all chance comes; a run with the same one asks for the same dubs and breaks the network alike
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One point alone, such as C5
    #[arg(long)]
    only: Option<String>,
    /// How many rounds run at once
    #[arg(long, default_value_t = 10)]
    at_once: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let started = Instant::now();
    let mut folder = tempfile::tempdir()?;
    let journal = folder.path().join("provider");
    let simulator = Simulator::start(&args.simulator, &journal).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let voice = format!("http://{}/voice.wav", listener.local_addr()?);
    let router = Router::new().route("/voice.wav", get(|| async { ([("content-type", "audio/wav")], voice::tone()) }));
    tokio::spawn(axum::serve(listener, router).into_future());
    let world = World {
        program: args.server,
        simulator: simulator.address,
        journal,
        folder: folder.path().to_owned(),
        voice,
        seed: args.seed,
    };
    let points: Vec<Point> =
        POINTS.into_iter().filter(|point| args.only.as_ref().is_none_or(|only| only == point.name)).collect();
    anyhow::ensure!(!points.is_empty(), "there is no such point");
    let found = world.round(MISTAKE, 0).await.violations;
    anyhow::ensure!(
        found.iter().any(|violation| violation.starts_with("promise 1")),
        "a server that sends again what was in flight was not found out: {found:?}"
    );
    // Round by round over all points, so that whatever is slow at one of them does not come at the end.
    let rounds = (0..args.kills).flat_map(|number| points.iter().map(move |point| (*point, number)));
    let rounds = rounds.filter(|(point, number)| number * point.way.kills() < args.kills);
    let run = |(point, number): (Point, u64)| {
        let world = &world;
        async move { (point, number, world.round(point, number).await) }
    };
    let mut outcomes = stream::iter(rounds).map(run).buffer_unordered(args.at_once.max(1));
    let mut rows: Vec<(Point, Outcome)> = points.iter().map(|point| (*point, Outcome::default())).collect();
    while let Some((point, number, outcome)) = outcomes.next().await {
        for violation in &outcome.violations {
            eprintln!("{} round {number} of seed {}: {violation}", point.name, args.seed);
        }
        let row = rows.iter_mut().find(|(other, _)| *other == point).context("a point")?;
        row.1 += outcome;
    }
    print(&rows, args.seed, started);
    let has_held = rows.iter().all(|(_, sum)| sum.violations.is_empty());
    if !has_held {
        folder.disable_cleanup(true);
        eprintln!("what the rounds that broke left behind is in {}", folder.path().display());
    }
    Ok(if has_held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The table; its last line is read by `cargo xtask test`.
fn print(rows: &[(Point, Outcome)], seed: u64, started: Instant) {
    let mut out = std::io::stdout().lock();
    let mut line = |line: String| drop(writeln!(out, "{line}"));
    line(format!(
        "{:<8}{:<32}{:>7}{:>10}{:>8}{:>12}",
        "point", "killed when", "kills", "restarts", "orders", "violations"
    ));
    let mut all = Outcome::default();
    for (point, sum) in rows {
        let (kills, restarts, orders, broken) = (sum.kills, sum.restarts, sum.orders, sum.violations.len());
        line(format!("{:<8}{:<32}{kills:>7}{restarts:>10}{orders:>8}{broken:>12}", point.name, point.what));
        all.kills += kills;
        all.restarts += restarts;
        all.orders += orders;
    }
    let held = rows.iter().filter(|(_, sum)| sum.violations.is_empty()).count();
    line("A server that sends again what was in flight was found out.".into());
    line(format!(
        "{} kills, {} restarts, {} orders in {:.0} s; seed {seed}",
        all.kills,
        all.restarts,
        all.orders,
        started.elapsed().as_secs_f64()
    ));
    line(format!("{held} points held, {} broken", rows.len() - held));
}
