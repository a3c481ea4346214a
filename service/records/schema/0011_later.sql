-- What a ticket was brought to, and what was said on it since; the tags do not count for that, since
-- a follow-up inherits them.
CREATE TABLE later (
    ticket_id bigint PRIMARY KEY REFERENCES leavers ON DELETE CASCADE,
    -- How the service brought the ticket to an end; null where it did not, or it was set aside.
    outcome text CHECK (outcome IN ('tech_card', 'non_tech_card', 'no_access')),
    -- The closed ticket that this one follows, where we know of it.
    source_ticket_id bigint,
    -- The newest comment that nothing needs to be asked about any more.
    settled_comment_id bigint,
    -- The ticket's status when a person was asked about later words; null where nobody was.
    asked_status text,
    prepared_date date,
    -- An operator has answered, and the answer is still to be carried out.
    is_answered boolean NOT NULL DEFAULT false,
    -- Somebody wrote to a ticket that is done: it is to be read, without a run.
    is_look_wanted boolean NOT NULL DEFAULT false,
    look_tries integer NOT NULL DEFAULT 0,
    -- Zendesk's time stamp of the ticket when it was last read, in whole seconds, and whether the
    -- ticket was left unsolved.
    seen_stamp text,
    was_left_open boolean NOT NULL DEFAULT false
);
CREATE INDEX later_by_source ON later (source_ticket_id) WHERE source_ticket_id IS NOT NULL;
