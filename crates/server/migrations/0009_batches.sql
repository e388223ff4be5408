-- Dubs that were asked for together.
CREATE TABLE batches (
    id              TEXT PRIMARY KEY NOT NULL,
    owner           TEXT NOT NULL,                   -- SHA-256 of the visitor's token
    idempotency_key TEXT,
    body_hash       TEXT,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX batches_by_key ON batches (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;

ALTER TABLE dubs ADD COLUMN batch_id TEXT REFERENCES batches (id);
CREATE INDEX dubs_by_batch ON dubs (batch_id) WHERE batch_id IS NOT NULL;

-- A file at the provider can be shared by the dubs of a batch: a row each, with the same name. So names are not unique.
CREATE TABLE staged_anew (
    id        INTEGER PRIMARY KEY,
    dub_id    TEXT    NOT NULL REFERENCES dubs (id),
    field     TEXT    NOT NULL CHECK (field IN ('video', 'audio', 'mask_image')),
    upload_id TEXT    NOT NULL,
    place     TEXT    NOT NULL CHECK (place IN ('provider', 'public', 'bucket')),
    name      TEXT    NOT NULL,
    link      TEXT    NOT NULL,
    until     INTEGER NOT NULL,
    state     TEXT    NOT NULL DEFAULT 'arriving' CHECK (state IN ('arriving', 'ready', 'used', 'over')),
    create_id INTEGER REFERENCES creates (id),
    due_at    INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (place, name, dub_id)
) STRICT;

INSERT INTO staged_anew (id, dub_id, field, upload_id, place, name, link, until, state, create_id, due_at, tries)
SELECT id, dub_id, field, upload_id, place, name, link, until, state, create_id, due_at, tries FROM staged;
DROP TABLE staged;
ALTER TABLE staged_anew RENAME TO staged;

CREATE INDEX staged_by_dub ON staged (dub_id);
CREATE INDEX staged_by_create ON staged (create_id);
CREATE INDEX staged_due ON staged (due_at);
