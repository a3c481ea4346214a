-- The history can be added to, and nothing else: who decided must stay traceable.
ALTER TABLE history
    DROP CONSTRAINT history_ticket_id_fkey,
    ADD FOREIGN KEY (ticket_id) REFERENCES leavers;

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
