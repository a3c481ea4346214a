-- What operators see of each leaver: one row a ticket.
CREATE TABLE leavers (
    ticket_id bigint PRIMARY KEY CHECK (ticket_id > 0),
    arrival bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'needs_person', 'failed', 'done')),
    outcome text
        CHECK (outcome IN ('tech_card', 'non_tech_card', 'no_access', 'set_aside')),
    -- Sentences for people, and the code of the first one for programs.
    reason text,
    reason_code text,
    name text,
    email text,
    leaving_date date,
    entry jsonb,
    candidates jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(candidates) = 'array'),
    corrections jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(corrections) = 'object'),
    -- Where each detail was found, and what speaks for the person who was found.
    found jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(found) = 'object'),
    -- Digests of entry and address: two tickets that share one are about the same person.
    person_keys text[] NOT NULL DEFAULT '{}',
    -- An operator asked for this ticket, whatever its tags say.
    operator_override boolean NOT NULL DEFAULT false,
    -- A person was asked, or it failed: a ticket solved after that was solved by hand.
    was_handed_to_person boolean NOT NULL DEFAULT false,
    -- It waits since too much was written that day, and continues when there is room.
    is_over_daily_limit boolean NOT NULL DEFAULT false,
    -- The leaver ended in a dry run, and is still to be done when the dry run is over.
    ended_in_dry_run boolean NOT NULL DEFAULT false,
    -- What a dry run would have done, for the comparison with what people did.
    dry_run_plan jsonb,
    -- Over or given up after the leaving date, kept by a trigger: not looked at any more.
    after_date_ended boolean NOT NULL DEFAULT false,
    -- Somebody without access was looked for on the leaving date, which is done once.
    was_looked_for_again boolean NOT NULL DEFAULT false,
    -- What the sweep has reported about a card or a ticket that somebody changed.
    last_reported_change text,
    received_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- When its personal data were erased.
    erased_at timestamptz,
    -- The words of names and addresses, without case, accents and apostrophes.
    words tsvector GENERATED ALWAYS AS (
        to_tsvector(
            'simple',
            regexp_replace(
                regexp_replace(
                    lower(
                        normalize(
                            coalesce(name, '') || ' ' || coalesce(email, '') || ' '
                            || coalesce(entry ->> 'name', '') || ' '
                            || coalesce(entry ->> 'email', ''),
                            NFKD
                        )
                    ),
                    '[\u0300-\u036f''\u2019]', '', 'g'
                ),
                '[!-/:-@[-`{-~]+', ' ', 'g'
            )
        )
    ) STORED
);
CREATE INDEX leavers_by_state ON leavers (state, arrival DESC);
CREATE INDEX leavers_by_outcome ON leavers (outcome, arrival DESC);
CREATE INDEX leavers_by_person ON leavers USING gin (person_keys);
CREATE INDEX leavers_by_words ON leavers USING gin (words);
CREATE INDEX leavers_waiting ON leavers (received_at) WHERE state = 'needs_person';
CREATE INDEX leavers_failed ON leavers (updated_at) WHERE state = 'failed';
CREATE INDEX leavers_over_daily_limit ON leavers (leaving_date, arrival)
    WHERE is_over_daily_limit;
CREATE INDEX leavers_of_dry_run ON leavers (arrival) WHERE ended_in_dry_run;
CREATE INDEX leavers_to_erase ON leavers (finished_at) WHERE state = 'done' AND erased_at IS NULL;
-- What the figures and the sweep look for among many leavers that are done.
CREATE INDEX leavers_unfinished ON leavers (received_at) WHERE state <> 'done';
CREATE INDEX leavers_finished ON leavers (finished_at) WHERE state = 'done';
-- Who is looked at after the leaving date, among many whose looks have ended.
CREATE INDEX leavers_watched ON leavers (arrival)
    WHERE state = 'done' AND outcome IN ('tech_card', 'non_tech_card') AND NOT ended_in_dry_run
        AND erased_at IS NULL AND NOT after_date_ended;
CREATE INDEX leavers_without_access ON leavers (arrival)
    WHERE state = 'done' AND outcome = 'no_access' AND NOT ended_in_dry_run
        AND erased_at IS NULL AND leaving_date IS NOT NULL AND NOT was_looked_for_again;
