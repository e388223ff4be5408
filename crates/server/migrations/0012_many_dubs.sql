-- What is next is found by an index of its own, however many dubs wait and however many are over.

-- Whether any input is a file of a visitor's, which has to be staged.
ALTER TABLE dubs ADD COLUMN has_files INTEGER NOT NULL AS (
    coalesce(input ->> '$.video.upload_id', input ->> '$.audio.upload_id', input ->> '$.mask_image.upload_id') IS NOT NULL
) VIRTUAL;

CREATE INDEX dubs_to_send ON dubs (turn, queued_at, seq)
    WHERE phase IN ('queued', 'staging') AND (staged_until IS NOT NULL OR NOT has_files);
CREATE INDEX dubs_to_stage ON dubs (turn, queued_at, seq)
    WHERE phase = 'queued' AND staged_until IS NULL AND has_files;
CREATE INDEX dubs_staged ON dubs (staged_until) WHERE staged_until IS NOT NULL;
CREATE INDEX dubs_by_create ON dubs (create_id) WHERE create_id IS NOT NULL;
