"""What a ticket still lacks: one update, or nothing if it is as it should be."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.domain import wording
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import Mark, Ticket
from service.domain.ticket_updates import (
    TicketChange,
    asking,
    change_of,
    last_mark,
    solved_with_card,
    solved_without_card,
)
from tests.support.values import DUE, a_note, a_ticket

URL = "https://trello.com/c/iK30ThVk"
REASON = Reason(ReasonCode.LEAVING_DATE_MISSING, "The ticket gives no leaving date.")


def with_card(ticket: Ticket, **changes: object) -> TicketChange | None:
    due = changes.pop("due", DUE)
    said = {"card_url": URL, "wanted_due": due, "card_due": due, "timezone": "Europe/London"}
    said |= {"is_anybody_found": True} | changes
    return change_of(ticket, solved_with_card(**said))  # type: ignore[arg-type]  # as given


def without_card(ticket: Ticket) -> TicketChange | None:
    return change_of(ticket, solved_without_card(card_url=None))


def asked(ticket: Ticket) -> TicketChange | None:
    return change_of(ticket, asking(reasons=(REASON,)))


def after(ticket: Ticket, change: TicketChange | None) -> Ticket:
    """The ticket as it is when the update was carried out."""
    assert change
    tags = [tag for tag in ticket.tags if tag not in change.remove_tags]
    return replace(
        ticket,
        status="solved" if change.solve else ticket.status,
        tags=(*tags, *change.add_tags),
        comments=(
            *ticket.comments,
            *([a_note(len(ticket.comments) + 1, change.mark)] if change.note else []),
        ),
    )


def test_a_ticket_with_a_card_is_solved_tagged_and_noted() -> None:
    change = with_card(a_ticket())

    assert change
    assert change == TicketChange(
        note=wording.card_note(URL, DUE, "Europe/London"),
        solve=True,
        add_tags=("leaver_processed",),
        mark=Mark(plan=change.mark.plan if change.mark else "", card="iK30ThVk"),
    )


@pytest.mark.parametrize("card_due", [None, DUE + timedelta(days=3)])
def test_the_note_gives_the_date_that_the_card_really_has(card_due: datetime | None) -> None:
    by_plan, as_it_is = with_card(a_ticket()), with_card(a_ticket(), card_due=card_due)

    assert by_plan
    assert as_it_is
    assert as_it_is.note == wording.card_note(URL, card_due, "Europe/London")
    assert ("It is due on" in as_it_is.note) == (card_due is not None)
    # A date that a person gave the card is not news to the ticket.
    assert as_it_is.mark == by_plan.mark


def test_a_ticket_about_nobody_is_solved_tagged_and_noted() -> None:
    change = without_card(a_ticket())

    assert change == TicketChange(
        note=wording.no_access_note(),
        solve=True,
        add_tags=("leaver_processed",),
        mark=Mark(plan=wording.digest("no access")),
    )


def test_a_question_leaves_the_ticket_open_with_a_tag_and_a_note() -> None:
    change = asked(a_ticket())

    assert change == TicketChange(
        note=wording.question_note(REASON.text),
        add_tags=("leaver_needs_person",),
        mark=Mark(plan=wording.digest("question", REASON.code), fields=""),
    )


@pytest.mark.parametrize("what", ["card", "nobody", "question"])
def test_what_was_done_is_not_done_again(what: str) -> None:
    def update(ticket: Ticket) -> TicketChange | None:
        match what:
            case "card":
                return with_card(ticket)
            case "nobody":
                return without_card(ticket)
            case _:
                return asked(ticket)

    done = after(a_ticket(), update(a_ticket()))

    assert update(done) is None


def test_a_note_of_a_person_in_between_does_not_bring_the_note_again() -> None:
    done = after(a_ticket(), with_card(a_ticket()))
    later = replace(done, comments=(*done.comments, a_note(9, None)))

    assert with_card(later) is None


def test_a_reopened_ticket_is_solved_again_without_a_second_note() -> None:
    reopened = replace(after(a_ticket(), with_card(a_ticket())), status="open")

    assert with_card(reopened) == TicketChange(solve=True)


@pytest.mark.parametrize(
    "changed",
    [{"due": DUE + timedelta(days=1)}, {"card_url": "https://trello.com/c/other123"}],
    ids=["date", "card"],
)
def test_another_date_or_card_is_in_a_second_note(changed: dict[str, object]) -> None:
    done = after(a_ticket(), with_card(a_ticket()))

    change = with_card(done, **changed)

    assert change
    assert (change.solve, change.add_tags, bool(change.note)) == (False, (), True)


def test_a_date_that_changes_back_is_sent_again() -> None:
    first = after(a_ticket(), with_card(a_ticket()))
    second = after(first, with_card(first, due=DUE + timedelta(days=1)))

    change = with_card(second)

    assert change
    assert change.note == wording.card_note(URL, DUE, "Europe/London")


def test_the_tag_that_asks_goes_when_the_ticket_is_solved() -> None:
    waiting = after(a_ticket(), asked(a_ticket()))

    change = with_card(waiting)

    assert change
    assert (change.add_tags, change.remove_tags) == (
        ("leaver_processed",),
        ("leaver_needs_person",),
    )


def test_a_solved_ticket_is_not_solved_again() -> None:
    change = with_card(a_ticket(status="solved"))

    assert change
    assert not change.solve


def test_a_question_after_a_card_keeps_the_card_in_mind() -> None:
    done = after(a_ticket(), with_card(a_ticket()))

    change = asked(done)

    assert change
    assert change.mark == Mark(
        plan=wording.digest("question", REASON.code), card="iK30ThVk", fields=""
    )


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], None),
        ([None], None),
        ([Mark(plan="a"), None], Mark(plan="a")),
        ([Mark(plan="a"), Mark(plan="b", card="c")], Mark(plan="b", card="c")),
    ],
)
def test_the_newest_mark_counts(marks: list[Mark | None], expected: Mark | None) -> None:
    comments = tuple(a_note(number, mark) for number, mark in enumerate(marks, start=1))

    assert last_mark(a_ticket(comments=comments)) == expected


def test_a_note_with_a_card_says_if_nobody_was_found() -> None:
    change = with_card(a_ticket(), is_anybody_found=False)

    assert change is not None
    assert change.note is not None
    assert change.note.startswith("No entry was found in the access lists.\n")
