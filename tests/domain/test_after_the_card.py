"""What a ticket needs that was processed before, decided with values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.domain import wording
from service.domain.after_the_card import (
    AfterCard,
    Before,
    Processed,
    after_the_card,
    is_follow_up,
    is_something_new,
)
from service.domain.cards import Board, KnownCard
from service.domain.corrections import Corrections, SetAsideAs
from service.domain.drafts import Ask, FollowSource, LeaveSettled, Outcome, SetAside
from service.domain.facts import TicketFacts
from service.domain.finished_plan import finish_plan
from service.domain.ticket import Comment, FieldIds, Mark, Ticket
from service.domain.ticket_updates import TicketStep
from tests.support.values import DUE, a_note, a_ticket, details, policy

TODAY = date(2026, 12, 1)
MARK = Mark(plan="abc")
CARD = KnownCard(key="5f", url="https://trello.com/c/iK30ThVk", due=DUE)
OWN = Processed(
    ticket_id=12345,
    outcome=Outcome.TECH_CARD,
    name="Jane Doe",
    email="jane.doe@example.gov.uk",
    leaving_date=DUE.date(),
    card=CARD,
)
SOURCE = replace(OWN, ticket_id=7)
PROCESSED = Before(own=OWN, settled_id=1)
FOLLOWS = Before(source=SOURCE)
THANKS = Comment(id=3, author_id=5, body="Thank you!", is_public=True)
NEW_DATE = replace(THANKS, body="Her leaving date has changed to 15 January 2027.")
NEW_DUE = datetime(2027, 1, 15, 17, tzinfo=UTC)


def a_request(
    *comments: Comment, corrections: Corrections | None = None, **ticket: Any
) -> TicketFacts:
    """A processed ticket with a note of ours, and what was written since."""
    usual = {"comments": (a_note(1, MARK), *comments), "tags": ("leaver", "leaver_processed")}
    return TicketFacts(
        ticket=a_ticket(**usual | ticket),
        details=details(),
        corrections=corrections or Corrections(),
        operator_override=False,
        was_handed_to_person=False,
    )


def decided(request: TicketFacts, before: Before) -> AfterCard | None:
    return after_the_card(request, before, policy(), fields=FieldIds(), today=TODAY)


def a_follow_up(*comments: Comment, **changes: Any) -> TicketFacts:
    """A follow-up of ticket 7."""
    usual: dict[str, Any] = {"comments": comments, "is_follow_up": True, "source_id": 7}
    return a_request(**usual | changes)


def code_of(draft: AfterCard | None) -> str:
    assert isinstance(draft, Ask)
    assert draft.is_later
    return draft.reasons[0].code


def test_a_ticket_that_was_not_processed_is_like_any_other() -> None:
    assert decided(a_request(THANKS), Before()) is None


def test_the_record_decides_what_is_a_follow_up_and_not_the_inherited_tags() -> None:
    inherited: Ticket = a_ticket(tags=("leaver", "leaver_processed"))
    ours = replace(inherited, comments=(a_note(1, MARK),))

    assert is_follow_up(inherited, Before())
    assert not is_follow_up(ours, Before())
    assert not is_follow_up(inherited, PROCESSED)
    assert not is_follow_up(replace(inherited, tags=("leaver",)), Before())
    assert is_follow_up(replace(ours, is_follow_up=True), PROCESSED)


@pytest.mark.parametrize(
    ("comment", "code", "prepared"),
    [(THANKS, "read_it", None), (NEW_DATE, "other_leaving_date", date(2027, 1, 15))],
)
def test_what_is_new_on_a_processed_ticket_is_a_question_with_its_answer(
    comment: Comment, code: str, prepared: date | None
) -> None:
    draft = decided(a_request(comment), PROCESSED)

    assert code_of(draft) == code
    assert isinstance(draft, Ask)
    assert draft.prepared_date == prepared
    assert is_something_new(
        a_request(comment).ticket, PROCESSED, policy(), fields=FieldIds(), today=TODAY
    )


def test_nothing_new_leaves_the_outcome_as_it_was() -> None:
    request = a_request()

    assert decided(request, PROCESSED) == LeaveSettled(outcome=Outcome.TECH_CARD)
    assert not is_something_new(request.ticket, PROCESSED, policy(), fields=FieldIds(), today=TODAY)


def test_without_the_leaver_tag_nobody_is_asked_unless_an_operator_wants_it() -> None:
    request = a_request(THANKS, tags=("leaver_processed",))
    wanted = replace(request, operator_override=True)

    assert decided(request, PROCESSED) == LeaveSettled(outcome=Outcome.TECH_CARD)
    assert code_of(decided(wanted, PROCESSED)) == "read_it"
    assert not is_something_new(request.ticket, PROCESSED, policy(), fields=FieldIds(), today=TODAY)
    assert isinstance(decided(a_follow_up(THANKS, tags=()), FOLLOWS), SetAside)


def test_an_operators_run_without_news_brings_card_and_ticket_in_line() -> None:
    request = replace(a_request(), is_operators=True)

    assert decided(request, PROCESSED) is None
    # While a question is open, that is no answer to it.
    asked = replace(PROCESSED, asked_status="open")
    assert isinstance(decided(request, asked), LeaveSettled)
    assert code_of(decided(replace(a_request(THANKS), is_operators=True), asked)) == "read_it"


@pytest.mark.parametrize(
    ("asked_status", "status", "is_settled"),
    [
        ("open", "solved", True),
        ("pending", "closed", True),
        ("open", "open", False),
        ("open", "pending", False),
        # What was asked about a solved ticket is not settled by its being solved.
        ("solved", "solved", False),
        (None, "solved", False),
    ],
)
def test_a_person_who_solves_the_ticket_settles_what_was_asked_about_it(
    asked_status: str | None, status: str, *, is_settled: bool
) -> None:
    draft = decided(a_request(THANKS, status=status), replace(PROCESSED, asked_status=asked_status))

    settled = LeaveSettled(outcome=Outcome.TECH_CARD, settled_by="person")
    assert (draft == settled) == is_settled


def test_an_answer_about_a_processed_ticket_is_carried_out() -> None:
    answered = replace(PROCESSED, is_answered=True)
    date_said = Corrections(leaving_date=date(2027, 1, 15))
    nothing = Corrections(nothing_to_do=True)
    aside = Corrections(set_aside=SetAsideAs.CANCELLED)

    assert decided(a_request(NEW_DATE, corrections=date_said), answered) is None
    assert decided(a_request(NEW_DATE, corrections=aside), answered) is None
    assert decided(a_request(NEW_DATE, corrections=nothing), answered) == LeaveSettled(
        outcome=Outcome.TECH_CARD, settled_by="operator"
    )
    # An answer of an earlier time answers no question of now.
    assert code_of(decided(a_request(NEW_DATE, corrections=nothing), PROCESSED)) == (
        "other_leaving_date"
    )


def test_nothing_to_do_about_a_ticket_that_was_never_processed_sets_it_aside() -> None:
    request = a_request(corrections=Corrections(nothing_to_do=True))

    draft = decided(request, Before(is_answered=True))

    assert draft == SetAside(reasons=(wording.NOTHING_TO_DO,))
    # Nothing else that was answered, and no answer of an earlier time.
    assert decided(request, Before()) is None
    assert decided(a_request(), Before(is_answered=True)) is None


def test_somebody_set_aside_is_asked_about_no_more() -> None:
    aside = Corrections(set_aside=SetAsideAs.CANCELLED)

    assert decided(a_request(THANKS, corrections=aside), PROCESSED) is None
    assert decided(a_follow_up(THANKS, corrections=aside), FOLLOWS) is None


def test_a_follow_up_that_was_processed_is_a_processed_ticket() -> None:
    before = replace(PROCESSED, source=SOURCE)

    assert decided(a_follow_up(a_note(1, MARK)), before) == LeaveSettled(outcome=OWN.outcome)


def test_nothing_is_new_on_a_ticket_that_was_not_processed() -> None:
    ticket = a_request(THANKS).ticket

    assert not is_something_new(ticket, Before(), policy(), fields=FieldIds(), today=TODAY)


def test_an_operator_may_have_a_follow_up_without_the_leaver_tag_asked_about() -> None:
    request = replace(a_follow_up(THANKS, tags=()), operator_override=True)

    assert code_of(decided(request, FOLLOWS)) == "read_it"


def test_a_follow_up_is_a_question_however_little_it_says() -> None:
    assert code_of(decided(a_follow_up(THANKS), FOLLOWS)) == "read_it"
    assert code_of(decided(a_follow_up(NEW_DATE), FOLLOWS)) == "other_leaving_date"
    # The reply stands in the description alone.
    assert code_of(decided(a_follow_up(description=NEW_DATE.body), FOLLOWS)) == (
        "other_leaving_date"
    )


def test_a_follow_up_of_an_unknown_ticket_is_asked_about_and_then_like_any_other() -> None:
    request = a_follow_up(THANKS)

    draft = decided(request, Before())

    assert isinstance(draft, Ask)
    assert draft.reasons == (wording.FOLLOW_UP_OF_UNKNOWN,)
    assert decided(replace(request, is_operators=True), Before()) is None


@pytest.mark.parametrize("status", ["solved", "closed"])
def test_a_follow_up_that_a_person_solved_is_set_aside_unless_it_was_answered(
    status: str,
) -> None:
    request = a_follow_up(THANKS, status=status)

    assert decided(request, FOLLOWS) == SetAside(reasons=(wording.SOLVED_BY_HAND,))
    answered = replace(FOLLOWS, is_answered=True)
    assert isinstance(decided(request, answered), FollowSource)


@pytest.mark.parametrize(
    ("corrections", "due", "moves"),
    [
        (Corrections(nothing_to_do=True), DUE, False),
        (Corrections(leaving_date=date(2027, 1, 15)), NEW_DUE, True),
    ],
)
def test_an_answer_about_a_follow_up_points_it_at_its_sources_card(
    corrections: Corrections, due: datetime, *, moves: bool
) -> None:
    request = a_follow_up(THANKS, corrections=corrections)

    draft = decided(request, replace(FOLLOWS, is_answered=True))

    assert isinstance(draft, FollowSource)
    assert (draft.source_ticket_id, draft.outcome, draft.known_card) == (7, OWN.outcome, CARD)
    assert (draft.due, draft.moves_due, draft.name) == (due, moves, "Jane Doe")
    assert draft.leaving_date == due.date()


@pytest.mark.parametrize(
    "corrections",
    [Corrections(name="John Roe"), Corrections(entry="0123"), Corrections(no_access=True)],
)
def test_a_follow_up_about_somebody_else_is_like_any_other_ticket(
    corrections: Corrections,
) -> None:
    request = a_follow_up(THANKS, corrections=corrections)

    assert decided(request, replace(FOLLOWS, is_answered=True)) is None


def test_a_follow_up_of_somebody_without_card_and_date_is_solved_without_a_card() -> None:
    source = Processed(ticket_id=7, outcome=Outcome.NO_ACCESS, name="Jane Doe")
    request = a_follow_up(THANKS, corrections=Corrections(nothing_to_do=True))

    draft = decided(request, Before(source=source, is_answered=True))
    assert isinstance(draft, FollowSource)
    plan = finish_plan(draft, Board(), timezone="Europe/London")

    assert (draft.outcome, draft.due, plan.card) == (Outcome.NO_ACCESS, None, None)
    assert isinstance(plan.ticket, TicketStep)
    assert plan.ticket.solve


def test_a_follow_up_of_somebody_erased_is_like_any_other_ticket() -> None:
    erased = replace(SOURCE, name=None, email=None, leaving_date=None, card=replace(CARD, due=None))
    request = a_follow_up(THANKS, corrections=Corrections(nothing_to_do=True))

    assert decided(request, Before(source=erased, is_answered=True)) is None
