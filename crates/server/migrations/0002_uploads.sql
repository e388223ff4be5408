-- Files from visitors. What has arrived of one is the length of its file; everything else about it is here.
CREATE TABLE uploads (
    id            TEXT    PRIMARY KEY NOT NULL,
    owner         TEXT    NOT NULL,                  -- SHA-256 of the visitor's token
    declared_kind TEXT,                              -- what its owner said it is for
    metadata      TEXT,                              -- Upload-Metadata as it was sent, to be told again
    file_name     TEXT    NOT NULL,                  -- cleaned; for people, never a path
    length_bytes  INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    kind          TEXT CHECK (kind IN ('video', 'audio', 'image')), -- null: arriving; else what its content told
    extension     TEXT,
    content_type  TEXT,
    storage_key   TEXT UNIQUE,
    CHECK ((kind IS NULL) = (storage_key IS NULL))
) STRICT;

CREATE INDEX uploads_by_owner ON uploads (owner);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- Which dubs are made from which uploads. An upload stays while a dub that is not final needs it.
CREATE TABLE dub_uploads (
    dub_id    TEXT NOT NULL REFERENCES dubs (id) ON DELETE CASCADE,
    upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    PRIMARY KEY (dub_id, upload_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX dub_uploads_by_upload ON dub_uploads (upload_id);
