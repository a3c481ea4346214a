"""Signing in with a token, what the cookie is like, and what a page lets nobody do."""

import re

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from service.desk.signing_in.sign_in_limit import MOST_FAILURES
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit
from tests.support.running import Service, events_of
from tests.support.tickets import Who, add_ticket, writes

ALICE = OPERATORS["alice"]
READER = "sandbox-token-of-carol-0000003"
SECRET = "a-session-secret-of-more-than-32-characters"


@pytest.fixture
def web(start_service: StartService) -> Service:
    """A service that answers, and processes nothing."""
    tokens = ",".join(f"{name}={token}" for name, token in OPERATORS.items())
    return start_service(
        works=False, SESSION_SECRET=SECRET, OPERATOR_TOKENS=f"{tokens},carol={READER}:read"
    )


def test_someone_who_is_not_signed_in_is_led_to_sign_in_and_then_back(
    web: Service, visit: MakeVisit
) -> None:
    paths = ["needs-a-person", "leavers", "failed", "status", "leavers/1", "leavers/1/answer"]
    ways = []
    for path in paths:
        one = visit(web)
        led = one.get(f"/desk/{path}").headers["Location"]
        back = one.submit(one.get(led), "sign-in", token=ALICE).headers["Location"]
        ways.append((led, back))

    assert ways == [(f"/desk/sign-in?next=/desk/{path}", f"/desk/{path}") for path in paths]


def test_the_cookie_is_short_lived_and_out_of_reach_of_scripts(
    start_service: StartService, visit: MakeVisit
) -> None:
    web = start_service(works=False, FORWARDED_ALLOW_IPS="127.0.0.1")
    cookie = visit(web).sign_in(ALICE).headers["Set-Cookie"]
    behind_tls = visit(web)
    behind_tls.session.headers["X-Forwarded-Proto"] = "https"
    secure = behind_tls.get("/desk/sign-in").headers["Set-Cookie"]

    assert cookie.partition("; ")[2] == "HttpOnly; Max-Age=3600; Path=/desk; SameSite=lax"
    assert secure.endswith("; SameSite=lax; Secure")
    assert ALICE not in cookie


def test_a_page_is_not_kept_not_framed_and_takes_nothing_from_elsewhere(
    web: Service, visit: MakeVisit
) -> None:
    page = visit(web, token=ALICE).get("/desk/leavers")

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert re.findall(r"<style|style=|<script(?![^>]*src)|\son\w+=", page.text) == []
    # No crown, and not the typeface of GOV.UK.
    css = visit(web).get("/desk/static/govuk/govuk-frontend.min.css").text
    assert "font-face" not in css
    assert "GDS Transport" not in css
    assert "crown" not in page.text


def test_a_wrong_token_is_refused_and_too_many_of_them_have_to_wait(
    web: Service, visit: MakeVisit
) -> None:
    one = visit(web)
    answers = [one.sign_in("not-a-token-of-anybody") for _ in range(MOST_FAILURES)]
    blocked = one.sign_in(ALICE)

    assert {answer.status_code for answer in answers} == {403}
    assert "Enter an operator token that is in use" in answers[0].text
    assert (blocked.status_code, blocked.headers["Retry-After"]) == (429, "900")
    assert "leavers_session" not in one.get("/desk/leavers").text


def test_signing_in_leads_nowhere_but_to_the_pages(web: Service, visit: MakeVisit) -> None:
    addresses = ["https://example.com/desk/", "//example.com", "/desk/..//x\\y", "/leavers", ""]
    led = []
    for address in addresses:
        one = visit(web)
        answer = one.submit(one.get("/desk/sign-in"), "sign-in", token=ALICE, next=address)
        led.append(answer.headers["Location"])

    assert led == ["/desk/"] * len(addresses)


def test_signing_out_ends_the_session(web: Service, visit: MakeVisit) -> None:
    one = visit(web, token=ALICE)
    out = one.submit(one.get("/desk/leavers"), "sign-out")

    assert out.headers["Location"].startswith("/desk/sign-in")
    assert one.get("/desk/leavers").status_code == 303


