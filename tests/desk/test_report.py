"""The page of the report on a period in which very many tickets came."""

import psycopg

from integrations.sandbox.sandbox import OPERATORS
from service.desk.report import MOST_ROWS
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit


def test_of_very_many_leavers_the_page_shows_the_first_and_counts_all(
    start_service: StartService, visit: MakeVisit
) -> None:
    web = start_service(works=False)
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, outcome, received_at)"
            " SELECT n, 'done', 'no_access', '2026-11-10T12:00Z' FROM generate_series(1, %s) AS n",
            (MOST_ROWS + 2,),
        )
    alice = visit(web, token=OPERATORS["alice"])
    period = "first-day=1&first-month=11&first-year=2026&last-day=30&last-month=11&last-year=2026"

    page = alice.get(f"/desk/report?{period}").text
    download = alice.get("/desk/report/download?from=2026-11-01&to=2026-11-30").text

    assert page.count('<th scope="row"') == MOST_ROWS
    assert "The table shows the first 500 of 502 leavers." in page
    assert page.count("502\n") == 2
    assert len([line for line in download.splitlines() if ",done,no_access," in line]) == 502
