-- Inputs of dubs that lie where the provider can fetch them, each for one create. A row is there before its file is, and
-- until the file is gone again: nothing is left behind.
CREATE TABLE staged (
    id        INTEGER PRIMARY KEY,
    dub_id    TEXT    NOT NULL REFERENCES dubs (id),
    field     TEXT    NOT NULL CHECK (field IN ('video', 'audio', 'mask_image')),
    upload_id TEXT    NOT NULL,                      -- may be gone before this is
    place     TEXT    NOT NULL CHECK (place IN ('provider', 'public', 'bucket')),
    name      TEXT    NOT NULL,                      -- the provider's id of it, our token, or its key in the bucket
    link      TEXT    NOT NULL,                      -- what the create says
    until     INTEGER NOT NULL,                      -- the link works until then
    state     TEXT    NOT NULL DEFAULT 'arriving' CHECK (state IN ('arriving', 'ready', 'used', 'over')),
    create_id INTEGER REFERENCES creates (id),       -- the create that said the link, once used
    due_at    INTEGER NOT NULL,                      -- not to be removed before
    tries     INTEGER NOT NULL DEFAULT 0,            -- failed removals in a row
    UNIQUE (place, name)
) STRICT;

CREATE INDEX staged_by_dub ON staged (dub_id);
CREATE INDEX staged_by_create ON staged (create_id);
CREATE INDEX staged_due ON staged (due_at);

-- Every file of the dub is staged, and the links work until then.
ALTER TABLE dubs ADD COLUMN staged_until INTEGER;

DROP INDEX dubs_in_queue;
CREATE INDEX dubs_in_queue ON dubs (queued_at, seq) WHERE phase IN ('queued', 'staging');
DROP INDEX dubs_due;
CREATE INDEX dubs_due ON dubs (phase, due_at) WHERE phase IN ('staging', 'processing', 'saving');
