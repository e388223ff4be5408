-- Which dubs their owners have deleted lately, so that an open page of theirs forgets them too, and one that was cut off
-- meanwhile. No more is kept than that; days later, nothing.
CREATE TABLE gone (
    change  INTEGER PRIMARY KEY,                     -- the number of the deletion, as of any other change
    owner   TEXT NOT NULL,
    dub_id  TEXT NOT NULL,
    gone_at INTEGER NOT NULL
) STRICT;

CREATE INDEX gone_by_owner ON gone (owner, change);
