-- What operators see of each leaver, and what the service must remember between two tries.
CREATE TABLE leavers (
    ticket_id bigint PRIMARY KEY,
    arrival bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'needs_person', 'failed', 'done')),
    outcome text
        CHECK (outcome IN ('tech_card', 'non_tech_card', 'no_access', 'set_aside')),
    reason text,
    reason_code text,
    name text,
    email text,
    leaving_date date,
    entry jsonb,
    candidates jsonb NOT NULL DEFAULT '[]',
    corrections jsonb NOT NULL DEFAULT '{}',
    -- An operator asked for this ticket, whatever its tags say.
    is_wanted_by_operator boolean NOT NULL DEFAULT false,
    -- Who asked for the run that is under way or to come; null where Zendesk did.
    operator text,
    -- A person was asked, or it failed: a ticket solved after that was solved by hand.
    was_asked boolean NOT NULL DEFAULT false,
    -- Digests of entry and address: two tickets that share one are about the same person.
    person_keys text[] NOT NULL DEFAULT '{}',
    card_id text,
    card_url text,
    card_name text,
    card_role text,
    card_due timestamptz,
    -- The due date that was so near, or past, when the card was about to get it that people are to
    -- hear of it.
    urgent_due timestamptz,
    -- A copy of a template was sent and no clear answer has come: it may yet land.
    card_sent_at timestamptz,
    -- Each request for a run raises `wanted`; a run notes the number that it saw.
    wanted integer NOT NULL DEFAULT 1,
    handled integer NOT NULL DEFAULT 0,
    -- The run that may write; a worker whose run was taken over finds another one here.
    run uuid,
    crashes integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    received_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX leavers_by_state ON leavers (state, arrival DESC);
CREATE INDEX leavers_by_person ON leavers USING gin (person_keys);

CREATE TABLE history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES leavers ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    event text NOT NULL,
    by text NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}',
    -- What may show who the leaver is: the only thing that is ever changed, when it is erased.
    personal jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX history_by_ticket ON history (ticket_id, id);

-- How many people each access list gave when it was last read and accepted.
CREATE TABLE lists (
    file text PRIMARY KEY,
    people integer NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now()
);