-- What the operators' lists are put in order and narrowed by.
CREATE INDEX leavers_by_received ON leavers (received_at);
CREATE INDEX leavers_by_changed ON leavers (updated_at, arrival);
CREATE INDEX leavers_by_leaving ON leavers (coalesce(leaving_date, 'infinity'), arrival);
CREATE INDEX leavers_by_leaving_latest ON leavers (coalesce(leaving_date, '-infinity'), arrival);
CREATE INDEX leavers_by_reason ON leavers (reason_code, arrival) WHERE reason_code IS NOT NULL;

-- The run of each ticket: who may write, what was asked for, and how often it was tried.
CREATE TABLE runs (
    ticket_id bigint PRIMARY KEY REFERENCES leavers,
    -- Each request for a run raises it; a run notes the number that it saw.
    request_number integer NOT NULL DEFAULT 1,
    handled_request_number integer NOT NULL DEFAULT 0
        CHECK (handled_request_number BETWEEN 0 AND request_number),
    -- Who made the newest request; null if Zendesk or the sweep did.
    operator text,
    -- The digest of the plan that an operator confirmed; null if any plan may be carried out.
    confirmed_plan text,
    -- Known to the run that may write: a worker that lost it finds another one here.
    lease uuid,
    -- The lease under which the ticket claimed its person: another ticket of the person waits.
    claimed_by uuid,
    -- A webhook came since it began: the ticket may have changed after it was read.
    was_heard_again boolean NOT NULL DEFAULT false,
    -- How often in a row the worker died while it processed this ticket.
    crashes integer NOT NULL DEFAULT 0 CHECK (crashes >= 0),
    -- How often in a row a try ended with a passing failure, and when the next one is due.
    tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try_at timestamptz,
    -- Since when it has been failing for a reason that may pass; null if it is not. The sweep
    -- tries it again by this clock, and does not set it back.
    failing_since timestamptz,
    -- The lists that the last run refused since they had lost too many people, and how many each
    -- had left: an operator who runs the ticket again after that accepts these losses, no other.
    reported_list_losses jsonb NOT NULL DEFAULT '{}'
        CHECK (jsonb_typeof(reported_list_losses) = 'object')
);
CREATE INDEX runs_failing ON runs (failing_since) WHERE failing_since IS NOT NULL;

-- The card of a ticket, as far as the service knows: no row if none was ever sent or met.
CREATE TABLE cards (
    ticket_id bigint PRIMARY KEY REFERENCES leavers,
    card_id text,
    url text,
    -- As the service made it, whatever people have changed since: whose template, named how, due
    -- when, and for whom. A name that is spelt in another way in a list is not another person.
    role text CHECK (role IN ('tech', 'non_tech')),
    name text,
    due timestamptz,
    person_keys text[] NOT NULL DEFAULT '{}',
    -- The due date that was so near, or past, when the card was about to get it that people are to
    -- hear of it.
    urgent_due timestamptz,
    -- A copy of a template was sent and no clear answer has come: it may yet land.
    sent_at timestamptz,
    CHECK ((card_id IS NULL) = (url IS NULL)),
    CHECK (card_id IS NOT NULL OR num_nonnulls(role, name, due) = 0)
);
CREATE INDEX cards_by_url ON cards (url);
CREATE INDEX cards_by_due ON cards (due) WHERE due IS NOT NULL;

-- What happened to each leaver. It can be added to, and nothing else: who decided must stay
-- traceable.
CREATE TABLE history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES leavers,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    event text NOT NULL,
    by text NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(facts) = 'object'),
    -- What may show who the leaver is: the only thing that is ever changed, when it is erased.
    personal jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(personal) = 'object')
);
CREATE INDEX history_by_ticket ON history (ticket_id, id);
CREATE INDEX history_by_sender ON history (by, at);

-- Each line carries the hash of the one before: a line that was changed, taken out or put in shows.
-- The place in the chain is given at the commit, so the chain is in the order of the commits.
CREATE TABLE history_chain (
    position bigint PRIMARY KEY,
    history_id bigint NOT NULL UNIQUE REFERENCES history,
    -- Of who it was: the name itself may be taken out of the history, see below.
    by_digest bytea NOT NULL,
    hash bytea NOT NULL
);

