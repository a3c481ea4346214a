-- What holds the service back: the day's limit of writes, and the dry run.
CREATE TABLE writes (
    -- The local day.
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('card', 'note', 'solved', 'pull_request')),
    ticket_id bigint NOT NULL,
    -- The request that the run answered: its retries write the same, and count once.
    request integer NOT NULL,
    PRIMARY KEY (day, kind, ticket_id, request)
);

ALTER TABLE leavers
    -- What a dry run would have done, for the comparison with what people did.
    ADD COLUMN would jsonb,
    -- The leaver ended in a dry run, and is still to be done when the dry run is over.
    ADD COLUMN is_dry_run boolean NOT NULL DEFAULT false,
    -- It waits since too much was written that day, and continues when there is room.
    ADD COLUMN is_over_daily_limit boolean NOT NULL DEFAULT false;
CREATE INDEX leavers_over_daily_limit ON leavers (leaving_date, arrival)
    WHERE is_over_daily_limit;
