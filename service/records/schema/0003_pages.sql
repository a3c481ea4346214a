-- What the operators' pages show, and what they look leavers up by.
ALTER TABLE leavers
    -- The digest of the plan that an operator confirmed; null where any plan may be carried out.
    ADD COLUMN confirmed_plan text,
    -- Where each detail was found, and what speaks for the person who was found.
    ADD COLUMN found jsonb NOT NULL DEFAULT '{}',
    -- The words of names and addresses, without case, accents and apostrophes.
    ADD COLUMN words tsvector GENERATED ALWAYS AS (
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
    ) STORED;
CREATE INDEX leavers_by_words ON leavers USING gin (words);
CREATE INDEX leavers_by_card ON leavers (card_url);
CREATE INDEX leavers_by_outcome ON leavers (outcome, arrival DESC);
CREATE INDEX leavers_waiting ON leavers (received_at) WHERE state = 'needs_person';
CREATE INDEX history_by_sender ON history (by, at);