-- What is personal is left out: erasing it does not break the chain.
CREATE FUNCTION history_hash(previous bytea, line history, by_digest bytea) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || by_digest || convert_to(concat_ws(E'\x1f',
        line.id, line.ticket_id,
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        line.event, line.facts
    ), 'UTF8'))
$$;

-- At the commit, when all else is done: the next line waits for one commit, and never for more.
CREATE FUNCTION chain_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last history_chain;
    by_digest bytea := sha256(convert_to(NEW."by", 'UTF8'));
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('leavers: history chain'));
    SELECT * INTO last FROM history_chain ORDER BY position DESC LIMIT 1;
    INSERT INTO history_chain (position, history_id, by_digest, hash)
    VALUES (
        coalesce(last.position, 0) + 1, NEW.id, by_digest,
        history_hash(coalesce(last.hash, ''), NEW, by_digest)
    );
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER chain_history AFTER INSERT ON history
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_history();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history is only added to' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- The two changes that are let through: what is personal is erased, and so is who it was by.
CREATE FUNCTION refuse_all_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased history := OLD;
BEGIN
    IF NEW.personal = '{}' THEN
        erased.personal := '{}';
    END IF;
    IF NEW."by" = 'a former operator' THEN
        erased."by" := NEW."by";
    END IF;
    IF NEW IS DISTINCT FROM erased THEN
        RAISE EXCEPTION 'the history is only added to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER only_erased BEFORE UPDATE ON history
    FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasing();
CREATE TRIGGER never_deleted BEFORE DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON history_chain
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON history_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How many people each access list had when it was last read and accepted.
CREATE TABLE lists (
    file text PRIMARY KEY,
    people integer NOT NULL CHECK (people >= 0)
);

-- What all workers together may send to a vendor, and whether it is asked at all for now.
CREATE TABLE vendors (
    name text PRIMARY KEY,
    -- When the next request may be sent (GCRA's theoretical arrival time).
    free_at timestamptz NOT NULL DEFAULT 'epoch',
    -- Tickets for which the vendor failed since its last good answer; each is named once.
    failing_tickets bigint[] NOT NULL DEFAULT '{}',
    -- Since when it has failed without a good answer; each pause grows with that time.
    failing_since timestamptz,
    paused_until timestamptz NOT NULL DEFAULT 'epoch',
    -- Until when it asked for no requests (429).
    asked_until timestamptz NOT NULL DEFAULT 'epoch'
);

-- What the last real calls to each vendor showed.
CREATE TABLE vendor_health (
    vendor text PRIMARY KEY,
    answered_at timestamptz,
    -- The newest failure, in words that quote nothing, and since when there has been no good answer.
    failure text,
    failing_since timestamptz,
    -- Since when the credentials have been refused, and for which tickets.
    refused_since timestamptz,
    refused_tickets bigint[] NOT NULL DEFAULT '{}'
);

-- What was written in a local day, for the day's limit.
CREATE TABLE writes (
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('card', 'note', 'solved', 'pull_request')),
    ticket_id bigint NOT NULL,
    -- The request that the run answered: its retries write the same, and count once.
    request_number integer NOT NULL,
    PRIMARY KEY (day, kind, ticket_id, request_number)
);

-- Periodic tasks, which one worker at a time does for all.
CREATE TABLE periodic_tasks (
    name text PRIMARY KEY,
    begun_at timestamptz NOT NULL DEFAULT 'epoch',
    ended_at timestamptz,
    result jsonb
);

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
    -- When it is tried again; null if it was sent, is being sent, or was given up.
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
    -- When it is tried again; null if it was sent, is being sent, or was given up.
    next_try_at timestamptz,
    PRIMARY KEY (ticket_id, target, due_at)
);

-- Sessions that were signed out, by what the cookie calls them; kept until they would end anyway.
CREATE TABLE ended_sessions (
    nonce text PRIMARY KEY,
    ended_at timestamptz NOT NULL DEFAULT now()
);

