//! Fills the store of a server that does not run: dubs that are over, and dubs that are not. For `cargo xtask bench jobs`.
//!
//! The server's own store makes the file, so it has the server's own schema; what then stands in it is written in one
//! transaction, as no server could in so short a time.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Parser;
use redub_server::store::SqliteStore;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

/// Fills a new store.
#[derive(Parser)]
struct Args {
    /// The file of the store
    store: PathBuf,
    /// How many dubs are over
    #[arg(long, default_value_t = 100_000)]
    finished: u32,
    /// How many are not: eight are being made, two being sent, two being saved, the others wait
    #[arg(long, default_value_t = 1_000)]
    unfinished: u32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Args { store, finished, unfinished } = Args::parse();
    drop(SqliteStore::open(&store).await.context("the store cannot be made")?);
    fill(&store, finished, unfinished).await.context("the store cannot be filled")
}

async fn fill(store: &Path, finished: u32, unfinished: u32) -> sqlx::Result<()> {
    let mut db = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(store)).await?;
    let mut tx = db.begin().await?;
    sqlx::query(DUBS).bind(finished).bind(finished + unfinished).bind(INPUT).execute(&mut *tx).await?;
    // A create of everything that was sent; it holds a slot for as long as the provider is at work.
    sqlx::query(CREATES).execute(&mut *tx).await?;
    sqlx::query("UPDATE dubs SET create_id = seq WHERE phase <> 'queued'").execute(&mut *tx).await?;
    tx.commit().await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut db).await?;
    db.close().await
}

/// Links as long as such are.
const INPUT: &str = r#"{"video":{"url":"https://media.example.com/customers/4711/projects/spring-campaign/videos/presenter-final.mp4"},
"audio":{"url":"https://media.example.com/customers/4711/projects/spring-campaign/voices/greeting-es-final.mp3"},
"prompt":"A woman in a blue jacket speaks to the camera, calmly and with small gestures.","resolution":"720p","seed":7}"#;

/// One a minute, by five hundred visitors; each took two to six minutes. Their results were kept for their time and are gone:
/// there are no files.
const DUBS: &str = "
    WITH RECURSIVE
      n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2),
      dub (i, at, phase) AS (
        SELECT i, (unixepoch() - 60 * (?2 - i)) * 1000,
               CASE WHEN i <= ?1 THEN 'succeeded' WHEN i <= ?1 + 8 THEN 'processing' WHEN i <= ?1 + 10 THEN 'submitting'
                    WHEN i <= ?1 + 12 THEN 'saving' ELSE 'queued' END
        FROM n)
    INSERT INTO dubs (seq, id, owner, idempotency_key, body_hash, label, input, resolution, phase, created_at, updated_at,
                      queued_at, started_at, finished_at, estimate_s, due_at, turn, result_url, made_ms)
    SELECT i, printf('%032x', i), printf('%064x', i % 500), printf('key-%d', i), printf('%064x', i), 'Spanish', ?3, '720p', phase, at, at,
           at, iif(phase = 'queued', NULL, at + 1000), iif(phase = 'succeeded', at + 120000 + i % 240000, NULL), 300, at,
           iif(phase = 'queued', i - ?1, 0), iif(phase IN ('saving', 'succeeded'), 'https://media.example.com/result.mp4', NULL),
           iif(phase = 'succeeded', 20000, NULL)
    FROM dub";

const CREATES: &str = "
    INSERT INTO creates (id, dub_id, intent_at, ended_at, outcome, prediction_id, slot_until, sent)
    SELECT seq, id, created_at, iif(phase = 'submitting', NULL, created_at + 1000), iif(phase = 'submitting', NULL, 'accepted'),
           iif(phase = 'submitting', NULL, printf('prediction-%d', seq)),
           iif(phase IN ('submitting', 'processing'), 9223372036854775807, coalesce(finished_at, created_at)), input
    FROM dubs WHERE phase <> 'queued' ORDER BY seq";
