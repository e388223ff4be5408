-- Why the provider takes nothing from this server, where its operator has to put that right: a restart must not forget it. With
-- any other reason, and with one that an earlier server wrote down, null.
ALTER TABLE gate ADD COLUMN shut TEXT CHECK (shut IN ('key_refused', 'balance_too_low'));
