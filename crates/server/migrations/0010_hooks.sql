-- By what a provider's call about one create is known: the hash of the token in its path, and the secret that comes with it.
ALTER TABLE creates ADD COLUMN hook_token TEXT;
ALTER TABLE creates ADD COLUMN hook_secret TEXT;

CREATE UNIQUE INDEX creates_by_hook ON creates (hook_token) WHERE hook_token IS NOT NULL;
