-- In which order dubs change, so that whoever watches them goes on where they were cut off. The numbers are given by the
-- database itself: no change of a dub that an owner sees can be forgotten by whoever writes the next one.
CREATE TABLE changes (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    last  INTEGER NOT NULL,                          -- the number of the newest change of any dub; none is given twice
    queue INTEGER NOT NULL                           -- grows when a place in the queue, or why it stands, may have changed
) STRICT;

ALTER TABLE dubs ADD COLUMN change INTEGER NOT NULL DEFAULT 0; -- the number of its newest change

UPDATE dubs SET change = seq;
INSERT INTO changes (id, last, queue) SELECT 1, coalesce(max(seq), 0), 0 FROM dubs;

CREATE INDEX dubs_by_change ON dubs (change);
CREATE INDEX dubs_by_owner_and_change ON dubs (owner, change);

CREATE TRIGGER dubs_accepted AFTER INSERT ON dubs BEGIN
    UPDATE changes SET last = last + 1, queue = queue + 1;
    UPDATE dubs SET change = (SELECT last FROM changes) WHERE seq = NEW.seq;
END;

CREATE TRIGGER dubs_changed AFTER UPDATE OF version ON dubs BEGIN
    UPDATE changes SET last = last + 1,
                       queue = queue + ((OLD.phase IN ('queued', 'staging')) <> (NEW.phase IN ('queued', 'staging')));
    UPDATE dubs SET change = (SELECT last FROM changes) WHERE seq = NEW.seq;
END;

CREATE TRIGGER gate_changed AFTER UPDATE OF problem ON gate WHEN OLD.problem IS NOT NEW.problem BEGIN
    UPDATE changes SET queue = queue + 1;
END;
