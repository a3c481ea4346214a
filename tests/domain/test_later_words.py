"""What is said after the card: by the answer that it asks for, never acted on."""

from dataclasses import replace
from datetime import date

import pytest

from service.domain.later_words import (
    Known,
    Later,
    SaidLater,
    fields_digest,
    later_comments,
    said_later,
)
from service.domain.ticket import Comment, FieldIds, Mark, Ticket

TODAY = date(2026, 12, 1)
KNOWN = Known(
    name="Jane Doe",
    email="jane.doe@digital.cabinet-office.gov.uk",
    leaving_date=date(2026, 12, 18),
)
FIELDS = FieldIds(name=11, email=12, leaving_date=13)
NOTE = Comment(id=2, author_id=9, body="…", is_public=False, mark=Mark(plan="abc"))
OURS = "The ticket was processed automatically."
MOVED = SaidLater(kind=Later.OTHER_LEAVING_DATE, leaving_date=date(2027, 1, 15))


def a_comment(body: str, *, number: int = 3, **changes: object) -> Comment:
    comment = Comment(id=number, author_id=5, body=body, is_public=True)
    return replace(comment, **changes)  # type: ignore[arg-type]


def a_ticket(*comments: Comment, **changes: object) -> Ticket:
    first = a_comment("Name: Jane Doe\nLeaving date: 18/12/2026", number=1)
    ticket = Ticket(
        id=7,
        subject="Leaver",
        description=first.body,
        status="open",
        comments=(first, NOTE, *comments),
    )
    return replace(ticket, **changes)  # type: ignore[arg-type]


def said(*bodies: str, known: Known = KNOWN, **changes: object) -> SaidLater | None:
    comments = tuple(a_comment(body, number=3 + n) for n, body in enumerate(bodies))
    return said_later(a_ticket(*comments, **changes), comments, known, fields=FIELDS, today=TODAY)


@pytest.mark.parametrize(
    "body",
    [
        "Leaving date: 15/01/2027",
        "Her leaving date has changed to 15 January 2027.",
        "Hi, she is now leaving on 15 January 2027. Thanks, Farid",
        "The last day will now be 15/01/2027",
        "Not the 18th: she leaves on 15 January 2027",
        "She is not leaving on 18 December 2026, but on 15 January 2027.",
        "Her contract was extended until 15 January 2027",
        "Leaving date: 15/01/2027\n\nOn 3 November 2026, X wrote:\n> Leaving date: 18/12/2026",
    ],
)
def test_another_leaving_date_is_prepared_as_the_answer(body: str) -> None:
    assert said(body) == MOVED


def test_a_date_that_moves_to_no_single_day_is_left_to_the_person() -> None:
    several = said("Her leaving date has moved to 15 January 2027 or 29 January 2027")

    assert several == SaidLater(kind=Later.OTHER_LEAVING_DATE)
    assert said("Her leaving date has been postponed") == several


def test_a_date_that_no_leaver_could_have_is_not_prepared() -> None:
    assert said("Her leaving date has changed to 15 January 2047") == SaidLater(
        kind=Later.OTHER_LEAVING_DATE
    )


@pytest.mark.parametrize(
    "body",
    [
        "Please cancel this, she is staying after all.",
        "Jane is no longer leaving",
        "She has withdrawn her resignation.",
    ],
)
def test_somebody_who_stays_is_one_kind(body: str) -> None:
    assert said(body) == SaidLater(kind=Later.STAYS)


@pytest.mark.parametrize(
    "body",
    [
        "Name: John Smith\nLeaving date: 15/01/2027",
        "Please also remove John Smith, who leaves on 15 January 2027.",
        "Wrong person, sorry: it is not Jane Doe but Peter Parker who should be removed",
        "Email: john.smith@digital.cabinet-office.gov.uk",
    ],
)
def test_another_person_beats_another_date(body: str) -> None:
    assert said(body) == SaidLater(kind=Later.OTHER_PERSON)


@pytest.mark.parametrize(
    "body",
    [
        "Please remove John Smith",
        "Could you remove access for Peter Parker?",
        "Please also remove Zaphod Beeblebrox.",
        "Also remove Priya Natarajan please",
        "Please off-board Wioletta O'Krzemińska-Brown, who has left",
        "Please remove Jane Smith",
        "Sorry, I meant Peter Parker.",
        "Peter Parker has left",
        "Hi, John Smith is leaving on 15 January 2027",
        "Peter Doe leaves on 15 January 2027",
        "Unfortunately John is leaving on 15 January 2027",
        "Priya Natarajan's last day is 15 January 2027.",
        "Zaphod Beeblebrox should be removed by 15 January 2027",
    ],
)
@pytest.mark.parametrize("known", [KNOWN, Known(email=KNOWN.email)], ids=["name", "address"])
def test_anybody_in_the_place_of_the_one_who_leaves_is_another_person(
    body: str, known: Known
) -> None:
    assert said(body, known=known) == SaidLater(kind=Later.OTHER_PERSON)


