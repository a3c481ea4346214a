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
