"""What people write after the card: asked about with the answer prepared, and never lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Moment
from integrations.sandbox.zendesk import DATE_FIELD
from integrations.sandbox.zendesk_people import SERVICE_USER
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import OpenRig
from tests.support.crowd import crowd, list_crowd
from tests.support.rig import Rig
from tests.support.running import Json, Service, events_of, wait_until
from tests.support.tickets import (
    ADA,
    BENEDICT,
    ELENA,
    GRACE,
    IMOGEN,
    NOBODY,
    Who,
    add_ticket,
    cards_of,
)

# A person of its own for each test: a second ticket would share the first one's card.
PEOPLE = crowd(20)
NEW_DATE = "Her leaving date has changed to 15 January 2027."
NEW_DUE = "2027-01-15T17:00:00.000Z"


@pytest.fixture(scope="module")
def rig(open_rig: OpenRig) -> Iterator[Rig]:
    with open_rig(DAILY_LIMIT="1000") as rig:
        list_crowd(rig.sandbox, PEOPLE)
        yield rig


@pytest.fixture
def sandbox(rig: Rig) -> Sandbox:
    return rig.sandbox


@pytest.fixture
def service(rig: Rig) -> Service:
    return rig.service


def done(rig: Rig, who: Who) -> SandboxTicket:
    """A ticket that the service has brought to its end."""
    ticket = add_ticket(rig.sandbox, who)
    assert rig.service.process_ticket(ticket.id)["state"] == "done"
    return ticket


def asked(service: Service, ticket_id: int) -> Json:
    """Deliver the webhook, and wait for the question."""
    service.deliver(ticket_id)
    return service.wait_for(ticket_id, "needs_person")


def reads_again(rig: Rig, ticket: SandboxTicket) -> Json:
    """Deliver the webhook of a processed ticket, and wait until nothing new was found in it."""
    rig.service.deliver(ticket.id)
    wait_until(lambda: "nothing_new" in events_of(rig.service.leaver(ticket.id)))
    return rig.service.leaver(ticket.id)


def dues(sandbox: Sandbox, ticket: SandboxTicket) -> list[str | None]:
    return [card.due for card in cards_of(sandbox, ticket)]


def test_a_reopened_ticket_with_another_date_is_asked_about_and_its_card_moved_on_the_answer(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, ADA)
    sandbox.zendesk.reply(ticket.id, NEW_DATE)
    before = dues(sandbox, ticket)

    leaver = asked(service, ticket.id)
    notes = len(ticket.notes)
    while_asked = (dues(sandbox, ticket), ticket.status, "leaver_needs_person" in ticket.tags)
    settled = service.rerun(ticket.id, leaving_date="2027-01-15")

    assert leaver["reason_code"] == "other_leaving_date"
    assert "15 January 2027" in leaver["reason"]
    assert leaver["leaving_date"] == "2026-12-18"
    assert while_asked == (before, "open", True)
    assert (settled["state"], settled["outcome"]) == ("done", "tech_card")
    assert (dues(sandbox, ticket), ticket.status) == ([NEW_DUE], "solved")
    assert "leaver_needs_person" not in ticket.tags
    assert len(ticket.notes) == notes + 1


def test_a_question_is_asked_once_about_one_comment_and_never_about_our_own_note(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, BENEDICT)
    sandbox.zendesk.reply(ticket.id, NEW_DATE)
    asked(service, ticket.id)
    notes = len(ticket.notes)

    again = service.process_ticket(ticket.id)

    assert (again["state"], len(ticket.notes)) == ("needs_person", notes)
    assert [note.author_id for note in ticket.notes] == [SERVICE_USER] * notes


def test_words_that_come_while_the_ticket_is_being_read_for_news_are_asked_about(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, PEOPLE[10])

    def write_meanwhile() -> None:
        sandbox.zendesk.reply(ticket.id, NEW_DATE)
        service.deliver(ticket.id)

    hook = faults.runs(write_meanwhile, Moment.AFTER_ACTING)
    sandbox.faults.add(fault=hook, vendor="zendesk", path=f"/tickets/{ticket.id}/comments")

    assert asked(service, ticket.id)["reason_code"] == "other_leaving_date"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Please cancel this, she is staying after all.", "stays"),
        ("Please also remove John Smith, who leaves as well.", "other_person"),
        ("Thank you!", "read_it"),
    ],
)
def test_each_kind_of_words_has_its_own_reason_code(
    rig: Rig, sandbox: Sandbox, service: Service, words: str, code: str
) -> None:
    ticket = done(rig, ELENA)
    sandbox.zendesk.reply(ticket.id, words)

    leaver = asked(service, ticket.id)

    assert (leaver["reason_code"], leaver["card_url"] is not None) == (code, True)
    assert [card.closed for card in cards_of(sandbox, ticket)] in ([False], [])
    service.rerun(ticket.id, nothing_to_do=True)


def test_nothing_to_do_gives_the_leaver_the_outcome_that_it_had_and_solves_the_ticket(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, GRACE)
    sandbox.zendesk.reply(ticket.id, "Thank you!")
    before = asked(service, ticket.id)
    notes = len(ticket.notes)

    leaver = service.rerun(ticket.id, nothing_to_do=True)
    late = service.deliver(ticket.id)

    assert (before["outcome"], leaver["outcome"], leaver["reason"]) == (None, "non_tech_card", None)
    assert leaver["entry"]["name"] == "Grace Lindqvist"
    assert (ticket.status, len(ticket.notes)) == ("solved", notes)
    assert "leaver_needs_person" not in ticket.tags
    assert late.body["state"] == "done"
    assert "settled" in events_of(leaver)


def test_a_person_who_solves_the_ticket_settles_the_question(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, IMOGEN)
    sandbox.zendesk.reply(ticket.id, "Thank you!")
    asked(service, ticket.id)
    sandbox.zendesk.solve_by_hand(ticket.id)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["outcome"]) == ("done", "tech_card")
    assert leaver["history"][-1]["event"] == "settled"
    assert "leaver_needs_person" not in ticket.tags


def test_somebody_who_stays_is_set_aside_and_the_card_is_left_to_a_person(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, PEOPLE[0])
    sandbox.zendesk.reply(ticket.id, "Please cancel this, he is staying after all.")
    asked(service, ticket.id)

    leaver = service.rerun(ticket.id, set_aside="cancelled")

    assert (leaver["outcome"], leaver["reason_code"]) == ("set_aside", "cancelled")
    assert cards_of(sandbox, ticket)[0].url in leaver["reason"]
    assert [card.closed for card in cards_of(sandbox, ticket)] == [False]


def test_a_reopened_ticket_in_which_nothing_is_new_gets_one_line_in_the_history_alone(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, NOBODY)
    before = events_of(service.leaver(ticket.id))
    sandbox.zendesk.update(ticket.id, {"status": "open"})
    sandbox.clear_requests()

    first = service.deliver(ticket.id)
    wait_until(lambda: "nothing_new" in events_of(service.leaver(ticket.id)))
    service.deliver(ticket.id)
    wait_until(lambda: _tickets_read(sandbox, ticket.id) >= 2)
    leaver = service.leaver(ticket.id)

    assert first.body["state"] == "done"
    assert (leaver["state"], leaver["outcome"]) == ("done", "no_access")
    assert events_of(leaver) == [*before, "nothing_new"]
    assert ticket.status == "open"
    assert not [one for one in sandbox.requests("zendesk") if one.method == "PUT"]


def test_a_comment_on_a_solved_ticket_is_asked_about_and_the_ticket_stays_solved(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, NOBODY)
    sandbox.zendesk.comment(ticket.id, "By the way, she leaves on 15 January 2027", public=False)

    leaver = asked(service, ticket.id)

    assert leaver["reason_code"] == "other_leaving_date"
    assert (ticket.status, leaver["state"]) == ("solved", "needs_person")
    again = service.process_ticket(ticket.id)
    assert again["state"] == "needs_person"


def test_a_date_field_that_somebody_changed_is_asked_about_once_and_moves_nothing(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, PEOPLE[6])
    before = dues(sandbox, ticket)
    changed = {"custom_fields": [{"id": DATE_FIELD, "value": "2027-01-15"}], "status": "open"}
    sandbox.zendesk.update(ticket.id, changed)

    leaver = asked(service, ticket.id)
    service.rerun(ticket.id, nothing_to_do=True)
    sandbox.zendesk.update(ticket.id, {"status": "open"})
    again = reads_again(rig, ticket)

    assert (leaver["reason_code"], leaver["leaving_date"]) == ("other_leaving_date", "2026-12-18")
    assert (again["state"], again["leaving_date"]) == ("done", "2026-12-18")
    assert dues(sandbox, ticket) == before


def test_a_field_that_an_operator_answered_otherwise_is_not_new_when_somebody_says_thanks(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    ticket = done(rig, PEOPLE[7])
    service.rerun(ticket.id, leaving_date="2027-01-15")
    sandbox.zendesk.update(ticket.id, {"status": "open"})

    reopened = reads_again(rig, ticket)
    sandbox.zendesk.reply(ticket.id, "Thank you!")
    leaver = asked(service, ticket.id)

    assert (reopened["state"], reopened["leaving_date"]) == ("done", "2027-01-15")
    assert leaver["reason_code"] == "read_it"


def test_a_follow_ups_inherited_fields_are_not_new(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    source = done(rig, PEOPLE[8])
    service.rerun(source.id, leaving_date="2027-01-15")
    sandbox.zendesk.close(source.id)

    leaver = asked(service, sandbox.zendesk.reply(source.id, "Thank you!").id)

    assert leaver["reason_code"] == "read_it"


def follow_up(rig: Rig, who: Who, words: str) -> tuple[SandboxTicket, SandboxTicket]:
    """A processed ticket that is closed, and the follow-up that a reply makes of it."""
    source = done(rig, who)
    rig.sandbox.zendesk.close(source.id)
    return source, rig.sandbox.zendesk.reply(source.id, words)


def test_a_follow_up_with_another_date_moves_the_sources_card_on_the_answer_and_makes_none(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    source, ticket = follow_up(rig, PEOPLE[1], NEW_DATE)
    cards = len(sandbox.trello.cards())

    leaver = asked(service, ticket.id)
    settled = service.rerun(ticket.id, leaving_date="2027-01-15")
    moved = service.wait_for(source.id, "done")

    assert leaver["reason_code"] == "other_leaving_date"
    assert (settled["state"], settled["outcome"]) == ("done", "tech_card")
    assert (settled["card_url"], settled["leaving_date"]) == (moved["card_url"], "2027-01-15")
    assert moved["leaving_date"] == "2027-01-15"
    assert (len(sandbox.trello.cards()), dues(sandbox, source)) == (cards, [NEW_DUE])
    assert (ticket.status, len(ticket.notes)) == ("solved", 2)
    assert moved["card_url"] in ticket.notes[-1].body


def test_an_answer_about_a_follow_up_holds_if_the_ticket_that_it_follows_was_deleted(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    source, ticket = follow_up(rig, PEOPLE[9], NEW_DATE)
    asked(service, ticket.id)
    sandbox.zendesk.delete(source.id)

    settled = service.rerun(ticket.id, leaving_date="2027-01-15")
    kept = service.wait_for(source.id, "done")

    assert (settled["state"], dues(sandbox, source)) == ("done", [NEW_DUE])
    assert (kept["outcome"], kept["leaving_date"]) == ("tech_card", "2027-01-15")
    assert kept["entry"] is not None


def test_nothing_to_do_about_a_follow_up_points_it_at_the_card_and_solves_it(
    rig: Rig, service: Service
) -> None:
    source, ticket = follow_up(rig, PEOPLE[2], "Thank you!")
    leaver = asked(service, ticket.id)

    settled = service.rerun(ticket.id, nothing_to_do=True)

    assert leaver["reason_code"] == "read_it"
    assert (settled["state"], settled["outcome"]) == ("done", "tech_card")
    assert settled["card_url"] == service.leaver(source.id)["card_url"]
    assert ticket.status == "solved"


def test_a_follow_up_that_cancels_sets_its_source_aside_too(rig: Rig, service: Service) -> None:
    source, ticket = follow_up(rig, PEOPLE[3], "She is staying after all")
    leaver = asked(service, ticket.id)

    card_url = service.leaver(source.id)["card_url"]

    previewed = service.preview(ticket.id, set_aside="cancelled")
    service.rerun(ticket.id, set_aside="cancelled")
    wait_until(lambda: service.leaver(source.id)["outcome"] == "set_aside")

    set_aside = service.leaver(ticket.id)
    assert leaver["reason_code"] == "stays"
    assert (set_aside["outcome"], set_aside["reason"]) == ("set_aside", previewed["reason"])
    assert f"The card {card_url} stays on the board" in set_aside["reason"]


def test_a_follow_up_of_an_unknown_ticket_is_a_question_first_and_then_a_ticket_like_any_other(
    sandbox: Sandbox, service: Service
) -> None:
    unknown = add_ticket(sandbox, ELENA, tags=("leaver", "leaver_processed"), status="closed")
    ticket = sandbox.zendesk.reply(unknown.id, "What about her?")

    leaver = asked(service, ticket.id)
    settled = service.rerun(ticket.id)

    assert leaver["reason_code"] == "read_it"
    assert (settled["state"], settled["entry"]["name"]) == ("done", "Elena Marchetti")


def test_a_ticket_that_inherited_our_tag_without_a_source_is_a_follow_up_too(
    sandbox: Sandbox, service: Service
) -> None:
    ticket = add_ticket(sandbox, ELENA, tags=("leaver", "leaver_processed"))

    assert asked(service, ticket.id)["reason_code"] == "read_it"


def test_a_follow_up_that_a_person_solves_is_set_aside_by_hand(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    _, ticket = follow_up(rig, PEOPLE[4], "Thank you!")
    asked(service, ticket.id)
    sandbox.zendesk.solve_by_hand(ticket.id)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["outcome"], leaver["reason_code"]) == ("set_aside", "by_hand")


def test_a_preview_of_an_answer_shows_the_card_and_writes_nothing(
    rig: Rig, sandbox: Sandbox, service: Service
) -> None:
    source, ticket = follow_up(rig, PEOPLE[5], NEW_DATE)
    asked(service, ticket.id)
    sandbox.clear_requests()

    seen: Any = service.preview(ticket.id, leaving_date="2027-01-15")

    assert (seen["state"], seen["card"]["due"]) == ("done", "2027-01-15T17:00:00Z")
    assert service.leaver(ticket.id)["state"] == "needs_person"
    assert not [one for one in sandbox.requests() if one.method in {"PUT", "POST"}]
    assert source.status == "closed"


def _tickets_read(sandbox: Sandbox, ticket_id: int) -> int:
    return sum(one.path.endswith(f"/tickets/{ticket_id}.json") for one in sandbox.requests())
