-- Moments are milliseconds since 1970 in UTC. JSON columns hold the contract's types.

CREATE TABLE dubs (
    seq             INTEGER PRIMARY KEY,             -- the order of acceptance; the library's cursor
    id              TEXT    NOT NULL UNIQUE,
    owner           TEXT    NOT NULL,                -- SHA-256 of the visitor's token
    idempotency_key TEXT,
    body_hash       TEXT,
    label           TEXT,
    input           TEXT    NOT NULL,                -- JSON: contract::DubInput
    resolution      TEXT    NOT NULL,
    phase           TEXT    NOT NULL CHECK (phase IN ('queued', 'staging', 'submitting', 'processing', 'saving',
                                                      'succeeded', 'failed', 'cancelled', 'unconfirmed')),
    version         INTEGER NOT NULL DEFAULT 1,      -- grows with every change
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    queued_at       INTEGER NOT NULL,                -- the place in the queue
    started_at      INTEGER,
    finished_at     INTEGER,
    estimate_s      INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,                -- not to be touched before
    tries           INTEGER NOT NULL DEFAULT 0,      -- failures in a row in this phase
    missing_since   INTEGER,                         -- since when the provider does not know the prediction
    create_id       INTEGER REFERENCES creates (id), -- the newest create
    problem         TEXT,                            -- JSON: contract::Problem
    metrics         TEXT,                            -- JSON: contract::Metrics
    result_url      TEXT,
    result          TEXT                             -- JSON: the stored file
) STRICT;

CREATE UNIQUE INDEX dubs_by_key ON dubs (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX dubs_by_owner ON dubs (owner, seq);
CREATE INDEX dubs_in_queue ON dubs (queued_at, seq) WHERE phase = 'queued';
CREATE INDEX dubs_due ON dubs (phase, due_at) WHERE phase IN ('processing', 'saving');

-- Every create that was, or may have been, sent. The limits are counted here, so a restart forgets nothing.
CREATE TABLE creates (
    id            INTEGER PRIMARY KEY,
    dub_id        TEXT    NOT NULL REFERENCES dubs (id),
    intent_at     INTEGER NOT NULL,
    ended_at      INTEGER,                           -- null: in flight
    outcome       TEXT CHECK (outcome IN ('accepted', 'not_sent', 'turned_away', 'refused', 'unknown')),
    prediction_id TEXT UNIQUE,
    slot_until    INTEGER NOT NULL                   -- a running slot is held until then
) STRICT;

CREATE INDEX creates_in_window ON creates (ended_at);
CREATE INDEX creates_with_slot ON creates (slot_until);
CREATE INDEX creates_by_dub ON creates (dub_id);

-- Closed while the provider wants nothing. One row.
CREATE TABLE gate (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    closed_until INTEGER NOT NULL,
    is_probing   INTEGER NOT NULL,                   -- after closing: one create at a time until one is answered
    problem      TEXT                                -- JSON: contract::Problem
) STRICT;

INSERT INTO gate (id, closed_until, is_probing) VALUES (1, 0, 0);
