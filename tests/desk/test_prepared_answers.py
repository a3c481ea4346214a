"""The prepared answer about later words: the date filled in, nothing to do, and cancelled."""

from collections.abc import Iterator

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import OpenRig
from tests.desk.conftest import MakeVisit
from tests.support.rig import Rig
from tests.support.running import Json
from tests.support.tickets import ADA, BENEDICT, ELENA, GRACE, IMOGEN, Who, add_ticket, cards_of

EVE = "token-of-eve-who-may-look-0001"
NEW_DATE = "Her leaving date has changed to 15 January 2027."


@pytest.fixture(scope="module")
def rig(open_rig: OpenRig) -> Iterator[Rig]:
    operators = ",".join(
        [*(f"{name}={token}" for name, token in OPERATORS.items()), f"eve={EVE}:read"]
    )
    with open_rig(AFTER_DATE="false", OPERATOR_TOKENS=operators) as rig:
        yield rig


def asked_later(rig: Rig, who: Who, words: str) -> tuple[SandboxTicket, Json]:
    """A processed ticket on which somebody wrote something, and what is asked."""
    ticket = add_ticket(rig.sandbox, who)
    rig.service.process_ticket(ticket.id)
    rig.sandbox.zendesk.reply(ticket.id, words)
    rig.service.deliver(ticket.id)
    return ticket, rig.service.wait_for(ticket.id, "needs_person")


def due_days(sandbox: Sandbox, ticket: SandboxTicket) -> list[str]:
    return [(card.due or "")[:10] for card in cards_of(sandbox, ticket)]


def test_another_leaving_date_is_filled_in_and_moves_the_card_once_it_is_confirmed(
    rig: Rig, visit: MakeVisit
) -> None:
    ticket, _ = asked_later(rig, ADA, NEW_DATE)
    alice = visit(rig.service, token=OPERATORS["alice"])

    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    page = alice.see(form, f"leavers/{ticket.id}/answer", choice="again")
    before = due_days(rig.sandbox, ticket)
    alice.submit(page, f"leavers/{ticket.id}/confirm")
    rig.service.wait_for(ticket.id, "done")

    assert "Move the leaving date to 15 January 2027" in form.text
    assert [f'value="{part}"' in form.text for part in ("15", "1", "2027")] == [True] * 3
    assert "15 January 2027" in page.text
    assert (before, due_days(rig.sandbox, ticket)) == (["2026-12-18"], ["2027-01-15"])
    assert ticket.status == "solved"


def test_a_follow_up_leads_to_the_ticket_that_it_follows_with_the_new_date_filled_in(
    rig: Rig, visit: MakeVisit
) -> None:
    ticket = add_ticket(rig.sandbox, IMOGEN)
    rig.service.process_ticket(ticket.id)
    rig.sandbox.zendesk.close(ticket.id)
    follow_up = rig.sandbox.zendesk.follow_up(ticket.id, NEW_DATE)
    rig.service.deliver(follow_up.id)
    rig.service.wait_for(follow_up.id, "needs_person")
    alice = visit(rig.service, token=OPERATORS["alice"])

    pages = [alice.get(f"/desk/leavers/{follow_up.id}{path}").text for path in ("", "/answer")]

    assert [f'href="/desk/leavers/{ticket.id}"' in page for page in pages] == [True, True]
    assert [f'value="{part}"' in pages[1] for part in ("15", "1", "2027")] == [True] * 3
    assert "The ticket seems to say" not in pages[1]


def test_nothing_to_do_leaves_the_card_and_takes_no_date(rig: Rig, visit: MakeVisit) -> None:
    ticket, _ = asked_later(rig, BENEDICT, NEW_DATE)
    alice = visit(rig.service, token=OPERATORS["alice"])

    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    page = alice.see(form, f"leavers/{ticket.id}/answer", choice="nothing_to_do")
    alice.submit(page, f"leavers/{ticket.id}/confirm")
    leaver = rig.service.wait_for(ticket.id, "done")

    assert "There is nothing to do" in page.text
    assert "No card is made" not in page.text
    assert (leaver["outcome"], leaver["leaving_date"]) == ("tech_card", "2026-12-18")
    assert due_days(rig.sandbox, ticket) == ["2026-12-18"]
    assert ticket.status == "solved"


def test_who_stays_is_set_aside_as_cancelled_with_the_card_named_and_left(
    rig: Rig, visit: MakeVisit
) -> None:
    ticket, asked = asked_later(rig, ELENA, "Please cancel this, she is staying after all.")
    alice = visit(rig.service, token=OPERATORS["alice"])

    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    page = alice.see(form, f"leavers/{ticket.id}/answer", choice="set_aside:cancelled")
    alice.submit(page, f"leavers/{ticket.id}/confirm")
    leaver = rig.service.wait_for(ticket.id, "done")

    assert asked["reason_code"] == "stays"
    (card,) = cards_of(rig.sandbox, ticket)
    assert card.url in form.text
    assert "yours to archive" in form.text
    assert (leaver["outcome"], card.closed) == ("set_aside", False)


def test_nothing_to_do_is_not_an_answer_to_another_question(rig: Rig, visit: MakeVisit) -> None:
    ticket = add_ticket(rig.sandbox, GRACE, leaving=None)
    rig.service.process_ticket(ticket.id)
    alice = visit(rig.service, token=OPERATORS["alice"])

    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    answer = alice.see(form, f"leavers/{ticket.id}/answer", choice="nothing_to_do")

    assert "Nothing to do" not in form.text
    assert "Select what should be done" in answer.text


def test_who_may_only_look_sees_no_button(rig: Rig, visit: MakeVisit) -> None:
    ticket, _ = asked_later(rig, GRACE, "Thank you!")
    reader = visit(rig.service, token=EVE)

    assert "Nothing to do" not in reader.get(f"/desk/leavers/{ticket.id}/answer").text
