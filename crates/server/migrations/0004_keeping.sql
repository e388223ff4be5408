-- Under which key the bytes of an upload are about to be stored, from before they are: where it never becomes whole, they
-- are removed with it.
ALTER TABLE uploads ADD COLUMN keeping_key TEXT;
