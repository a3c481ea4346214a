ALTER TABLE vendors
    -- Since when it has failed without a good answer; each pause grows with that time.
    ADD COLUMN failing_since timestamptz,
    -- Until when it asked for no requests (429).
    ADD COLUMN asked_until timestamptz NOT NULL DEFAULT 'epoch',
    DROP COLUMN pauses;
