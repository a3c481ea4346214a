"""When a session is over: signed out for good, its token replaced, or expired."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import runs
from integrations.sandbox.sandbox import OPERATORS
from service.config.operator_tokens import digest_of_token
from service.desk.signing_in.sessions import COOKIE, RENEWED_AFTER, Session, Sessions
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit
from tests.desk.signing_in.earlier import cookie_of
from tests.support.running import Service
from tests.support.tickets import ADA, add_ticket

ALICE = OPERATORS["alice"]
SECRET = "a-session-secret-of-more-than-32-characters"


@pytest.fixture
def web(start_service: StartService) -> Service:
    return start_service(works=False, SESSION_SECRET=SECRET)


def old_cookie() -> str:
    """A cookie of alice's that is due to be handed out again."""
    mark = Sessions(SECRET).mark_of(digest_of_token(ALICE))
    began = time.time() - RENEWED_AFTER - 60
    session = Session(name="alice", way="token", claim=mark, since=began, nonce="of-one-browser")
    return cookie_of(session, secret=SECRET, seconds_ago=RENEWED_AFTER + 60)


def test_a_cookie_is_handed_out_again_now_and_then_and_never_by_a_page_that_asks_by_itself(
    web: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    web.deliver(ticket.id)
    fresh, old = visit(web, token=ALICE), visit(web)
    sent = {"Cookie": f"{COOKIE}={old_cookie()}"}
    progress = old.get(f"/desk/leavers/{ticket.id}/progress", headers=sent)
    page = old.get("/desk/leavers", headers=sent)

    assert "Set-Cookie" not in fresh.get("/desk/leavers").headers
    assert (progress.status_code, "Set-Cookie" in progress.headers) == (200, False)
    assert (page.status_code, "Set-Cookie" in page.headers) == (200, True)


def test_a_copied_cookie_is_dead_after_signing_out_and_no_answer_brings_it_back(
    start_service: StartService, web: Service, visit: MakeVisit
) -> None:
    cookie = old_cookie()
    one, copy = visit(web), visit(web)
    one.session.headers["Cookie"] = f"{COOKIE}={cookie}"
    copy.session.headers["Cookie"] = f"{COOKIE}={cookie}"
    before = copy.get("/desk/leavers")

    out = one.submit(one.get("/desk/leavers"), "sign-out")
    after = copy.get("/desk/leavers")
    elsewhere = visit(start_service(works=False, **web.environment))
    there = elsewhere.get("/desk/leavers", headers={"Cookie": f"{COOKIE}={cookie}"})

    assert (before.status_code, out.status_code) == (200, 303)
    assert (after.status_code, there.status_code) == (303, 303)
    assert after.cookies[COOKIE] != cookie


def test_a_slow_answer_does_not_bring_back_a_session_that_was_signed_out_meanwhile(
    web: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    cookie = {"Cookie": f"{COOKIE}={old_cookie()}"}
    is_asked, goes_on = threading.Event(), threading.Event()

    def wait() -> None:
        is_asked.set()
        goes_on.wait(20)

    sandbox.faults.add(fault=runs(wait), vendor="zendesk", times=1)
    slow, quick = visit(web), visit(web)
    with ThreadPoolExecutor(1) as thread:
        page = thread.submit(slow.get, f"/desk/leavers/{ticket.id}/plan", headers=cookie)
        assert is_asked.wait(20)
        form = quick.get("/desk/leavers", headers=cookie)
        fields = quick.hidden(form, "sign-out")
        quick.post("/desk/sign-out", fields, headers=cookie)
        goes_on.set()
        answer = page.result()

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_token_that_was_replaced_ends_the_sessions_that_it_opened(
    start_service: StartService, web: Service, visit: MakeVisit
) -> None:
    cookie = visit(web, token=ALICE).session.cookies[COOKIE]
    new = f"alice=another-token-of-alice-0000009,bob={OPERATORS['bob']}"
    after = start_service(works=False, SESSION_SECRET=SECRET, OPERATOR_TOKENS=new)

    answer = visit(after).get("/desk/leavers", headers={"Cookie": f"{COOKIE}={cookie}"})

    assert answer.status_code == 303


def test_to_sign_out_of_a_session_that_has_ended_is_to_be_signed_out(
    web: Service, visit: MakeVisit
) -> None:
    one = visit(web, token=ALICE)
    page = one.get("/desk/leavers")
    one.session.cookies.clear()

    out = one.submit(page, "sign-out")

    assert (out.status_code, out.headers["Location"]) == (303, "/desk/sign-in?signed-out=1")


def test_ended_sessions_are_forgotten_when_their_cookies_would_be_worth_nothing(
    web: Service, visit: MakeVisit
) -> None:
    one, nobody = visit(web, token=ALICE), visit(web)
    with psycopg.connect(web.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "INSERT INTO ended_sessions (nonce, ended_at) VALUES"
            " ('long over', now() - interval '9 hours 1 minute'),"
            " ('just over', now() - interval '8 hours')"
        )
        one.submit(one.get("/desk/leavers"), "sign-out")
        nobody.post("/desk/sign-out", nobody.hidden(nobody.get("/desk/sign-in"), "sign-in"))
        kept = connection.execute("SELECT nonce FROM ended_sessions").fetchall()

    assert ("long over",) not in kept
    assert len(kept) == 2
