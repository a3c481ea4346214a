"""What to do about a ticket's card, for every state that the board and our record may be in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain.card_marks import (
    LONGEST_DESC,
    links_to,
    marks_of,
    with_mark,
    within_limit,
    without_mark,
)
from service.domain.card_step import decide_card, may_matter
from service.domain.cards import (
    Board,
    Card,
    CardQuestion,
    CardStep,
    ChosenCardGone,
    CopyTemplate,
    DueDateConflict,
    KnownCard,
    LeaveAsIs,
    PersonsCards,
    Sibling,
    UseExisting,
    WantedCard,
    visible,
)
from tests.support.values import DUE, LINK, a_card, a_wanted_card

LATER = DUE + timedelta(days=28)
WANTED = a_wanted_card()
OTHER_LINK = "https://govuk.zendesk.com/agent/tickets/777"
NONE: frozenset[int] = frozenset()
SIBLINGS = (Sibling(ticket_id=777),)
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
    siblings: tuple[Sibling, ...] = (),
    **more: Any,
) -> CardStep | CardQuestion:
    board = Board(open_cards=tuple(on_board), known=known, siblings=siblings, **more)
    return decide_card(wanted, board)


@pytest.mark.parametrize(
    ("desc", "marks"),
    [
        (f"Zendesk ticket: {LINK}", {12345}),
        (f"Zendesk ticket: {LINK}\n\nText.", {12345}),
        (f"Zendesk ticket: {LINK}  \r\nZendesk ticket: {OTHER_LINK}", {12345, 777}),
        (f"Text.\nZendesk ticket: {LINK}", {12345}),
        # As people edit it.
        (f"See Zendesk ticket: {LINK}", {12345}),
        (f"Zendesk ticket: {LINK} and more", {12345}),
        (f"Zendesk ticket: <{LINK}>", {12345}),
        (f"- Zendesk ticket: {LINK}", {12345}),
        (f"**Zendesk ticket: {LINK}**", {12345}),
        (f"**Zendesk ticket:** {LINK}", {12345}),
        (f"Urgent, says Sam!\n\nzendesk ticket {LINK}, please", {12345}),
        (f"Zendesk tickets: {LINK}, {OTHER_LINK}", {12345, 777}),
        (f"Zendesk ticket: {LINK}?brand=1", {12345}),
        (f"Zendesk ticket: {LINK}a", set()),
        ("Line\n" * 10 + f"See Zendesk ticket: {LINK}", set()),
        ("Line\n" * 10 + f"Zendesk ticket: {LINK}", {12345}),
        (f"Zendesk ticket: {LINK}6", {123456}),
        # As Trello's editor stores an address that somebody saved again.
        (f'Zendesk ticket: [{LINK}]({LINK} "\u200csmartCard-inline")', {12345}),
        (f"Zendesk ticket: [{LINK}]({LINK})", {12345}),
        (f"Zendesk ticket: [The ticket]({LINK})", {12345}),
        (f"Zendesk ticket: [{LINK}]({LINK}) and more", {12345}),
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
        # A mark is all that is known of the card: its date is a person's.
        (DUE, None, LATER, None),
        (LATER, DUE, DUE, None),
        (LATER, DUE, LATER, None),
        (None, DUE, DUE, None),
        (None, DUE, LATER, LATER),
        (None, None, DUE, DUE),
    ],
)
def test_a_due_date_is_set_if_the_plan_has_a_new_one_and_a_persons_own_stays(
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
def test_a_card_that_is_not_on_the_board_any_more_is_looked_up_and_not_made_again(
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
        shared_with=777,
    )


def test_a_second_ticket_for_another_date_is_asked_about() -> None:
    step = decide(a_wanted_card(due=LATER), on_board=[THEIRS], siblings=SIBLINGS)

    assert step == DueDateConflict(card=THEIRS, ticket_id=777)


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


def test_a_card_whose_id_gives_no_time_counts_as_touched() -> None:
    assert not a_card(id="nonsense", last_activity=MADE).is_untouched


@pytest.mark.parametrize("url", ["https://trello.com/c/abcdef01", "https://trello.com/c/abcdef01/"])
def test_a_card_is_known_by_the_last_part_of_its_short_link(url: str) -> None:
    assert a_card(url=url).key == "abcdef01"


KEYS = frozenset({"address 1"})
RESPELT = a_wanted_card(name="Leaver: Jane Doe-Smith (tech role)", person_keys=KEYS)


def test_a_name_that_is_spelt_differently_renames_the_card_of_the_same_person() -> None:
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


JOINED = f"Zendesk ticket: {LINK}\n\nTheir own words."


@pytest.mark.parametrize("due", [DUE, LATER, None], ids=["as noted", "moved", "removed"])
def test_a_second_ticket_joins_the_siblings_recorded_card_however_it_was_edited(
    due: datetime | None,
) -> None:
    card = a_card(2, desc="Their own words.", due=due)
    sibling = Sibling(ticket_id=777, card_key=card.id, due=DUE)

    step = decide(WANTED, on_board=[ALIEN, card], siblings=(sibling,))

    assert step == UseExisting(card=card, desc=JOINED, shared_with=777)


def test_a_second_ticket_for_another_date_than_the_siblings_is_asked_about() -> None:
    card = a_card(2, desc="Their own words.")
    sibling = Sibling(ticket_id=777, card_key=card.id, due=DUE)

    step = decide(a_wanted_card(due=LATER), on_board=[card], siblings=(sibling,))

    assert step == DueDateConflict(card=card, ticket_id=777)


def test_a_ticket_whose_person_was_corrected_joins_that_persons_card() -> None:
    old = a_card(1, name="Leaver: John Roe (non tech role)")
    recorded = known(old, role="non_tech")

    step = decide(WANTED, on_board=[old, THEIRS], known=recorded, siblings=SIBLINGS)

    assert isinstance(step, UseExisting)
    assert (step.card, step.spare, step.shared_with) == (THEIRS, (old,), 777)


def test_the_recorded_card_comes_before_another_one_with_the_mark() -> None:
    card, copy = a_card(2, desc="A description of our own."), a_card(1)

    step = decide(WANTED, on_board=[copy, card], known=known(card))

    assert step == UseExisting(card=card, spare=(copy,))


def test_a_copy_that_was_sent_without_an_answer_gets_the_date_that_is_planned_now() -> None:
    card = a_card(due=DUE)

    step = decide(a_wanted_card(due=LATER), on_board=[card], copy_was_sent=True)

    assert step == UseExisting(card=card, due=LATER)


THEIR_CARD = a_card(5, name="Jane off", desc="Nothing.", due=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"desc": f"See {LINK}"},
        {"desc": f"[Ticket]({LINK})"},
        {"desc": "https://GOVUK.zendesk.com/tickets/12345"},
        {"desc": "https://govuk.zendesk.com/hc/en-gb/requests/12345#comment"},
        {"desc": f"Zendesk ticket: {OTHER_LINK}\nand {LINK}", "name": "Another"},
        {"links": ("https://example.gov.uk/a.pdf", LINK)},
        {"name": "LEAVER: Jane Doe"},
        {"name": "Jané   DOE, leaver on Friday"},
        {"name": "Leavers: Doe, Jane"},
        {"name": "Jane-Doe leaver"},
    ],
)
def test_a_card_that_a_person_made_for_the_leaver_is_asked_about(changes: dict[str, Any]) -> None:
    card = replace(THEIR_CARD, **changes)

    assert decide(WANTED, on_board=[ALIEN, card]) == PersonsCards(cards=(card,))


@pytest.mark.parametrize(
    "changes",
    [
        {"desc": f"See {LINK}6"},
        {"desc": f"See {LINK}", "is_template": True},
        {"name": "Leaver: Jane Doe", "is_template": True},
        {"desc": "https://other.zendesk.com/agent/tickets/12345"},
        {"name": "Jane Doe: new laptop"},
        {"name": "Leaver: Jane Doering"},
        {"name": "Leaver: Jane Ann Doe"},
        {"name": "Leaver: Jane"},
        # By its mark it is another ticket's.
        {"name": "Leaver: Jane Doe (tech role)", "desc": f"Zendesk ticket: {OTHER_LINK}"},
    ],
)
def test_a_card_that_only_looks_alike_is_not_asked_about(changes: dict[str, Any]) -> None:
    card = replace(THEIR_CARD, **changes)

    assert decide(WANTED, on_board=[card]) == CopyTemplate()


def test_a_leaver_with_a_card_by_the_mark_or_the_record_is_not_asked_about() -> None:
    by_person = replace(THEIR_CARD, name="Leaver: Jane Doe")
    own = a_card(7)

    by_mark = decide(WANTED, on_board=[by_person, own])
    archived = decide(WANTED, on_board=[by_person], known=known(own))
    sibling = decide(WANTED, on_board=[by_person, THEIRS], siblings=SIBLINGS)

    assert by_mark == UseExisting(card=own)
    assert archived == LeaveAsIs(known=known(own), card=None)
    assert isinstance(sibling, UseExisting)
    assert sibling.card == THEIRS


def test_none_of_them_means_a_new_card() -> None:
    by_person = replace(THEIR_CARD, name="Leaver: Jane Doe")

    assert decide(WANTED, on_board=[by_person], choice="new") == CopyTemplate()


@pytest.mark.parametrize("due", [None, LATER])
@pytest.mark.parametrize("by", ["id", "key"])
def test_a_chosen_card_gains_the_mark_and_a_date_only_if_it_has_none(
    due: datetime | None, by: str
) -> None:
    card = replace(THEIR_CARD, due=due)

    step = decide(WANTED, on_board=[card], choice=getattr(card, by))

    desc = f"Zendesk ticket: {LINK}\n\nNothing."
    assert step == UseExisting(card=card, due=None if due else DUE, desc=desc, is_chosen=True)


def test_a_chosen_card_takes_the_place_of_the_services_own() -> None:
    own = a_card(1)

    step = decide(WANTED, on_board=[own, THEIR_CARD], known=known(own), choice=THEIR_CARD.key)

    assert isinstance(step, UseExisting)
    assert (step.card, step.spare) == (THEIR_CARD, (own,))


def test_a_chosen_card_that_is_recorded_is_the_tickets_card_like_any_other() -> None:
    recorded = known(THEIR_CARD, name="Leaver: Jane Doe (tech role)", role="tech", due=DUE)
    archived = replace(THEIR_CARD, is_open=False)

    step = decide(WANTED, on_board=[THEIR_CARD], known=recorded, choice=THEIR_CARD.key)
    later = decide(
        WANTED, on_board=[], known=recorded, known_elsewhere=archived, choice=THEIR_CARD.key
    )

    assert step == UseExisting(card=THEIR_CARD)
    assert later == LeaveAsIs(known=recorded, card=archived)


@pytest.mark.parametrize("on_board", [[], [replace(THEIR_CARD, is_template=True)]])
def test_a_chosen_card_that_is_not_an_open_card_is_asked_about_again(on_board: list[Card]) -> None:
    assert decide(WANTED, on_board=on_board, choice=THEIR_CARD.key) == ChosenCardGone()


def test_only_cards_that_may_be_the_leavers_matter() -> None:
    sibling = Sibling(ticket_id=888, card_key=a_card(6).id)
    own, titled = a_card(1), replace(THEIR_CARD, name="Leaver: Jane Doe")
    board = Board(
        open_cards=(ALIEN, own, THEIRS, titled, a_card(6, name="x", desc="y")),
        siblings=(*SIBLINGS, sibling),
    )

    assert may_matter(WANTED, board) == board.open_cards[1:]
    assert may_matter(WANTED, Board(open_cards=(ALIEN,))) == ()


def test_a_card_of_an_archived_list_is_not_seen() -> None:
    here, there = a_card(1, list_id="a"), a_card(2, list_id="b")

    assert visible((here, there), {"a": "To do"}) == (here,)


# As long as any reading of Trello's limit allows: characters of one, two and four bytes.
LONG = [letter * (LONGEST_DESC // size) for letter, size in (("x", 1), ("é", 2), ("🐌", 4))]


@pytest.mark.parametrize("desc", LONG)
def test_a_second_mark_makes_room_in_a_description_at_the_limit(desc: str) -> None:
    once = with_mark(desc, WANTED.mark)
    twice = with_mark(once, f"Zendesk ticket: {OTHER_LINK}")

    assert marks_of(twice) == {12345, 777}
    assert all(len(one.encode()) <= LONGEST_DESC for one in (once, twice))
    assert len(twice) > len(desc) - 300
    assert twice.endswith("[The rest of the description is left out: it is too long.]")
    assert twice.count("left out") == 1


@pytest.mark.parametrize("letter", ["é", "🐌"])
def test_what_trello_has_taken_is_cut_by_no_more_than_what_is_added(letter: str) -> None:
    # By a count in characters it is within the limit, and by one in bytes far beyond.
    desc = letter * LONGEST_DESC

    marked = with_mark(desc, WANTED.mark)

    assert len(marked) <= LONGEST_DESC
    assert len(marked.encode()) <= len(desc.encode())
    assert marked.count(letter) > LONGEST_DESC - 200


def test_a_description_that_is_short_enough_is_kept_whole() -> None:
    rest = "x" * (LONGEST_DESC - len(WANTED.mark) - 1)

    assert within_limit(WANTED.mark, rest) == f"{WANTED.mark}\n{rest}"
    assert within_limit(WANTED.mark, "") == WANTED.mark


@pytest.mark.parametrize("desc", ["", "Their own words.", f"Zendesk ticket: {OTHER_LINK}\n\nText."])
def test_a_mark_that_is_put_in_can_be_taken_out_again(desc: str) -> None:
    marked = with_mark(desc, WANTED.mark)

    assert marks_of(marked) == marks_of(desc) | {12345}
    assert without_mark(marked, 12345).strip() == desc
    assert without_mark(without_mark(marked, 12345), 12345).strip() == desc


def test_what_people_wrote_around_a_mark_stays() -> None:
    desc = f"Urgent, zendesk ticket <{LINK}>, call Sam. Zendesk tickets: {OTHER_LINK}"

    without = without_mark(desc, 12345)

    assert marks_of(without) == {777}
    assert "call Sam" in without


@pytest.mark.parametrize("text", [f"{LINK}", f"({LINK})", f"{LINK}.", f"<{LINK}/>"])
def test_a_link_to_the_ticket_is_seen_in_any_text(text: str) -> None:
    assert links_to([text], LINK)
    assert not links_to([text.replace("12345", "123456")], LINK)