def test_a_cookie_that_was_tampered_with_or_is_of_somebody_who_left_counts_for_nothing(
    start_service: StartService, visit: MakeVisit
) -> None:
    before = start_service(works=False, SESSION_SECRET=SECRET)
    one = visit(before, token=ALICE)
    cookie = one.session.cookies["leavers_session"]
    # Not its last character: that has bits which say nothing, and may stand for the same signature.
    tampered = f"{cookie[:-9]}{'A' if cookie[-9] != 'A' else 'B'}{cookie[-8:]}"
    bob = f"bob={OPERATORS['bob']}"
    after = start_service(works=False, SESSION_SECRET=SECRET, OPERATOR_TOKENS=bob)
    answers = []
    for service, value in ((before, cookie), (before, tampered), (after, cookie)):
        other = visit(service)
        sent = {"Cookie": f"leavers_session={value}"}
        answers.append(other.get("/desk/leavers", headers=sent).status_code)

    assert answers == [200, 303, 303]


def test_a_form_that_another_site_made_is_refused(
    web: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    web.deliver(ticket.id)
    alice, bob = visit(web, token=ALICE), visit(web, token=OPERATORS["bob"])
    of_bob = bob.hidden(bob.get("/desk/leavers"), "sign-out")
    fields = {"version": "1", "answer": "{}", "plan": "0" * 16, "choice": "no_access"}

    answers = [
        alice.led(alice.post(f"/desk/leavers/{ticket.id}/{action}", fields | token))
        for action in ("answer", "confirm", "retry")
        for token in ({}, {"form_token": "made-up"}, of_bob)
    ]

    assert [answer.status_code for answer in answers] == [403] * 9
    assert "run_requested" not in events_of(web.leaver(ticket.id))


def test_a_read_only_operator_may_look_and_preview_but_not_answer(
    web: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    web.deliver(ticket.id)
    carol = visit(web, token=READER)
    plan = carol.get(f"/desk/leavers/{ticket.id}/plan")
    fields = carol.hidden(plan, "sign-out") | {"version": "1", "answer": "{}", "plan": "0" * 16}
    refused = carol.led(carol.post(f"/desk/leavers/{ticket.id}/confirm", fields))
    by_api = web.post(f"/leavers/{ticket.id}/rerun", token=READER)

    assert "Leaver: Ada Archer (tech role)" in plan.text
    assert "Confirm" not in plan.text
    assert (refused.status_code, by_api.status_code) == (403, 403)
    assert web.post(f"/leavers/{ticket.id}/preview", token=READER).status_code == 200
    assert writes(sandbox) == []


def test_what_is_kept_publicly_is_the_same_for_everybody(web: Service, visit: MakeVisit) -> None:
    alice = visit(web, token=ALICE)
    asset, missing = (alice.get(f"/desk/static/{name}") for name in ("desk.js", "no-such-file"))
    tag = {"If-None-Match": asset.headers["ETag"]}
    unchanged = alice.get("/desk/static/desk.js", headers=tag)

    kept = [answer.headers["Cache-Control"] for answer in (asset, unchanged, missing)]
    assert kept == ["public, max-age=3600", "public, max-age=3600", "no-store"]
    assert (unchanged.status_code, missing.status_code) == (304, 404)
    assert "alice" not in missing.text
    assert "form_token" not in missing.text


def test_no_address_of_the_pages_echoes_the_host_that_was_asked_for(
    web: Service, visit: MakeVisit
) -> None:
    page = visit(web, token=ALICE).get("/desk/leavers/", headers={"Host": "evil.example"})

    assert "evil.example" not in page.headers.get("Location", "")


def test_the_front_door_leads_to_the_pages(web: Service, visit: MakeVisit) -> None:
    one = visit(web)
    assert one.get("/").headers["Location"] == "/desk/"
    assert one.get("/desk").headers["Location"] == "/desk/"


BROKEN: list[tuple[dict[str, str], int]] = [
    ({"version": "x"}, 422),
    ({"answer": "{"}, 422),
    ({"answer": '{"made_up": 1}'}, 422),
    ({"answer": '{"after_date": "over"}'}, 422),
    ({"plan": "../etc"}, 422),
    ({"answer": '{"entry": "0123456789abcdef"}'}, 422),
    ({"answer": "x" * 70_000}, 413),
]


def test_a_broken_form_is_refused_in_words(
    web: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    web.deliver(ticket.id)
    alice = visit(web, token=ALICE)
    page = alice.get(f"/desk/leavers/{ticket.id}/answer")
    whole = alice.hidden(page, f"leavers/{ticket.id}/answer")
    whole |= {"answer": "{}", "plan": "0" * 16}

    answers = [
        alice.led(alice.post(f"/desk/leavers/{ticket.id}/confirm", whole | fields))
        for fields, _ in BROKEN
    ]

    assert [answer.status_code for answer in answers] == [status for _, status in BROKEN]
    assert all(answer.headers["Content-Type"].startswith("text/html") for answer in answers)
    assert "run_requested" not in events_of(web.leaver(ticket.id))
