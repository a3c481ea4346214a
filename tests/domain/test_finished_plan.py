"""A finished plan: a draft, settled against the board as it is, down to the very note."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.domain import wording
from service.domain.cards import Board, Card, CopyTemplate, KnownCard, Sibling
from service.domain.drafts import (
    Ask,
    Draft,
    MakeCard,
    NoAccess,
    OtherTicketsCard,
    Outcome,
    SetAside,
)
from service.domain.finished_plan import Plan, finish_plan, known_card
from service.domain.ticket import Mark
from service.domain.ticket_updates import TicketStep
from tests.support.values import DUE, a_card, a_note, a_ticket, a_wanted_card, an_entry

MOVED = DUE - timedelta(days=7)
OTHER = DUE + timedelta(days=28)
DRAFT = MakeCard(outcome=Outcome.TECH_CARD, card=a_wanted_card(), entries=(an_entry(),))
OURS = a_card()
RECORDED = KnownCard(key=OURS.id, url=OURS.url, name=OURS.name, due=OURS.due)
THEIRS = a_card(2, desc="Zendesk ticket: https://govuk.zendesk.com/agent/tickets/777")


def finish(draft: Draft, *cards: Card, **board: object) -> Plan:
    return finish_plan(
        draft,
        Board(open_cards=cards, **board),  # type: ignore[arg-type]  # as given
        timezone="Europe/London",
    )


def note_of(plan: Plan) -> str:
    assert isinstance(plan.ticket, TicketStep)
    return plan.ticket.note


def test_a_new_card_has_the_drafts_name_and_date_and_a_note_without_its_link_yet() -> None:
    plan = finish(DRAFT)

    assert plan.card
    assert (plan.card.name, plan.card.due, plan.card.url) == (DRAFT.card.name, DUE, None)
    assert note_of(plan) == wording.card_note("(the link to the card)", DUE, "Europe/London")


def test_the_note_holds_the_link_once_the_card_is_made_and_is_still_the_same_note() -> None:
    step = finish(DRAFT).ticket
    assert isinstance(step, TicketStep)

    made = step.with_card(OURS.url)

    assert made.note == wording.card_note(OURS.url, DUE, "Europe/London")
    assert made.text == step.text


@pytest.mark.parametrize("due", [MOVED, None])
def test_a_card_that_a_person_moved_is_planned_and_noted_with_the_date_that_it_has(
    due: datetime | None,
) -> None:
    card = replace(OURS, due=due, name="Ada, urgent")

    plan = finish(DRAFT, card, known=RECORDED)

    assert plan.card
    assert (plan.card.name, plan.card.due, plan.card.url) == ("Ada, urgent", due, OURS.url)
    assert note_of(plan) == wording.card_note(OURS.url, plan.card.due, "Europe/London")


def test_a_new_leaving_date_is_the_date_that_the_card_will_have() -> None:
    draft = replace(DRAFT, card=a_wanted_card(due=OTHER))

    plan = finish(draft, replace(OURS, due=MOVED), known=RECORDED)

    assert plan.card
    assert plan.card.due == OTHER
    assert note_of(plan) == wording.card_note(OURS.url, OTHER, "Europe/London")


def test_an_archived_card_is_left_and_noted_with_the_date_that_it_has() -> None:
    archived = replace(OURS, is_open=False, due=MOVED)

    plan = finish(DRAFT, known=RECORDED, known_elsewhere=archived)

    assert plan.card
    assert (plan.card.url, plan.card.due) == (OURS.url, MOVED)
    assert note_of(plan) == wording.card_note(OURS.url, MOVED, "Europe/London")


def test_a_card_that_is_gone_is_noted_without_a_date() -> None:
    plan = finish(DRAFT, known=RECORDED)

    assert note_of(plan) == wording.card_note(OURS.url, None, "Europe/London")


def test_another_date_than_the_persons_open_card_has_is_a_question_and_no_card() -> None:
    draft = replace(DRAFT, card=a_wanted_card(due=OTHER))

    plan = finish(draft, THEIRS, siblings=(Sibling(ticket_id=777),))

    other_card = OtherTicketsCard(url=THEIRS.url, ticket_id=777, due=THEIRS.due)
    assert plan.draft == Ask(reasons=(wording.OTHER_LEAVING_DATE,), other_card=other_card)
    assert (plan.card, note_of(plan)) == (
        None,
        wording.question_note(wording.OTHER_LEAVING_DATE.text),
    )


@pytest.mark.parametrize("draft", [NoAccess(), SetAside(reasons=(wording.SOLVED_BY_HAND,))])
def test_a_card_that_is_not_needed_any_more_stays_and_is_named(draft: Draft) -> None:
    assert finish(draft, known=RECORDED).card_left == OURS.url
    assert finish(draft).card_left is None


def test_a_leaver_that_is_set_aside_leaves_the_ticket_alone() -> None:
    plan = finish(SetAside(reasons=(wording.SOLVED_BY_HAND,)))

    assert (plan.card, plan.ticket) == (None, None)


CONFIRMED = finish(DRAFT)


@pytest.mark.parametrize(
    "now",
    [
        finish(replace(DRAFT, card=a_wanted_card(name="Leaver: Jane Doe (non tech role)"))),
        finish(replace(DRAFT, card=a_wanted_card(due=OTHER))),
        finish(replace(DRAFT, card=a_wanted_card(head=f"{DRAFT.card.head}\n\nBy name alone."))),
        finish(replace(DRAFT, entries=(an_entry(id="fedcba9876543210"),))),
        finish(replace(DRAFT, entries=())),
        finish(DRAFT, replace(OURS, due=MOVED), known=RECORDED),
        finish(DRAFT, replace(OURS, name="Renamed"), known=RECORDED),
        finish(NoAccess()),
        finish(Ask(reasons=(wording.NOBODY_FOUND,))),
        finish(SetAside(reasons=(wording.SOLVED_BY_HAND,))),
    ],
)
def test_what_was_confirmed_is_another_plan_as_soon_as_anything_that_was_shown_differs(
    now: Plan,
) -> None:
    assert now.digest != CONFIRMED.digest


def test_a_plan_that_broke_off_after_its_card_was_made_is_still_the_confirmed_one() -> None:
    assert CONFIRMED.card
    assert isinstance(CONFIRMED.card.step, CopyTemplate)

    assert finish(DRAFT, OURS, known=RECORDED).digest == CONFIRMED.digest


@pytest.mark.parametrize(
    ("recorded", "mark", "key"),
    [
        (None, None, None),
        (None, Mark(plan="a"), None),
        (None, Mark(plan="a", card="iK30ThVk"), "iK30ThVk"),
        (RECORDED, Mark(plan="a", card="iK30ThVk"), OURS.id),
    ],
)
def test_a_card_is_known_by_the_record_and_without_one_by_the_tickets_note(
    recorded: KnownCard | None, mark: Mark | None, key: str | None
) -> None:
    known = known_card(recorded, a_ticket(comments=(a_note(1, mark),)))

    assert (known.key if known else None) == key
