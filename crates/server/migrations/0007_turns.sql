-- Visitors take turns: see store/sqlite/turns.rs.
ALTER TABLE dubs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;  -- in which round of the queue the dub is sent
ALTER TABLE gate ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;  -- the newest round of which one was sent

DROP INDEX dubs_in_queue;
CREATE INDEX dubs_in_queue ON dubs (turn, queued_at, seq, phase) WHERE phase IN ('queued', 'staging');
CREATE INDEX dubs_in_queue_by_owner ON dubs (owner, turn, phase) WHERE phase IN ('queued', 'staging');

-- Whole, not partial: SQLite takes a partial index only where a query repeats its condition word for word, and without
-- one every look at what is due would read all dubs that ever were.
DROP INDEX dubs_due;
CREATE INDEX dubs_due ON dubs (phase, due_at);
CREATE INDEX dubs_made ON dubs (resolution, finished_at) WHERE phase = 'succeeded';
