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

-- Whoever writes here holds the leaver's row, so that the outcome stays what it is meanwhile.
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

-- What the figures and the sweep look for among many leavers that are done.
CREATE INDEX leavers_unfinished ON leavers (received_at) WHERE state <> 'done';
CREATE INDEX leavers_finished ON leavers (finished_at) WHERE state = 'done';
CREATE INDEX leavers_by_due ON leavers (card_due) WHERE card_due IS NOT NULL;
