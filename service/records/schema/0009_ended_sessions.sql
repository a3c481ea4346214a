-- Sessions that were signed out, by what the cookie calls them; kept until they would end anyway.
CREATE TABLE ended_sessions (
    nonce text PRIMARY KEY,
    ended_at timestamptz NOT NULL DEFAULT now()
);
