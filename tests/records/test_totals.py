"""The totals that the figures are read from: right after any change, and nobody waits for them."""

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.records.database import Database
from service.records.figures import FigureRecords

STATES = ["queued", "running", "needs_person", "failed", "done"]
OUTCOMES = [None, "tech_card", "no_access", "set_aside"]
STATUSES = [None, "over", "card_open", "still_listed"]
changes = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(STATES),
        st.sampled_from(OUTCOMES),
        st.sampled_from(STATUSES),
        st.sampled_from([None, 0, 3]),
        st.booleans(),
    ),
    max_size=12,
)


def figures(tables: Database) -> FigureRecords:
    return FigureRecords(tables, dead_after=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes)
def test_the_totals_are_what_counting_gives(
    tables: Database, changes: list[tuple[int, str, str | None, str | None, int | None, bool]]
) -> None:
    for ticket_id, state, outcome, status, days, sums_up in changes:
        with tables.transaction() as connection:
            connection.execute(
                "INSERT INTO leavers (ticket_id, state, outcome) VALUES (%s, %s, %s)"
                " ON CONFLICT (ticket_id) DO UPDATE SET state = excluded.state,"
                " outcome = excluded.outcome",
                (ticket_id, state, outcome),
            )
            connection.execute(
                "INSERT INTO after_date (ticket_id, status, gone_working_days) VALUES (%s, %s, %s)"
                " ON CONFLICT (ticket_id) DO UPDATE SET status = excluded.status,"
                " gone_working_days = excluded.gone_working_days",
                (ticket_id, status, days),
            )
        if sums_up:
            figures(tables).sum_up()

    read = figures(tables).read()

    def counted(sql: str) -> dict[str, int]:
        with tables.transaction() as connection:
            return {row["key"]: row["n"] for row in connection.execute(sql.encode())}

    def present(found: dict[str, int]) -> dict[str, int]:
        return {key: number for key, number in found.items() if number}

    assert present(dict(read.leavers.states)) == counted(
        "SELECT state AS key, count(*) AS n FROM leavers GROUP BY state"
    )
    assert present(dict(read.leavers.outcomes)) == counted(
        "SELECT outcome AS key, count(*) AS n FROM leavers"
        " WHERE state = 'done' AND outcome IS NOT NULL GROUP BY outcome"
    )
    assert present(dict(read.upkeep.after_date)) == counted(
        "SELECT status AS key, count(*) AS n FROM after_date JOIN leavers USING (ticket_id)"
        " WHERE status IS NOT NULL AND outcome IS DISTINCT FROM 'set_aside' GROUP BY status"
    )
    assert {str(days): n for days, n in read.upkeep.access_ended.items() if n} == counted(
        "SELECT gone_working_days::text AS key, count(*) AS n FROM after_date"
        " WHERE gone_working_days IS NOT NULL GROUP BY gone_working_days"
    )


def test_two_who_change_the_same_leavers_the_other_way_round_do_not_wait_for_the_totals(
    tables: Database, database_url: str
) -> None:
    with tables.transaction() as connection:
        connection.execute("INSERT INTO leavers (ticket_id) SELECT generate_series(1, 4)")
    figures(tables).sum_up()
    with (
        psycopg.connect(database_url, options="-c lock_timeout=1000") as one,
        psycopg.connect(database_url, options="-c lock_timeout=1000") as other,
    ):
        one.execute("UPDATE leavers SET state = 'running' WHERE ticket_id = 1")
        other.execute("UPDATE leavers SET state = 'failed' WHERE ticket_id = 2")
        one.execute("UPDATE leavers SET state = 'failed' WHERE ticket_id = 3")
        figures(tables).sum_up()
        other.execute("UPDATE leavers SET state = 'running' WHERE ticket_id = 4")

    states = figures(tables).read().leavers.states

    assert {state: states[state] for state in ("queued", "running", "failed")} == {
        "queued": 0,
        "running": 2,
        "failed": 2,
    }
