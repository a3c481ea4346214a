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
    -- The other ticket of the same person whose pull request this leaver shares.
    shared_with bigint REFERENCES leavers ON DELETE SET NULL,
    -- Counts the branches: one more after each withdrawal, or where a person wants a new one.
    attempt integer NOT NULL DEFAULT 1,
    branch text UNIQUE,
    number integer,
    url text,
    -- Every commit that the service gave its branch, and digests of every text that it wrote: what
    -- is neither is a person's.
    tips text[] NOT NULL DEFAULT '{}',
    texts text[] NOT NULL DEFAULT '{}',
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
    -- An operator wants a new pull request; by name.
    wanted_by text,
    -- The worker that may write, and until when.
    lease uuid,
    leased_until timestamptz,
    CHECK ((number IS NULL) = (url IS NULL)),
    CHECK (state NOT IN ('draft', 'open', 'merged', 'closed_by_person') OR number IS NOT NULL)
);
CREATE INDEX removals_by_state ON removals (state);
CREATE INDEX removals_by_shared ON removals (shared_with) WHERE shared_with IS NOT NULL;
