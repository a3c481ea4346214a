"""What to do about a ticket's card, for every state that the board and our record may be in."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.cards import (
    Board,
    Card,
    CardStep,
    CopyTemplate,
    DueDateConflict,
    KnownCard,
    LeaveAsIs,
    UseExisting,
    WantedCard,
    decide_card,
    marks_of,
    without_mark,
)
from tests.support.values import DUE, LINK, a_card, a_wanted_card

LATER = DUE + timedelta(days=28)
WANTED = a_wanted_card()
OTHER_LINK = "https://govuk.zendesk.com/agent/tickets/777"
NONE: frozenset[int] = frozenset()
SIBLINGS = frozenset({777})
ALIEN = a_card(9, name="Renew the certificate", desc="Nothing of ours.")
THEIRS = a_card(2, desc=f"Zendesk ticket: {OTHER_LINK}\n\nTake away everything.")


def known(card: Card, **changes: object) -> KnownCard:
    said: dict[str, object] = {"name": card.name, "role": "tech", "due": card.due} | changes
    return KnownCard(key=card.id, url=card.url, **said)  # type: ignore[arg-type]  # as given


def decide(
    wanted: WantedCard,
    *,
    on_board: list[Card],
    known: KnownCard | None = None,
    elsewhere: Card | None = None,
    siblings: frozenset[int] = NONE,
) -> CardStep | DueDateConflict:
    board = Board(
        open_cards=tuple(on_board), known=known, known_elsewhere=elsewhere, siblings=siblings
    )
    return decide_card(wanted, board)


@pytest.mark.parametrize(
    ("desc", "marks"),
    [
        (f"Zendesk ticket: {LINK}", {12345}),
        (f"Zendesk ticket: {LINK}\n\nText.", {12345}),
        (f"Zendesk ticket: {LINK}  \r\nZendesk ticket: {OTHER_LINK}", {12345, 777}),
        (f"Text.\nZendesk ticket: {LINK}", {12345}),
        (f"See Zendesk ticket: {LINK}", set()),
        (f"Zendesk ticket: {LINK} and more", set()),
        (f"Zendesk ticket: {LINK}6", {123456}),
        # As Trello's editor stores an address that somebody saved again.
        (f'Zendesk ticket: [{LINK}]({LINK} "\u200csmartCard-inline")', {12345}),
        (f"Zendesk ticket: [{LINK}]({LINK})", {12345}),
        (f"Zendesk ticket: [The ticket]({LINK})", {12345}),
        (f"Zendesk ticket: [{LINK}]({LINK}) and more", set()),
        ("Zendesk ticket: 12345", set()),
        (LINK, set()),
        ("", set()),
    ],
)
def test_a_mark_is_a_line_of_its_own_and_its_number_is_matched_whole(
    desc: str, marks: set[int]
) -> None:
    assert marks_of(desc) == marks


def test_without_any_card_the_template_is_copied() -> None:
    step = decide(WANTED, on_board=[ALIEN])

    assert step == CopyTemplate()


def test_a_card_of_a_ticket_whose_number_begins_alike_is_another_one() -> None:
    alike = a_card(desc=f"Zendesk ticket: {LINK}6")

    step = decide(WANTED, on_board=[alike])

    assert step == CopyTemplate()


def test_an_open_card_with_the_mark_is_taken_up_as_it_is() -> None:
    card = a_card(due=None, name="Renamed")

    step = decide(
        a_wanted_card(due=DUE),
        on_board=[ALIEN, card],
        known=known(card, name=None, due=DUE),
    )

    assert step == UseExisting(card=card)


@pytest.mark.parametrize(
    ("on_card", "recorded", "wanted", "to_set"),
    [
        (DUE, DUE, DUE, None),
        (DUE, DUE, LATER, LATER),
        (DUE, None, DUE, None),
        (DUE, None, LATER, LATER),
        (LATER, DUE, DUE, None),
        (LATER, DUE, LATER, None),
        (None, DUE, DUE, None),
        (None, DUE, LATER, LATER),
        (None, None, DUE, DUE),
    ],
)
def test_a_due_date_is_set_where_the_plan_has_a_new_one_and_a_persons_own_stays(
    on_card: datetime | None,
    recorded: datetime | None,
    wanted: datetime,
    to_set: datetime | None,
) -> None:
    card = a_card(due=on_card)

    step = decide(
        a_wanted_card(due=wanted),
        on_board=[card],
        known=known(card, due=recorded),
    )

    assert step == UseExisting(card=card, due=to_set)


def test_a_copy_that_is_still_a_template_is_made_an_ordinary_card() -> None:
    card = a_card(is_template=True)

    step = decide(WANTED, on_board=[card])

    assert step == UseExisting(card=card, is_template=True)


def test_of_two_cards_with_the_mark_the_recorded_one_stays() -> None:
    first, second = a_card(1), a_card(2)

    step = decide(WANTED, on_board=[second, first], known=known(second))

    assert step == UseExisting(card=second, spare=(first,))


def test_of_two_cards_with_the_mark_and_no_record_the_older_one_stays() -> None:
    first, second = a_card(1), a_card(2)

    step = decide(WANTED, on_board=[second, first])

    assert step == UseExisting(card=first, spare=(second,))


@pytest.mark.parametrize("name", [None, WANTED.name])
def test_a_card_that_is_not_on_the_board_any_more_is_looked_up_and_not_made_anew(
    name: str | None,
) -> None:
    recorded = known(a_card(), name=name)

    step = decide(WANTED, on_board=[ALIEN], known=recorded)

    assert step == LeaveAsIs(known=recorded, card=None)


def test_another_person_than_last_time_gets_a_card_in_place_of_the_old_one() -> None:
    old = a_card(name="Leaver: John Roe (non tech role)")

    step = decide(WANTED, on_board=[old], known=known(old))

    assert step == CopyTemplate(replaces=old)


def test_another_person_whose_old_card_is_archived_gets_a_card() -> None:
    old = a_card(name="Leaver: John Roe (non tech role)")

    step = decide(WANTED, on_board=[], known=known(old))

    assert step == CopyTemplate()


def test_a_replaced_card_is_archived_also_when_the_record_was_lost_in_between() -> None:
    old, new = a_card(1, name="Leaver: John Roe (non tech role)"), a_card(2)

    step = decide(WANTED, on_board=[old, new], known=known(old))

    assert step == UseExisting(card=new, spare=(old,))


def test_a_second_ticket_of_a_person_joins_the_open_card() -> None:
    step = decide(WANTED, on_board=[ALIEN, THEIRS], siblings=SIBLINGS)

    assert step == UseExisting(
        card=THEIRS,
        desc=(f"Zendesk ticket: {OTHER_LINK}\nZendesk ticket: {LINK}\n\nTake away everything."),
        is_shared=True,
    )


def test_a_second_ticket_for_another_date_is_asked_about() -> None:
    step = decide(a_wanted_card(due=LATER), on_board=[THEIRS], siblings=SIBLINGS)

    assert step == DueDateConflict(card=THEIRS)


def test_a_card_of_somebody_elses_ticket_is_not_joined() -> None:
    step = decide(WANTED, on_board=[THEIRS])

    assert step == CopyTemplate()


def test_a_tickets_own_card_comes_before_a_siblings() -> None:
    own = a_card(3)

    step = decide(WANTED, on_board=[THEIRS, own], siblings=SIBLINGS)

    assert step == UseExisting(card=own)


MADE = datetime.fromtimestamp(int("6a000001", 16), tz=UTC)


@pytest.mark.parametrize(
    ("last_activity", "is_untouched"),
    [
        (MADE, True),
        (MADE + timedelta(seconds=9), True),
        (MADE + timedelta(seconds=11), False),
        (MADE + timedelta(days=3), False),
        (None, False),
    ],
)
def test_a_card_is_untouched_while_nothing_has_happened_to_it_since_it_was_made(
    last_activity: datetime | None, *, is_untouched: bool
) -> None:
    assert a_card(1, last_activity=last_activity).is_untouched is is_untouched


def test_a_card_whose_id_tells_no_time_counts_as_touched() -> None:
    assert not a_card(id="nonsense", last_activity=MADE).is_untouched


@pytest.mark.parametrize("url", ["https://trello.com/c/abcdef01", "https://trello.com/c/abcdef01/"])
def test_a_card_is_known_by_the_last_part_of_its_short_link(url: str) -> None:
    assert a_card(url=url).key == "abcdef01"


KEYS = frozenset({"address 1"})
RESPELT = a_wanted_card(name="Leaver: Jane Doe-Smith (tech role)", person_keys=KEYS)


def test_a_name_that_is_spelt_anew_renames_the_card_of_the_same_person() -> None:
    card = a_card()

    step = decide(RESPELT, on_board=[card], known=known(card, person_keys=KEYS))

    assert step == UseExisting(card=card, name=RESPELT.name)


def test_a_name_that_a_person_gave_the_card_stays() -> None:
    card = a_card()
    renamed = a_card(name="Jane, urgent")

    step = decide(RESPELT, on_board=[renamed], known=known(card, person_keys=KEYS))

    assert step == UseExisting(card=renamed)


@pytest.mark.parametrize(
    ("name", "role", "keys"),
    [
        ("Leaver: Jane Doe-Smith (tech role)", "tech", frozenset({"address 2"})),
        ("Leaver: Jane Doe-Smith (tech role)", "tech", NONE),
        ("Leaver: Jane Doe (non tech role)", "non_tech", KEYS),
    ],
    ids=["another person", "nothing in common", "another role"],
)
def test_another_person_or_role_gets_a_card_of_its_own(
    name: str, role: str, keys: frozenset[str]
) -> None:
    old = a_card()
    wanted = a_wanted_card(name=name, role=role, person_keys=keys)

    step = decide(wanted, on_board=[old], known=known(old, person_keys=KEYS))

    assert step == CopyTemplate(replaces=old)


def test_a_title_in_other_words_renames_the_card_and_makes_no_second_one() -> None:
    card = a_card()
    wanted = a_wanted_card(name="To off-board [tech]: Jane Doe", person_keys=KEYS)

    step = decide(wanted, on_board=[card], known=known(card, person_keys=KEYS))

    assert step == UseExisting(card=card, name="To off-board [tech]: Jane Doe")


def test_one_tickets_mark_is_taken_away_and_the_others_stay() -> None:
    desc = f"Zendesk ticket: {OTHER_LINK}\nZendesk ticket: {LINK}\n\nText."

    assert without_mark(desc, 12345) == f"Zendesk ticket: {OTHER_LINK}\n\nText."


def test_a_card_whose_mark_somebody_took_out_is_known_by_the_record() -> None:
    card = a_card(desc="A description of our own.")

    step = decide(WANTED, on_board=[ALIEN, card], known=known(card))

    assert step == UseExisting(card=card)
