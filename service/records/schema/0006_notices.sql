-- Who was notified of which leaver that waits for a person or failed: one message a change.
CREATE TABLE notices (
    ticket_id bigint NOT NULL REFERENCES leavers ON DELETE CASCADE,
    -- A digest of the address that the message goes to: the address itself is a secret.
    target text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    reason_code text,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    tries integer NOT NULL DEFAULT 1,
    -- When it is tried again; null where it was sent, is being sent, or was given up.
    next_try_at timestamptz,
    is_given_up boolean NOT NULL DEFAULT false,
    -- The local day of the last message that was marked urgent: another one goes out each working
    -- day until the question is answered.
    urgent_day date,
    PRIMARY KEY (ticket_id, target)
);

-- Who was notified of which card that was made or moved when its due date was near or past.
CREATE TABLE urgent_notices (
    ticket_id bigint NOT NULL REFERENCES leavers ON DELETE CASCADE,
    target text NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 1,
    -- When it is tried again; null where it was sent, is being sent, or was given up.
    next_try_at timestamptz,
    PRIMARY KEY (ticket_id, target, due_at)
);
