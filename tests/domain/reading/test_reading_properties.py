"""What holds for whatever a ticket says."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service.domain.reading.details import read_details
from service.domain.ticket import Comment, LeaverDetails, Ticket
from tests.domain.reading.reading_tickets import (
    DATE_FIELD,
    DAY,
    EMAIL_FIELD,
    FIELDS,
    JANE,
    NAME_FIELD,
    SAM,
    TODAY,
    Read,
    read,
)

JANE_DOE = Read(name="Jane Doe", email=JANE, leaving_date=DAY)
LABELS = (("Leaver name", "Jane Doe"), ("Leaver email", JANE), ("Leaving date", "18/12/2026"))

FRAGMENTS = st.sampled_from([
    "Leaver", "Name", "Email", "Leaving date", "Last working day", "Manager", "Regards", "From",
    ":", "-", "|", "\t", "\n", "\n\n", "> ", ",", "<td>", "</p>", "(", "18/12/2026", "December",
    "Jane Doe", JANE, "@", " ", "is leaving", "please cancel", "**", "- ", "[", "](", "&nbsp;",
    "\u200b", "\u202e",
])  # fmt: skip
TEXTS = st.text(max_size=80) | st.lists(FRAGMENTS, max_size=40).map("".join)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), st.lists(TEXTS, min_size=3, max_size=3))
def test_no_ticket_makes_reading_fail(
    description: str, subject: str, comments: list[str], values: list[str]
) -> None:
    ids = (NAME_FIELD, EMAIL_FIELD, DATE_FIELD)
    ticket = Ticket(
        id=1,
        subject=subject,
        description=description,
        status="open",
        custom_fields=dict(zip(ids, values, strict=True)),
        comments=tuple(
            Comment(id=n, author_id=None, body=body, is_public=False)
            for n, body in enumerate(comments)
        ),
    )
    details = read_details(ticket, fields=FIELDS, today=TODAY)
    assert isinstance(details, LeaverDetails)
    named = details.name or details.email
    assert named or any(question.about == "person" for question in details.questions)
    assert details.leaving_date or any(question.about == "date" for question in details.questions)


@given(st.data())
def test_the_case_and_spacing_of_labels_do_not_matter(data: st.DataObject) -> None:
    spaces = st.text(" \u00a0\u2003", max_size=3)

    def line(label: str, value: str) -> str:
        dressed = data.draw(st.sampled_from([label, label.upper(), label.lower(), label.title()]))
        return f"{dressed}{data.draw(spaces)}:{data.draw(spaces)}{value}{data.draw(spaces)}"

    end = data.draw(st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\n \n"]))
    assert read(end.join(line(*each) for each in LABELS)) == JANE_DOE


@given(st.permutations(LABELS))
def test_the_order_of_labels_does_not_matter(labels: list[tuple[str, str]]) -> None:
    assert read("\n".join(f"{label}: {value}" for label, value in labels)) == JANE_DOE


SIGN_OFFS = ["Kind regards,", "Many thanks", "Cheers", "Best wishes,", "--", "Thanks, Sam"]
SIGNATURE_LINES = [
    "Sam Hill", "Delivery Manager", f"Email: {SAM}", SAM, "Name: Sam Hill", "Tel: 020 7946 0000",
    "Government Digital Service", f"E: {SAM}", "www.gov.uk", "", "Line manager: Alex Price",
    "My working days are Monday to Thursday",
]  # fmt: skip


@given(
    st.sampled_from(SIGN_OFFS),
    st.lists(st.sampled_from(SIGNATURE_LINES), max_size=8),
    st.sampled_from(["description", "comment"]),
)
def test_a_signature_changes_nothing(sign_off: str, lines: list[str], place: str) -> None:
    form = "\n".join(f"{label}: {value}" for label, value in LABELS)
    signature = "\n".join([sign_off, "Sam", *lines])
    if place == "description":
        assert read(f"{form}\n\n{signature}") == JANE_DOE
    else:
        assert read(form, comments=[f"Hello\n\n{signature}"]) == JANE_DOE


@given(st.integers(1, 4), st.sampled_from(["> ", ">", "> > ", "- ", "* ", "    "]))
def test_quoting_and_indenting_all_of_it_changes_nothing(times: int, mark: str) -> None:
    form = "\n".join(f"{mark * times}{label}: {value}" for label, value in LABELS)
    assert read(form) == JANE_DOE


@given(
    st.dates(date(2025, 12, 1), date(2028, 11, 1)), st.dates(date(2025, 12, 1), date(2028, 11, 1))
)
def test_two_leaving_dates_are_never_decided_between(one: date, other: date) -> None:
    read_from = read(
        f"Leaver: Jane Doe\nLeaving date: {one:%d/%m/%Y}",
        comments=[f"Leaving date: {other:%d %B %Y}"],
    )
    assert read_from.leaving_date == one
    assert bool(read_from.asks) == (one != other)


@given(TEXTS)
def test_questions_quote_nothing_of_the_ticket(text: str) -> None:
    secret = "Zebedee Quartermain"
    questions = read(f"Leaver: {secret}\nLeaver: Jane {text}\nLeaving date: {secret} {text}").asks
    assert not any(word in question.text for word in secret.split() for question in questions)
