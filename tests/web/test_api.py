"""The operators' API over HTTP: who may ask, what they get, and what is refused."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.rows import DictRow

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import unavailable
from integrations.sandbox.sandbox import OPERATORS
from tests.conftest import StartService
from tests.support.lists import OTHER_FILE, TECH_LIST, put_lists
from tests.support.rig import Rig
from tests.support.running import Service, events_of
from tests.support.tickets import ADA, Who, add_ticket, writes

SAM = Who(name="Sam Taylor")
TOKEN = "a-token-of-twenty-characters"
BLANK = {"Authorization": "Bearer "}
PATHS = [
    ("GET", "/leavers"),
    ("GET", "/leavers/12345"),
    ("POST", "/leavers/12345/preview"),
    ("POST", "/leavers/12345/rerun"),
]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        BLANK,
        {"Authorization": f"Bearer {OPERATORS['alice']}x"},
        {"Authorization": f"Bearer {OPERATORS['alice'][:-1]}"},
        {"Authorization": f"Bearer alice={OPERATORS['alice']}"},
        {"Authorization": f"Basic {OPERATORS['alice']}"},
        {"Authorization": OPERATORS["alice"]},
        {"X-Token": OPERATORS["alice"]},
    ],
    ids=lambda headers: " ".join(headers.values())[:12] or "none",
)
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_without_a_valid_token_nothing_is_shown_or_done(
    answering: Rig, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = answering.service.call(method, path, token=None, headers=headers)

    assert (answer.status_code, list(answer.json())) == (401, ["detail"])
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    is_bearer = headers.get("Authorization", "").startswith("Bearer ") and headers != BLANK
    assert answer.json()["detail"].startswith("This is not" if is_bearer else "Send your")


@pytest.mark.parametrize(
    ("path", "status"),
    # A form leads on to the page that says so.
    [("/leavers/12345/rerun", 413), ("/leavers/12345/preview", 413), ("/desk/sign-in", 303)],
)
@pytest.mark.parametrize("token", [None, OPERATORS["alice"]])
def test_no_body_is_read_beyond_a_limit_from_any_sender(
    answering: Rig, path: str, status: int, token: str | None
) -> None:
    pieces = (b'{"name": "' + b"x" * 65_536 for _ in range(1024))

    answer = answering.service.call("POST", path, token=token, data=pieces)

    assert answer.status_code == status


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_each_operator_has_a_token_and_a_name_in_the_history(
    answering: Rig, new_id: int, name: str
) -> None:
    answer = answering.service.post(f"/leavers/{new_id}/rerun", token=OPERATORS[name])

    leaver = answering.service.leaver(new_id)
    assert answer.status_code == 202
    assert [(line["event"], line["by"]) for line in leaver["history"]] == [("run_requested", name)]


def test_a_leaver_has_all_the_keys_of_the_contract(answering: Rig, new_id: int) -> None:
    answering.service.post(f"/leavers/{new_id}/rerun")

    leaver = answering.service.leaver(new_id)

    times = (leaver.pop("received_at"), leaver.pop("updated_at"), leaver["history"][0].pop("at"))
    assert leaver == {
        "ticket_id": new_id,
        "state": "queued",
        "outcome": None,
        "entry": None,
        "name": None,
        "email": None,
        "leaving_date": None,
        "card_url": None,
        "reason": None,
        "reason_code": None,
        "after_date": None,
        "removal": "none",
        "pull_request_url": None,
        "candidates": [],
        "history": [{"event": "run_requested", "by": "alice", "detail": ""}],
    }
    assert [time[-1] for time in times] == ["Z"] * 3


@pytest.mark.parametrize("path", ["/leavers", "/report?from=2026-11-01&to=2026-11-30&format=csv"])
def test_what_names_people_is_kept_by_no_browser_or_proxy(answering: Rig, path: str) -> None:
    headers = answering.service.get(path).headers

    kept = (headers["Cache-Control"], headers["X-Content-Type-Options"])
    assert kept == ("no-store", "nosniff")


def test_a_ticket_never_seen_is_not_found(answering: Rig, new_id: int) -> None:
    answer = answering.service.get(f"/leavers/{new_id}")

    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


@pytest.mark.parametrize(
    "number", ["0", "-1", "abc", "1.5", "9223372036854775808", "9" * 400, "%00", "1%202", "true"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/leavers/{}"), ("POST", "/leavers/{}/preview"), ("POST", "/leavers/{}/rerun")],
)
def test_an_absurd_ticket_number_is_refused(
    answering: Rig, method: str, path: str, number: str
) -> None:
    answer = answering.service.call(method, path.format(number))

    assert (answer.status_code, list(answer.json())) == (422, ["detail"])


def test_leavers_come_newest_first_page_by_page(start_service: StartService) -> None:
    service = start_service(works=False)
    for number in (301, 302, 303, 304, 305):
        service.post(f"/leavers/{number}/rerun")
    pages: list[list[int]] = []
    cursor: str | None = ""

    while cursor is not None:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = service.get("/leavers", params=query).json()
        pages.append([leaver["ticket_id"] for leaver in page["leavers"]])
        cursor = page["next_cursor"]

    assert pages == [[305, 304], [303, 302], [301]]


def test_a_page_begins_where_the_one_before_ended_though_newer_leavers_come(
    start_service: StartService,
) -> None:
    service = start_service(works=False)
    for number in (301, 302, 303):
        service.post(f"/leavers/{number}/rerun")
    first = service.get("/leavers", params={"limit": "2"}).json()
    service.post("/leavers/304/rerun")

    second = service.get("/leavers", params={"limit": "2", "cursor": first["next_cursor"]}).json()

    assert [leaver["ticket_id"] for leaver in second["leavers"]] == [301]


def test_leavers_can_be_asked_for_by_state(service: Service, sandbox: Sandbox) -> None:
    done, asked = add_ticket(sandbox, ADA), add_ticket(sandbox, SAM)
    for ticket in (done, asked):
        service.process_ticket(ticket.id)
    service.process_ticket(999_999)

    found = {
        state: [
            leaver["ticket_id"]
            for leaver in service.get("/leavers", params={"state": state}).json()["leavers"]
        ]
        for state in ("done", "needs_person", "failed", "queued", "running")
    }

    assert found == {
        "done": [done.id],
        "needs_person": [asked.id],
        "failed": [999_999],
        "queued": [],
        "running": [],
    }


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "limit=0",
        "limit=-1",
        "limit=100000",
        "limit=x",
        "cursor=x",
        "cursor=-1",
        "cursor=9223372036854775808",
        "outcome=lost",
        "received_from=yesterday",
        "received_from=2026-12-01&received_to=2026-11-30",
        "received_to=2026-13-01",
        "received_to=0001-01-01",
    ],
)
def test_a_wrong_query_is_refused(answering: Rig, query: str) -> None:
    answer = answering.service.get(f"/leavers?{query}")

    assert (answer.status_code, list(answer.json())) == (422, ["detail"])


def test_an_unknown_parameter_is_refused_with_the_known_ones(answering: Rig) -> None:
    answer = answering.service.get("/leavers?sate=failed")
    of_one = answering.service.get("/leavers/1?verbose=1")
    without_token = answering.service.get("/leavers?sate=failed", token=None)

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Unknown query parameter: sate; known are state, ")
    assert "received_from, received_to, limit, cursor" in answer.json()["detail"]
    assert (of_one.status_code, "takes none" in of_one.text) == (422, True)
    assert without_token.status_code == 401


def test_leavers_are_filtered_by_outcome_and_by_when_they_came(
    answering: Rig, rows: psycopg.Connection[DictRow]
) -> None:
    service = answering.service
    ticket = add_ticket(answering.sandbox, ADA)
    service.deliver(ticket.id)
    rows.execute(
        "UPDATE leavers SET state = 'done', outcome = 'tech_card' WHERE ticket_id = %s",
        (ticket.id,),
    )
    rows.commit()
    received = datetime.fromisoformat(service.leaver(ticket.id)["received_at"])
    day = received.astimezone(ZoneInfo("Europe/London")).date()

    def found(**query: str) -> bool:
        leavers = service.get("/leavers", params=query).json()["leavers"]
        return ticket.id in [one["ticket_id"] for one in leavers]

    assert found(outcome="tech_card")
    assert not found(outcome="no_access")
    assert found(received_from=day.isoformat(), received_to=day.isoformat())
    assert found(received_from=received.isoformat(), received_to=received.isoformat())
    assert not found(received_from=(day + timedelta(days=1)).isoformat())
    assert not found(received_to=(received - timedelta(seconds=1)).isoformat())


REFUSED: list[Any] = [
    {"nmae": "Jane Doe"},
    {"name": ""},
    {"name": "   "},
    {"name": "x" * 301},
    {"name": "Jane\x00Doe"},
    {"name": "Jane\nDoe"},
    {"email": "jane\x00@example.gov.uk"},
    {"name": 5},
    {"name": ["Jane"]},
    {"email": "jane.doe"},
    {"email": "jane doe@example.gov.uk"},
    {"email": "x" * 300 + "@example.gov.uk"},
    {"leaving_date": "18/12/2026"},
    {"leaving_date": "2026-13-01"},
    {"leaving_date": "2026-02-30"},
    {"leaving_date": "0026-12-18"},
    {"leaving_date": "9999-12-31"},
    {"leaving_date": "2026-12-18T00:00:00"},
    {"leaving_date": 20261218},
    {"leaving_date": "1493942400"},
    {"leaving_date": ""},
    {"entry": ""},
    {"entry": "../../etc/passwd"},
    {"entry": "Z" * 16},
    {"entry": "a" * 400},
    {"entry": 5},
    {"entry": "0123456789abcdef"},
    {"no_access": "yes"},
    {"no_access": 1},
    {"set_aside": "because"},
    {"set_aside": True},
    {"set_aside": "by_hand", "no_access": True},
    {"entry": "0123456789abcdef", "no_access": True},
    {"name": "Jane Doe", "ticket_id": 1},
    [],
    "Jane Doe",
    12345,
]


@pytest.mark.parametrize("call", ["rerun", "preview"])
@pytest.mark.parametrize("body", REFUSED, ids=lambda body: json.dumps(body)[:40])
def test_a_wrong_correction_is_refused_and_changes_nothing(
    answering: Rig, new_id: int, call: str, body: Any
) -> None:
    answer = answering.service.post(f"/leavers/{new_id}/{call}", body)

    assert (answer.status_code, list(answer.json())) == (422, ["detail"])
    assert answering.service.get(f"/leavers/{new_id}").status_code == 404


@pytest.mark.parametrize("call", ["rerun", "preview"])
@pytest.mark.parametrize(("word", "status"), [("soon", 422), ("over", 404)])
def test_a_word_after_the_date_is_refused_alike(
    answering: Rig, new_id: int, call: str, word: str, status: int
) -> None:
    answer = answering.service.post(f"/leavers/{new_id}/{call}", {"after_date": word})

    assert (answer.status_code, list(answer.json())) == (status, ["detail"])


@pytest.mark.parametrize("body", [b"{", b'{"name": NaN}', b"name=Jane", b'{"name": "J\xe4"}'])
def test_a_body_that_is_not_json_is_refused(answering: Rig, new_id: int, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    answer = answering.service.call("POST", f"/leavers/{new_id}/rerun", data=body, headers=headers)

    assert (answer.status_code, list(answer.json())) == (422, ["detail"])


@pytest.mark.parametrize("body", [None, {}])
def test_a_rerun_may_have_no_body(answering: Rig, new_id: int, body: Any) -> None:
    answer = answering.service.post(f"/leavers/{new_id}/rerun", body)

    assert (answer.status_code, answer.json()) == (
        202,
        {"ticket_id": new_id, "state": "queued", "url": f"/leavers/{new_id}"},
    )


def test_corrections_are_stored_with_the_job_in_one_commit(
    answering: Rig, rows: psycopg.Connection[DictRow], new_id: int
) -> None:
    body = {"name": " Jane Doe ", "email": "jane.doe@example.gov.uk", "leaving_date": "2026-12-18"}

    answering.service.post(f"/leavers/{new_id}/rerun", body, token=OPERATORS["bob"])

    leaver = rows.execute(
        "SELECT corrections FROM leavers WHERE ticket_id = %s", (new_id,)
    ).fetchone()
    job = rows.execute(
        "SELECT args FROM procrastinate_jobs WHERE lock = %s", (f"ticket-{new_id}",)
    ).fetchone()
    assert leaver == {"corrections": body | {"name": "Jane Doe"}}
    # A job's arguments are not a place for personal data.
    assert job == {"args": {"ticket_id": new_id}}


def test_an_entry_that_is_not_a_candidate_is_refused(service: Service, sandbox: Sandbox) -> None:
    known = service.process_ticket(add_ticket(sandbox, ADA).id)["entry"]["id"]
    ticket = add_ticket(sandbox, SAM)
    service.process_ticket(ticket.id)

    answer = service.post(f"/leavers/{ticket.id}/rerun", {"entry": known})

    assert answer.status_code == 422
    assert "run_requested" not in events_of(service.leaver(ticket.id))


@pytest.mark.parametrize("call", ["rerun", "preview"])
def test_a_candidate_that_is_no_longer_in_the_lists_is_refused(
    service: Service, sandbox: Sandbox, call: str
) -> None:
    ticket = add_ticket(sandbox, SAM)
    asked = service.process_ticket(ticket.id)
    gone = next(one for one in asked["candidates"] if one["file"] == OTHER_FILE)
    # A commit's time has whole seconds.
    sandbox.clock.advance(seconds=2)
    put_lists(sandbox, other=sandbox.github.files()[OTHER_FILE].replace("taylor2", "taylor3"))
    # Once it is remembered who left lately, too.
    other = add_ticket(sandbox, Who(name="Percival Quist", email="percival.quist@dsit.gov.uk"))
    assert service.process_ticket(other.id)["outcome"] == "no_access"

    answer = service.post(f"/leavers/{ticket.id}/{call}", {"entry": gone["id"]})

    assert (answer.status_code, list(answer.json())) == (409, ["detail"])
    assert service.leaver(ticket.id)["state"] == "needs_person"


def test_a_candidate_keeps_its_id_when_its_list_is_sorted_again(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, SAM)
    chosen = service.process_ticket(ticket.id)["candidates"][0]
    entries = TECH_LIST.split("- name")[1:]
    put_lists(sandbox, tech="".join(f"- name{entry}" for entry in reversed(entries)))

    leaver = service.rerun(ticket.id, entry=chosen["id"])

    assert (leaver["state"], leaver["entry"]["id"]) == ("done", chosen["id"])


def database_text(service: Service) -> list[str]:
    """Every row of every table of ours and of the engine's, but for workers' heartbeats."""
    tables = ("leavers", "history", "lists", "procrastinate_jobs", "procrastinate_events")
    with psycopg.connect(service.environment["DATABASE_URL"]) as connection:
        return [
            f"{table}: {row}"
            for table in tables
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        ]


@pytest.mark.parametrize(
    "who",
    [ADA, SAM, Who(name="Quentin Unlisted"), Who()],
    ids=["found", "asked", "nobody", "nothing said"],
)
@pytest.mark.parametrize("is_known", [False, True], ids=["never seen", "known"])
def test_a_preview_writes_nothing_anywhere(
    start_service: StartService, sandbox: Sandbox, who: Who, *, is_known: bool
) -> None:
    service = start_service(works=False)
    ticket = add_ticket(sandbox, who)
    if is_known:
        service.deliver(ticket.id)
    before = database_text(service)

    service.preview(ticket.id)
    service.preview(ticket.id, leaving_date="2027-01-15", name="Grace Lindqvist")

    assert writes(sandbox) == []
    assert (database_text(service), ticket.notes) == (before, [])


def test_a_preview_shows_the_leaver_as_it_would_end(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)

    preview = service.preview(ticket.id)
    leaver = service.process_ticket(ticket.id)

    assert preview["card"] == {
        "name": "Leaver: Ada Archer (tech role)",
        "due": "2026-12-18T17:00:00Z",
        "template": "IQIV54Pc",
    }
    same = ("ticket_id", "state", "outcome", "entry", "name", "email", "leaving_date", "reason")
    assert {key: preview[key] for key in same} == {key: leaver[key] for key in same}


@pytest.mark.parametrize(
    ("who", "state", "outcome"),
    [
        (SAM, "needs_person", None),
        (Who(name="Quentin Unlisted", email="quentin.unlisted@dsit.gov.uk"), "done", "no_access"),
    ],
    ids=["asked", "nobody"],
)
def test_a_preview_without_a_card_shows_none(
    service: Service, sandbox: Sandbox, who: Who, state: str, outcome: str | None
) -> None:
    preview = service.preview(add_ticket(sandbox, who).id)

    assert (preview["state"], preview["outcome"], preview["card"]) == (state, outcome, None)


def test_a_preview_takes_the_same_corrections_as_a_rerun(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, SAM, leaving=None)

    previews = [
        service.preview(ticket.id, name=ADA.name, leaving_date="2027-01-15"),
        service.preview(ticket.id, no_access=True),
        service.preview(ticket.id, set_aside="by_hand"),
    ]

    assert [(one["state"], one["outcome"]) for one in previews] == [
        ("done", "tech_card"),
        ("done", "no_access"),
        ("done", "set_aside"),
    ]
    assert previews[0]["card"]["due"] == "2027-01-15T17:00:00Z"


def test_a_preview_of_a_ticket_that_zendesk_does_not_have_is_not_found(service: Service) -> None:
    answer = service.post("/leavers/999999/preview")

    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


@pytest.mark.parametrize("vendor", ["zendesk", "github", "trello"])
def test_a_preview_says_which_vendor_cannot_be_reached(
    service: Service, sandbox: Sandbox, vendor: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=unavailable(), vendor=vendor, times=None)

    answer = service.post(f"/leavers/{ticket.id}/preview")

    assert answer.status_code == 503
    assert answer.json()["detail"].casefold().startswith(vendor)


def test_an_operator_is_known_by_any_of_their_tokens(start_service: StartService) -> None:
    both = f" alice = {OPERATORS['alice']} , alice={TOKEN},"
    service = start_service(works=False, OPERATOR_TOKENS=both)

    answers = [service.get("/leavers", token=token) for token in (OPERATORS["alice"], TOKEN)]

    assert [answer.status_code for answer in answers] == [200, 200]
