-- What an estimate is made from: how long the voice of an upload is, and how long what was made of a dub. A deleted dub's
-- stays, as it tells nothing of its owner.
ALTER TABLE uploads ADD COLUMN duration_ms INTEGER;
ALTER TABLE dubs ADD COLUMN made_ms INTEGER;
UPDATE dubs SET made_ms = result ->> '$.duration_ms' WHERE result IS NOT NULL;
