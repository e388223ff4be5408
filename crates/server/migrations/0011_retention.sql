-- How long results and uploads are kept, each as it was told when it came: another setting breaks no earlier promise.

ALTER TABLE dubs ADD COLUMN expires_at INTEGER;                -- when the result is removed; null: there is none, or nothing was told
ALTER TABLE dubs ADD COLUMN lost_result TEXT;                  -- the result whose file is missing, until it turns up again

CREATE INDEX dubs_kept ON dubs (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX dubs_untold ON dubs (id) WHERE result IS NOT NULL AND expires_at IS NULL;

-- For how long it is kept once it is whole, and again from each dub that is made from it; in milliseconds.
ALTER TABLE uploads ADD COLUMN kept_ms INTEGER NOT NULL DEFAULT 172800000;

CREATE INDEX uploads_by_keeping_key ON uploads (keeping_key) WHERE keeping_key IS NOT NULL;

-- By what a storage knows whose files it has: one that says another name is not tidied up by this store.
CREATE TABLE identity (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL
) STRICT;

INSERT INTO identity (id, name) VALUES (1, lower(hex(randomblob(16))));