-- How each leaver stands after the leaving date; a row from the first look on.
CREATE TABLE after_date (
    ticket_id bigint PRIMARY KEY REFERENCES leavers ON DELETE CASCADE,
    -- Null before the due time.
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
    remind_from date,
    -- An operator says that it is over; before the due time, that counts from then on.
    said_over boolean NOT NULL DEFAULT false
);
CREATE INDEX after_date_by_status ON after_date (status) WHERE status IS NOT NULL;
CREATE INDEX after_date_over ON after_date (ended_at)
    WHERE status = 'over' AND came_back_at IS NULL;

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
    -- It says what had happened until then, or there was nothing to say; null until it is sent.
    covers_until timestamptz
);

-- What a ticket was brought to, and what was said on it since; the tags do not count for that, since
-- a follow-up inherits them.
CREATE TABLE later (
    ticket_id bigint PRIMARY KEY REFERENCES leavers ON DELETE CASCADE,
    -- How the service brought the ticket to an end; null if it did not, or it was set aside.
    outcome text CHECK (outcome IN ('tech_card', 'non_tech_card', 'no_access')),
    -- The closed ticket that this one follows, if we know of it.
    source_ticket_id bigint,
    -- The newest comment that nothing needs to be asked about any more.
    settled_comment_id bigint,
    -- The digest of the leaver's custom fields as they were then.
    settled_fields text,
    -- The ticket's status when a person was asked about later words; null if nobody was.
    asked_status text,
    prepared_date date,
    -- An operator has answered, and the answer is still to be carried out.
    is_answered boolean NOT NULL DEFAULT false,
    -- Somebody wrote to a ticket that is done: it is to be read, without a run.
    is_look_wanted boolean NOT NULL DEFAULT false,
    -- Counts how often that was asked for: one who has read it may have been too early for the last.
    look_number integer NOT NULL DEFAULT 0,
    look_tries integer NOT NULL DEFAULT 0,
    -- Zendesk's time stamp of the ticket when it was last read, in whole seconds, and whether the
    -- ticket was left unsolved.
    seen_stamp text,
    was_left_open boolean NOT NULL DEFAULT false
);
CREATE INDEX later_by_source ON later (source_ticket_id) WHERE source_ticket_id IS NOT NULL;

-- Who left the access lists lately; older rows than REMOVED_LOOK_BACK_DAYS are deleted.
CREATE TABLE removed_entries (
    entry_id text NOT NULL,
    file text NOT NULL,
    -- The first commit without it.
    commit text NOT NULL,
    removed_at timestamptz NOT NULL,
    position text NOT NULL,
    name text NOT NULL,
    email text,
    github text,
    ssh text,
    other_names text[] NOT NULL,
    PRIMARY KEY (entry_id, file, commit)
);

CREATE INDEX removed_entries_removed_at ON removed_entries (removed_at);

-- How far the lists' history has been looked through: one row, from the first reading on.
CREATE TABLE lists_history (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    -- From here on forwards, commit by commit.
    first_commit text NOT NULL,
    seen_commit text NOT NULL,
    -- When the days before the first reading were looked through, once; null until then.
    seeded_at timestamptz
);

