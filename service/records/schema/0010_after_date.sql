-- How each leaver stands after the leaving date; a row from the first look on.
CREATE TABLE after_date (
    ticket_id bigint PRIMARY KEY REFERENCES leavers ON DELETE CASCADE,
    -- Null before the due time, and where somebody is looked at once and nothing came of it.
    status text CHECK (
        status IN ('over', 'card_open', 'still_listed', 'done_but_listed', 'unfinished')
    ),
    changed_at timestamptz NOT NULL DEFAULT now(),
    -- The due time that counted at the last look: the card's own, which a person may have moved.
    due_at timestamptz,
    files text[] NOT NULL DEFAULT '{}',
    card_status text,
    card_items integer NOT NULL DEFAULT 0,
    card_checked integer NOT NULL DEFAULT 0,
    -- When an archived or moved card was looked at on its own.
    card_looked_at timestamptz,
    -- Since when the person is out of the access lists, at which commit, and how late that was.
    gone_at timestamptz,
    gone_commit text,
    gone_working_days integer,
    ended_at timestamptz,
    came_back_at timestamptz,
    -- An operator wants no reminder before this day.
    remind_from date
);
CREATE INDEX after_date_by_status ON after_date (status) WHERE status IS NOT NULL;

-- The reminders on cards: at most one a card and day, whichever worker sends it.
CREATE TABLE reminders (
    card_id text NOT NULL,
    day date NOT NULL,
    ticket_id bigint NOT NULL REFERENCES leavers ON DELETE CASCADE,
    due_at timestamptz NOT NULL,
    -- How the comment begins, by which it is known again.
    mark text NOT NULL,
    -- Noted just before it is sent; null after a clear refusal.
    sent_at timestamptz,
    landed_at timestamptz,
    PRIMARY KEY (card_id, day)
);
CREATE INDEX reminders_by_ticket ON reminders (ticket_id);

-- The messages of the day.
CREATE TABLE digests (
    day date PRIMARY KEY,
    tries integer NOT NULL DEFAULT 1,
    next_try_at timestamptz NOT NULL,
    -- When it was sent, or there was nothing to say.
    done_at timestamptz
);
