"""A ticket's own words beside a question: what was read is marked, our own notes are left out."""

from datetime import date

from service.domain.ticket import Comment, FieldIds, Mark, Ticket
from service.domain.ticket_lines import passages_of

TODAY = date(2026, 11, 30)


def test_the_lines_that_say_what_was_read_are_marked() -> None:
    text = (
        "Hello,\n\nName: Ada Archer\nMail: ADA@example.gov.uk\nLast day: 18/12/2026\nBring cake"
        "\nNow 15 January 2027"
    )
    ticket = Ticket(id=1, subject="Leaver: ada archer", description=text, status="open")

    subject, description = passages_of(
        ticket,
        name="Ada Archer",
        email="ada@example.gov.uk",
        leaving_dates=[date(2026, 12, 18), date(2027, 1, 15)],
        today=TODAY,
    )

    assert [(line.text, line.is_marked) for line in description.lines] == [
        ("Hello,", False),
        ("Name: Ada Archer", True),
        ("Mail: ADA@example.gov.uk", True),
        ("Last day: 18/12/2026", True),
        ("Bring cake", False),
        ("Now 15 January 2027", True),
    ]
    assert subject.lines[0].is_marked


def test_what_people_wrote_later_is_shown_and_the_services_own_notes_are_not() -> None:
    comments = (
        Comment(id=1, author_id=1, body="Text", is_public=True),
        Comment(id=2, author_id=2, body="Ours", is_public=False, mark=Mark(plan="x")),
        Comment(id=3, author_id=3, body="It is Ada", is_public=False),
    )
    ticket = Ticket(id=1, subject="", description="Text", status="open", comments=comments)

    found = passages_of(ticket, name=None, email=None, leaving_dates=[], today=TODAY)

    assert [(one.title, one.lines[0].text) for one in found] == [
        ("Description", "Text"),
        ("Comment 2, internal note", "It is Ada"),
    ]


def test_a_long_thread_ends_somewhere() -> None:
    ticket = Ticket(id=1, subject="s", description="line\n" * 1000, status="open")

    found = passages_of(ticket, name=None, email=None, leaving_dates=[], today=TODAY)

    assert sum(len(one.lines) for one in found) == 150


def test_the_form_fields_stand_among_the_tickets_own_words() -> None:
    fields = FieldIds(name=1, email=2, leaving_date=3)
    said = {9: "Please hurry", 1: "Ada Archer", 3: "2026-12-18", 8: "true"}
    ticket = Ticket(id=1, subject="", description="", status="open", custom_fields=said)

    (found,) = passages_of(
        ticket,
        name="Ada Archer",
        email=None,
        leaving_dates=[date(2026, 12, 18)],
        today=TODAY,
        fields=fields,
    )

    assert found.title == "Form fields"
    assert [(line.text, line.is_marked) for line in found.lines] == [
        ("Name: Ada Archer", True),
        ("Leaving date: 2026-12-18", True),
        ("Field 9: Please hurry", False),
    ]
