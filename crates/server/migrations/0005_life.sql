-- The rest of a dub's life: cancelled, deleted, found again. A deleted dub stays as a row of nobody's (its owner is empty)
-- without what it was made from, so that a create of it that turns up late can still be booked.

-- Since when its owner wants it cancelled, where that has to wait for the provider.
ALTER TABLE dubs ADD COLUMN cancel_asked_at INTEGER;

-- JSON: contract::DubInput with the links that were sent, by which a lost create is recognised.
ALTER TABLE creates ADD COLUMN sent TEXT;
-- A prediction that nobody waits for: its dub had another one, or was over, when it was found.
ALTER TABLE creates ADD COLUMN booked_as TEXT CHECK (booked_as IN ('duplicate_spend', 'late'));
-- When the provider is to be asked to cancel it; null: it is not to be asked.
ALTER TABLE creates ADD COLUMN cancel_at INTEGER;
ALTER TABLE creates ADD COLUMN cancel_tries INTEGER NOT NULL DEFAULT 0;

CREATE INDEX creates_to_cancel ON creates (cancel_at) WHERE cancel_at IS NOT NULL;

-- Results that are to be removed from the storage: a row is there from the commit that gave them up until they are gone.
CREATE TABLE removals (
    dub_id    TEXT    NOT NULL,
    file_name TEXT    NOT NULL,
    due_at    INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (dub_id, file_name)
) STRICT, WITHOUT ROWID;

CREATE INDEX removals_due ON removals (due_at);
