"""The lists: their order, their search, their filters, and their pages, also when they are long."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from integrations.sandbox.postgres import Postgres
from integrations.sandbox.sandbox import OPERATORS
from service.desk.leavers import csv_of
from service.records.database import Database
from service.records.filters import Filters
from service.records.leaver import State
from service.records.search import PAGE, LeaverSearch, Sort, page_query
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit
from tests.desk.visits import Visit
from tests.support.leaver_rows import insert_leaver
from tests.support.running import Service

MANY = 20_000
_HEADING = re.compile(r"<h2[^>]*><a [^>]*><bdi>([^<]+)</bdi>")
_ROW = re.compile(r'<th scope="row"[^>]*><a [^>]*><bdi>([^<]+)</bdi>')
_OLDER = re.compile(r'href="([^"]+)" rel="next"')
_NEWER = re.compile(r'href="([^"]+)" rel="prev"')


@pytest.fixture
def web(start_service: StartService) -> Service:
    return start_service(works=False)


@pytest.fixture
def alice(web: Service, visit: MakeVisit) -> Visit:
    return visit(web, token=OPERATORS["alice"])


@pytest.fixture
def database(web: Service) -> Iterator[psycopg.Connection]:
    with psycopg.connect(web.environment["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def searched_url(postgres: Postgres, with_tables: str) -> str:
    """A database with many leavers, and one that the searches look for."""
    url = postgres.create_database(template=with_tables)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, outcome, name, email, reason,"
            "  leaving_date, received_at)"
            " SELECT 100000 + n, CASE n %% 50 WHEN 0 THEN 'failed' ELSE 'done' END,"
            "  CASE n %% 50 WHEN 1 THEN 'no_access' ELSE 'tech_card' END,"
            "  'Anna' || n, 'anna' || n || '@example.gov.uk',"
            "  repeat('About as long as all that is kept of a leaver. ', 20),"
            "  CASE n %% 400 WHEN 7 THEN date '2019-12-01' END,"
            "  CASE n %% 400 WHEN 7 THEN timestamptz '2019-11-01' ELSE now() END"
            " FROM generate_series(1, %s) AS n",
            (MANY,),
        )
        entry = {"name": "Chloe\u0308 O\u2019Brien-Smythe", "email": None}
        add(
            connection,
            4711,
            name="Chloë O'Brien",
            email="chloe.obrien@example.gov.uk",
            entry=Jsonb(entry),
            card={"card_id": "card", "url": "https://trello.com/c/iK30ThVk"},
        )
        connection.execute(
            "INSERT INTO cards (ticket_id, card_id, url)"
            " SELECT 100000 + n, 'card' || n, 'https://trello.com/c/card' || n"
            " FROM generate_series(1, %s) AS n",
            (MANY,),
        )
        connection.execute("ANALYZE leavers, cards")
    return url


@pytest.fixture(scope="module")
def searched(searched_url: str) -> Iterator[LeaverSearch]:
    database = Database(searched_url, most_connections=2)
    database.open()
    yield LeaverSearch(database)
    database.close()


def add(connection: psycopg.Connection, ticket_id: int, **columns: Any) -> None:
    insert_leaver(connection, ticket_id, **({"state": "done"} | columns))


def test_those_who_have_left_come_first_and_then_those_who_wait_longest(
    database: psycopg.Connection, alice: Visit
) -> None:
    asked = {"state": "needs_person", "reason": "The ticket gives no leaving date."}
    add(database, 1, name="Newest", received_at="2026-11-20", **asked)
    add(database, 2, name="Oldest", received_at="2026-11-02", **asked)
    add(database, 3, name="Gone", received_at="2026-11-23", leaving_date="2020-01-31", **asked)
    add(database, 4, name="Done", **{**asked, "state": "done"})

    page = alice.get("/desk/needs-a-person").text

    assert _HEADING.findall(page) == ["Gone", "Oldest", "Newest"]
    assert page.count("Already left") == 1
    assert page.count("Reply is late") >= 1
    assert "A first reply was promised by 4 November 2026." in page


@pytest.mark.parametrize(
    "text",
    [
        "chloe",
        "CHLOË",
        "o'brien",
        "O\u2019BRIEN smythe",
        "obrien-sm",
        "chloe.obrien",
        "smythe chloe",
        "4711",
        "#4711",
        "https://govuk.zendesk.com/agent/tickets/4711",
        "iK30ThVk",
        "https://trello.com/c/iK30ThVk",
        "trello.com/c/iK30ThVk/12-leaver-chloe",
    ],
)
def test_a_leaver_is_found_by_name_address_ticket_and_card(
    searched: LeaverSearch, text: str
) -> None:
    assert [one.ticket_id for one in searched.search(Filters(text=text)).leavers] == [4711]


@pytest.mark.parametrize(
    "text",
    ["jane", "471", "ik30thvk", "' OR true --", "a & !b", ":*", "'", "\\", "\0", "<->", "4" * 40],
)
def test_a_search_for_anything_else_finds_nothing(searched: LeaverSearch, text: str) -> None:
    assert searched.search(Filters(text=text)).leavers == []


def test_state_and_outcome_narrow_the_list(database: psycopg.Connection, alice: Visit) -> None:
    add(database, 1, name="Anna One", outcome="tech_card")
    add(database, 2, name="Anna Two", outcome="no_access")
    add(database, 3, name="Anna Three", state="failed")

    asked = ["", "?state=done", "?state=failed", "?outcome=no_access", "?q=anna+t&state=done"]
    asked += ["?state=made-up", "?outcome='"]
    found = [_ROW.findall(alice.get(f"/desk/leavers{query}").text) for query in asked]

    assert found == [
        ["Anna Three", "Anna Two", "Anna One"],
        ["Anna Two", "Anna One"],
        ["Anna Three"],
        ["Anna Two"],
        ["Anna Two"],
        ["Anna Three", "Anna Two", "Anna One"],
        ["Anna Three", "Anna Two", "Anna One"],
    ]


def test_a_known_ticket_is_not_said_to_have_never_come(
    database: psycopg.Connection, alice: Visit
) -> None:
    add(database, 4711, name="Anna One", state="failed")
    link = "https://govuk.zendesk.com/agent/tickets/"
    known = [alice.get(f"/desk/leavers?state=done&q={text}").text for text in ("4711", "%234711")]
    known.append(alice.get("/desk/leavers?before=1&q=4711").text)
    unknown = [alice.get(f"/desk/leavers?q={text}").text for text in ("4712", f"{link}4712")]

    assert all("has not been received" not in page for page in known)
    assert ['<a class="govuk-link" href="/desk/leavers/4711?from=' in page for page in known] == [
        True,
        True,
        False,
    ]
    assert all("Ticket 4712 has not been received" in page for page in unknown)


def test_a_page_beyond_the_last_leads_to_the_first(
    database: psycopg.Connection, alice: Visit
) -> None:
    add(database, 1, name="Anna One")

    beyond = [alice.get(f"/desk/leavers?{query}before=1").text for query in ("", "q=anna&")]

    assert all("There are no leavers on this page." in page for page in beyond)
    assert 'href="/desk/leavers">Go to the first page' in beyond[0]
    assert 'href="/desk/leavers?q=anna">Go to the first page' in beyond[1]


def test_pages_lead_forth_and_back_without_losing_anybody(
    database: psycopg.Connection, alice: Visit
) -> None:
    number = 2 * PAGE + 3
    for ticket_id in range(1, number + 1):
        add(database, ticket_id, name=f"Anna {ticket_id:03}")
    pages = [alice.get("/desk/leavers?q=anna").text]
    while older := _OLDER.search(pages[-1]):
        pages.append(alice.get(older.group(1).replace("&amp;", "&")).text)
    back = [pages[-1]]
    while newer := _NEWER.search(back[-1]):
        back.append(alice.get(newer.group(1).replace("&amp;", "&")).text)

    shown = [_ROW.findall(page) for page in pages]
    assert [len(names) for names in shown] == [PAGE, PAGE, 3]
    assert [name for names in shown for name in names] == [
        f"Anna {ticket_id:03}" for ticket_id in range(number, 0, -1)
    ]
    assert [_ROW.findall(page) for page in reversed(back)] == shown


def test_the_long_queue_has_numbered_pages(database: psycopg.Connection, alice: Visit) -> None:
    for ticket_id in range(1, PAGE + 2):
        add(database, ticket_id, name=f"Anna {ticket_id}", state="needs_person")

    first, second = (alice.get(f"/desk/needs-a-person?page={page}").text for page in (1, 2))

    assert len(_HEADING.findall(first)) == PAGE
    assert len(_HEADING.findall(second)) == 1
    assert "Page 2 of 2" in first


@pytest.mark.parametrize(
    "wanted",
    [
        Filters(text="anna4242"),
        Filters(text="104242"),
        Filters(text="https://trello.com/c/card4242"),
        Filters(),
        Filters(state=State.FAILED),
        Filters(outcome="no_access"),
        Filters(leaves_before=date(2020, 1, 1)),
        Filters(received_before=datetime(2020, 1, 1, tzinfo=UTC)),
    ],
    ids=str,
)
def test_no_search_reads_more_than_a_few_of_many_leavers(
    searched_url: str, wanted: Filters
) -> None:
    query, values = page_query(wanted)
    with psycopg.connect(searched_url) as connection:
        cursor = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}".encode(), values)
        ((plan,),) = (row[0] for row in cursor.fetchall())

    assert 0 < _most_rows(plan["Plan"]) <= MANY / 100


def _most_rows(node: dict[str, Any]) -> float:
    own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    read = float(own * node["Actual Loops"])
    return max([read, *map(_most_rows, node.get("Plans", []))])


@pytest.mark.parametrize("sort", list(Sort))
def test_every_order_has_everybody_once_page_by_page_and_back(tables: Database, sort: Sort) -> None:
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, leaving_date, updated_at)"
            " SELECT n, 'done', CASE WHEN n %% 3 > 0 THEN date '2026-12-01' + n %% 7 END,"
            "  timestamptz '2026-11-01' + make_interval(mins => n %% 11)"
            " FROM generate_series(1, %s) AS n",
            (2 * PAGE + 5,),
        )
    search = LeaverSearch(tables)
    pages = [search.search(Filters(), sort=sort)]
    while pages[-1].older:
        pages.append(search.search(Filters(), sort=sort, before=pages[-1].older))
    back = search.search(Filters(), sort=sort, after=pages[1].newer)

    seen = [one for page in pages for one in page.leavers]
    by_sort: dict[Sort, list[Any]] = {
        Sort.NEWEST: [-one.ticket_id for one in seen],
        Sort.OLDEST: [one.ticket_id for one in seen],
        Sort.LEAVING_SOONEST: [one.leaving_date or date.max for one in seen],
        Sort.LEAVING_LATEST: [-(one.leaving_date or date.min).toordinal() for one in seen],
        Sort.CHANGED: [-one.updated_at.timestamp() for one in seen],
    }
    keys = by_sort[sort]
    assert sorted(one.ticket_id for one in seen) == list(range(1, 2 * PAGE + 6))
    assert keys == sorted(keys)
    assert back.leavers == pages[0].leavers


def test_a_list_is_counted_and_comes_as_csv_without_formulas(
    database: psycopg.Connection, alice: Visit
) -> None:
    add(
        database,
        1,
        name="=HYPERLINK(1)",
        leaving_date="2026-11-01",
        reason="Gone, “so”",
        state="failed",
    )
    add(database, 2, name="Jane Doe", leaving_date="2099-11-01")

    page = alice.get("/desk/leavers?days=3&sort=leaving")
    csv = alice.get("/desk/leavers.csv?days=3&sort=leaving")

    assert "1 leaver</strong>" in page.text
    assert "/desk/leavers.csv?days=3&amp;sort=leaving" in page.text
    # The mark by which Excel knows UTF-8.
    assert csv.content.startswith(b"\xef\xbb\xbf")
    head, row = csv.content.decode("utf-8-sig").splitlines()
    assert head == "ticket,state,outcome,name,leaving_date,card,reason,received,changed"
    assert row.startswith('1,failed,,\'=HYPERLINK(1),2026-11-01,,"Gone, “so”",')
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_long_download_has_every_leaver_once_in_pieces_of_whole_lines(
    searched: LeaverSearch,
) -> None:
    pieces = list(csv_of(searched.lines(Filters(text="anna1"))))

    head, *rows = [line for piece in pieces for line in piece.splitlines()]
    numbers = [number for number in range(MANY, 0, -1) if str(number).startswith("1")]
    assert len(pieces) > 1
    assert head.startswith("ticket,")
    assert [int(row.partition(",")[0]) for row in rows] == [100_000 + each for each in numbers]
    assert rows[-1].startswith("100001,done,no_access,Anna1,,https://trello.com/c/card1,About as")


def test_what_nobody_can_choose_in_the_form_is_as_if_it_were_not_there(alice: Visit) -> None:
    page = alice.get("/desk/leavers?state=lost&outcome=x&sort=y&before=z")

    assert page.status_code == 200
    assert "No ticket has been received yet." in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("days=two", "Days since leaving must be a whole number from 1 to 3,650"),
        ("days=-1", "Days since leaving must be a whole number from 1 to 3,650"),
        ("from_day=soon", "Received from must be a real date, such as 18 12 2026"),
        ("from_day=2026-12-01&to_day=2026-11-30", "Received to must be the same as or after"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_no_list_or_download_given(
    alice: Visit, query: str, said: str
) -> None:
    page = alice.get(f"/desk/leavers?{query}")
    csv = alice.get(f"/desk/leavers.csv?{query}")

    assert (page.status_code, csv.status_code) == (422, 422)
    assert "<title>Error: All leavers" in page.text
    assert (page.text.count(said), said in csv.text) == (2, True)
    assert "No ticket has been received yet." not in page.text
