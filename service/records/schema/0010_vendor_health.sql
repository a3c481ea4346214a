-- What the last real calls to each vendor showed.
CREATE TABLE vendor_health (
    vendor text PRIMARY KEY,
    answered_at timestamptz,
    -- The newest failure, in words that quote nothing, and since when there has been no good answer.
    failed_at timestamptz,
    failure text,
    failing_since timestamptz,
    -- Since when the credentials have been refused, and for which tickets.
    refused_since timestamptz,
    refused_tickets bigint[] NOT NULL DEFAULT '{}'
);