@pytest.mark.parametrize(
    "body",
    [
        "Hi Sam, she is now leaving on 15 January 2027",
        "Hi Jane is now leaving on 15 January 2027",
        "Unfortunately Jane Doe leaves on 15 January 2027",
        "Jane's last day is now 15 January 2027",
        "J Doe is leaving on 15 January 2027",
        "Jayne Doe's leaving date is 15 January 2027",
        "As Farid said, she is leaving on 15 January 2027",
        "My last day is now 15 January 2027.",
        "Jane leaves on 15 January 2027. Thanks, John Smith, Head of Leavers",
    ],
)
def test_who_may_be_the_leaver_or_does_not_leave_is_not_another_person(body: str) -> None:
    assert said(body) == MOVED


@pytest.mark.parametrize(
    "body",
    [
        "Please also remove GitHub Teams",
        "Please remove Google Workspace access",
        "Please also remove her from Trade Tariff",
        "Please remove Trade Tariff from Jane's account",
        "We have removed John Smith from the board",
        "John Smith has removed the laptop",
        "Peter Parker left a comment on the card",
        "The Product Owner has left",
        "Thanks\nJohn Smith | Leavers Team",
        "She reports to Peter Parker",
        "Her manager John Smith is leaving",
        "Thank you!",
        "Thanks, I'm on annual leave until 4 January 2027.",
        "Is the laptop part of this?",
        "Leaving date: 18/12/2026, as said",
        "",
    ],
)
def test_anything_else_is_to_be_read_by_a_person(body: str) -> None:
    assert said(body) == SaidLater(kind=Later.READ_IT)


def test_without_a_comment_and_with_the_same_details_nothing_is_new() -> None:
    same = {
        11: "Jane Doe",
        12: "jane.doe@digital.cabinet-office.gov.uk",
        13: "2026-12-18",
    }

    assert (said(), said(custom_fields=same)) == (None, None)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({13: "2027-01-15"}, MOVED),
        ({11: "Peter Parker"}, SaidLater(kind=Later.OTHER_PERSON)),
        ({12: "peter.parker@digital.cabinet-office.gov.uk"}, SaidLater(kind=Later.OTHER_PERSON)),
    ],
)
def test_a_field_that_somebody_changed_is_new_without_a_comment(
    fields: dict[int, str], found: SaidLater
) -> None:
    assert said(custom_fields=fields) == found


@pytest.mark.parametrize("known", [KNOWN, Known()], ids=["settled", "erased"])
def test_fields_are_not_new_that_were_settled_or_have_nothing_to_be_compared_with(
    known: Known,
) -> None:
    ticket = a_ticket(custom_fields={13: "2027-01-15"})
    settled = fields_digest(ticket, FIELDS) if known == KNOWN else None

    def new(ticket: Ticket) -> SaidLater | None:
        return said_later(ticket, (), known, fields=FIELDS, today=TODAY, settled_fields=settled)

    assert new(ticket) is None
    changed_again = new(replace(ticket, custom_fields={13: "2027-01-29"}))
    assert (changed_again is not None) == (known == KNOWN)


def test_without_a_recorded_date_a_date_is_new() -> None:
    nobody = Known(name="Jane Doe")

    assert said("Leaving date: 15/01/2027", known=nobody) == MOVED


def test_a_comment_is_new_if_a_person_wrote_it_after_our_last_note() -> None:
    before, after = a_comment("Seen", number=1), a_comment("She stays", number=4)
    ticket = a_ticket(
        NOTE,
        after,
        a_comment("By an automation", number=5, author_id=None),
        a_comment(OURS, number=6, is_public=False, author_id=NOTE.author_id),
        comments=(before, NOTE, after),
    )

    assert later_comments(ticket, settled_id=None) == (after,)


def test_our_own_notes_and_what_no_person_wrote_are_never_a_persons_word() -> None:
    ticket = a_ticket(
        a_comment("By an automation", number=5, author_id=None),
        replace(NOTE, id=6),
        a_comment(OURS, number=7, is_public=False, author_id=NOTE.author_id),
    )

    assert later_comments(ticket, settled_id=1) == ()


def test_what_a_person_has_settled_is_not_asked_about_again() -> None:
    first, second = a_comment("She stays", number=4), a_comment("Or not?", number=8)
    question = replace(NOTE, id=6)
    ticket = a_ticket(first, question, second)

    assert later_comments(ticket, settled_id=1) == (first, second)
    assert later_comments(ticket, settled_id=4) == (second,)
    assert later_comments(ticket, settled_id=8) == ()
