-- What all workers together may send to a vendor, and whether it is asked at all for now.
CREATE TABLE vendors (
    name text PRIMARY KEY,
    -- When the next request may be sent (GCRA's theoretical arrival time).
    free_at timestamptz NOT NULL DEFAULT 'epoch',
    -- Tickets for which the vendor failed since it last answered well; each is named once.
    failing_tickets bigint[] NOT NULL DEFAULT '{}',
    pauses integer NOT NULL DEFAULT 0,
    paused_until timestamptz NOT NULL DEFAULT 'epoch'
);

-- Periodic tasks that one worker at a time does for all.
CREATE TABLE chores (
    name text PRIMARY KEY,
    begun_at timestamptz NOT NULL DEFAULT 'epoch',
    ended_at timestamptz,
    result jsonb
);

ALTER TABLE leavers
    -- Since when it has been failing for a reason that may pass; null where it is not. The sweep
    -- tries it again by this clock, and does not set it back.
    ADD COLUMN failing_since timestamptz,
    -- What the sweep last recorded about a card or a ticket that somebody changed.
    ADD COLUMN told text,
    -- When its personal data were erased.
    ADD COLUMN erased_at timestamptz;
CREATE INDEX leavers_to_erase ON leavers (finished_at) WHERE state = 'done' AND erased_at IS NULL;
CREATE INDEX leavers_failing ON leavers (failing_since) WHERE state = 'failed';
