"""Many leavers that are done, put straight into the tables: what one looks for lies among them."""

import psycopg

# One a minute, so that a hundred thousand of them came in about seventy days.
_LEAVERS = """
INSERT INTO leavers (ticket_id, state, outcome, name, email, leaving_date, entry, person_keys,
    received_at, updated_at, finished_at, after_date_ended, was_looked_for_again)
SELECT n, 'done', (ARRAY['tech_card', 'non_tech_card', 'no_access'])[1 + n %% 3],
    'Person' || n || ' Example', 'person' || n || '@example.org', (at + interval '9 days')::date,
    jsonb_build_object('name', 'Person' || n || ' Example'), ARRAY['entry ' || n],
    at, at + interval '1 minute', at + interval '1 minute', n %% 3 <> 2, n %% 3 = 2
FROM generate_series(1, %(count)s) AS n,
    LATERAL (SELECT now() - interval '60 days' - (%(count)s - n) * interval '1 minute' AS at) AS t
"""
_RUNS_AND_CARDS = """
INSERT INTO runs (ticket_id, request_number, handled_request_number)
SELECT ticket_id, 1, 1 FROM leavers;
INSERT INTO cards (ticket_id, card_id, url, name, role, due, person_keys)
SELECT ticket_id, 'card' || ticket_id, 'https://trello.com/c/' || ticket_id, 'Person' || ticket_id,
    'tech', received_at + interval '9 days', person_keys FROM leavers
"""
_HISTORY = """
INSERT INTO history (ticket_id, at, event, by, facts)
SELECT ticket_id, received_at, 'received', CASE ticket_id % 50 WHEN 0 THEN 'the sweep'
    ELSE 'Zendesk' END, CASE ticket_id % 50 WHEN 0 THEN '{"why": "no_webhook"}'::jsonb
    ELSE '{}' END FROM leavers
UNION ALL SELECT ticket_id, finished_at, 'done', 'the service', '{}' FROM leavers
"""
_AROUND = """
INSERT INTO after_date (ticket_id, status, due_at, gone_working_days, ended_at)
SELECT ticket_id, 'over', due, ticket_id % 7, due FROM cards;
INSERT INTO removals (ticket_id, state, number, url)
SELECT ticket_id, 'merged', ticket_id, 'https://github.com/example/pull/' || ticket_id FROM leavers;
INSERT INTO later (ticket_id, outcome, seen_stamp)
SELECT ticket_id, outcome, '2026-01-01T00:00:00Z' FROM leavers;
INSERT INTO totals SELECT 'state', state, count(*) FROM leavers GROUP BY state
    UNION ALL SELECT 'outcome', outcome, count(*) FROM leavers GROUP BY outcome
    UNION ALL SELECT 'after_date', status, count(*) FROM after_date GROUP BY status
    UNION ALL SELECT 'removal', state, count(*) FROM removals GROUP BY state
    UNION ALL SELECT 'access_ended', gone_working_days::text, count(*) FROM after_date
        GROUP BY gone_working_days;
"""


def put_many_leavers(url: str, count: int) -> None:
    """Fill empty tables with so many leavers, all of them done; tickets 1 to `count`."""
    with psycopg.connect(url) as connection:
        # Neither the chain of the history nor the totals, row by row: that would take too long.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(_LEAVERS, {"count": count})
        connection.execute(_RUNS_AND_CARDS)
        connection.execute(_HISTORY)
        connection.execute(_AROUND)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