-- How far the removal of each leaver's entries is, and what the service made of it at GitHub.
CREATE TABLE removals (
    ticket_id bigint PRIMARY KEY REFERENCES leavers ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'none' CHECK (state IN (
        'none', 'due', 'draft', 'open', 'merged', 'closed_by_person', 'withdrawn', 'already_gone',
        'asked'
    )),
    changed_at timestamptz NOT NULL DEFAULT now(),
    -- Why there is no pull request, and the place in the lists to look at.
    reason_code text,
    file text,
    line_number integer,
    at_commit text,
    -- The other ticket of the same person whose pull request this leaver shares.
    shared_with bigint REFERENCES leavers ON DELETE SET NULL,
    -- Counts the branches: one more after each withdrawal, or if a person wants a new one.
    attempt integer NOT NULL DEFAULT 1,
    branch text UNIQUE,
    number integer,
    url text,
    -- Those before it, with branch, number, url and entry_keys: people may open one again.
    earlier jsonb NOT NULL DEFAULT '[]',
    -- Every commit that the service gave its branch, and digests of every text that it wrote: what
    -- is neither is a person's.
    tips text[] NOT NULL DEFAULT '{}',
    texts text[] NOT NULL DEFAULT '{}',
    -- Digests of the entries that it removes, by which somebody else's would show.
    entry_keys text[] NOT NULL DEFAULT '{}',
    -- The due time that the pull request's text names.
    due_at timestamptz,
    -- How the removal ends, noted before the pull request is closed.
    closing_as text,
    touch text,
    refreshed_at timestamptz,
    merged_by text,
    merge_commit text,
    -- Everything beside the pull request itself is done: reviewers, label, the card's attachment.
    is_announced boolean NOT NULL DEFAULT false,
    -- When it was found open first: people are notified of it.
    opened_at timestamptz,
    -- What the service would do, had people not touched the pull request, and since when: people
    -- are notified of that.
    left_undone text CHECK (left_undone IN (
        'close_withdrawn', 'close_gone', 'close_doubled', 'make_draft', 'point_back')),
    left_at timestamptz,
    -- An operator wants a new pull request; by name.
    wanted_by text,
    -- When a worker last took it up; and by what that failed last, if somebody has to fix it.
    looked_at timestamptz,
    problem text,
    problem_at timestamptz,
    -- The worker that may write, and until when.
    lease uuid,
    leased_until timestamptz,
    CHECK ((number IS NULL) = (url IS NULL)),
    CHECK (state NOT IN ('draft', 'open', 'merged', 'closed_by_person') OR number IS NOT NULL),
    CHECK ((left_undone IS NULL) = (left_at IS NULL)),
    CHECK ((problem IS NULL) = (problem_at IS NULL))
);
CREATE INDEX removals_by_state ON removals (state);
CREATE INDEX removals_by_problem ON removals (problem_at) WHERE problem_at IS NOT NULL;
CREATE INDEX removals_by_shared ON removals (shared_with) WHERE shared_with IS NOT NULL;

-- Who was notified of which pull request: that it was opened, or what is left to people.
CREATE TABLE pull_request_notices (
    ticket_id bigint NOT NULL REFERENCES leavers ON DELETE CASCADE,
    target text NOT NULL,
    what text NOT NULL,
    at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 1,
    -- When it is tried again; null if it was sent, is being sent, or was given up.
    next_try_at timestamptz,
    PRIMARY KEY (ticket_id, target, what, at)
);

-- How many there are of what the figures count: to count the leavers themselves at each look would
-- take longer with each leaver that is done.
CREATE TABLE totals (
    what text NOT NULL,
    key text NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (what, key)
);

-- What came since the totals were summed up. Rows are only added here, so that no transaction waits
-- for another one's; they are summed up now and then.
CREATE TABLE total_changes (
    what text NOT NULL,
    key text NOT NULL,
    number integer NOT NULL
);

CREATE VIEW current_totals AS
SELECT what, key, sum(number)::bigint AS number FROM (
    SELECT what, key, number FROM totals
    UNION ALL
    SELECT what, key, number FROM total_changes
) AS every GROUP BY what, key;

CREATE FUNCTION count_leaver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO total_changes
        SELECT 'state', OLD.state, -1
        UNION ALL
        SELECT 'outcome', OLD.outcome, -1 WHERE OLD.state = 'done' AND OLD.outcome IS NOT NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO total_changes
        SELECT 'state', NEW.state, 1
        UNION ALL
        SELECT 'outcome', NEW.outcome, 1 WHERE NEW.state = 'done' AND NEW.outcome IS NOT NULL;
    END IF;
    -- Nobody who was set aside counts after the leaving date.
    IF TG_OP = 'UPDATE' AND (OLD.outcome IS NOT DISTINCT FROM 'set_aside')
        <> (NEW.outcome IS NOT DISTINCT FROM 'set_aside')
    THEN
        INSERT INTO total_changes
        SELECT 'after_date', status,
            CASE WHEN NEW.outcome IS NOT DISTINCT FROM 'set_aside' THEN -1 ELSE 1 END
        FROM after_date WHERE ticket_id = NEW.ticket_id AND status IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_new AFTER INSERT OR DELETE ON leavers
    FOR EACH ROW EXECUTE FUNCTION count_leaver();
CREATE TRIGGER count_changed AFTER UPDATE ON leavers FOR EACH ROW
    WHEN ((OLD.state, OLD.outcome) IS DISTINCT FROM (NEW.state, NEW.outcome))
    EXECUTE FUNCTION count_leaver();

-- Each writer here holds the leaver's row, so that the outcome stays what it is meanwhile.
CREATE FUNCTION count_after_date() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO total_changes
        SELECT 'after_date', OLD.status, -1 FROM leavers
        WHERE ticket_id = OLD.ticket_id AND OLD.status IS NOT NULL
            AND outcome IS DISTINCT FROM 'set_aside'
        UNION ALL
        SELECT 'access_ended', OLD.gone_working_days::text, -1
        WHERE OLD.gone_working_days IS NOT NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO total_changes
        SELECT 'after_date', NEW.status, 1 FROM leavers
        WHERE ticket_id = NEW.ticket_id AND NEW.status IS NOT NULL
            AND outcome IS DISTINCT FROM 'set_aside'
        UNION ALL
        SELECT 'access_ended', NEW.gone_working_days::text, 1
        WHERE NEW.gone_working_days IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_new AFTER INSERT OR DELETE ON after_date
    FOR EACH ROW EXECUTE FUNCTION count_after_date();
CREATE TRIGGER count_changed AFTER UPDATE ON after_date FOR EACH ROW
    WHEN ((OLD.status, OLD.gone_working_days)
        IS DISTINCT FROM (NEW.status, NEW.gone_working_days))
    EXECUTE FUNCTION count_after_date();

-- So that those who are still looked at are found without a look at all others.
CREATE FUNCTION note_after_date_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    has_ended boolean := coalesce(NEW.status IN ('over', 'unfinished'), false);
BEGIN
    UPDATE leavers SET after_date_ended = has_ended
    WHERE ticket_id = coalesce(NEW.ticket_id, OLD.ticket_id) AND after_date_ended <> has_ended;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_new AFTER INSERT OR DELETE ON after_date
    FOR EACH ROW EXECUTE FUNCTION note_after_date_ended();
CREATE TRIGGER note_changed AFTER UPDATE ON after_date FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION note_after_date_ended();

-- A later date that was confirmed begins again, for somebody who was given up, too. Before it
-- nothing is said of how a leaver stands. The writer here holds the leaver's row.
CREATE FUNCTION look_again_after(ticket bigint, later timestamptz) RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE after_date SET status = NULL, ended_at = NULL, changed_at = now()
    WHERE ticket_id = ticket AND status <> 'over' AND due_at < later AND later > now();
    UPDATE leavers SET after_date_ended = false
    WHERE ticket_id = ticket AND after_date_ended
        AND EXISTS (SELECT FROM after_date WHERE after_date.ticket_id = ticket
            AND status = 'unfinished' AND due_at < later);
END
$$;
CREATE FUNCTION note_later_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM look_again_after(NEW.ticket_id, NEW.due);
    RETURN NULL;
END
$$;
CREATE TRIGGER note_later_due AFTER UPDATE ON cards FOR EACH ROW
    WHEN (OLD.due IS DISTINCT FROM NEW.due) EXECUTE FUNCTION note_later_due();
-- On a card that is not open, no later date is set.
CREATE FUNCTION note_later_leaving_date() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM look_again_after(NEW.ticket_id, NEW.leaving_date::timestamptz);
    RETURN NULL;
END
$$;
CREATE TRIGGER note_later_leaving_date AFTER UPDATE OF leaving_date ON leavers FOR EACH ROW
    WHEN (OLD.leaving_date < NEW.leaving_date) EXECUTE FUNCTION note_later_leaving_date();

CREATE FUNCTION count_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO total_changes VALUES ('removal', OLD.state, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO total_changes VALUES ('removal', NEW.state, 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_new AFTER INSERT OR DELETE ON removals
    FOR EACH ROW EXECUTE FUNCTION count_removal();
CREATE TRIGGER count_changed AFTER UPDATE ON removals FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION count_removal();

-- Why the sweep took a ticket in is counted, too: what no webhook brought is among it.
CREATE FUNCTION count_swept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO total_changes VALUES ('swept', NEW.facts ->> 'why', 1);
    RETURN NULL;
END
$$;
CREATE TRIGGER count_swept AFTER INSERT ON history FOR EACH ROW
    WHEN (NEW."by" = 'the sweep' AND NEW.facts ? 'why') EXECUTE FUNCTION count_swept();
