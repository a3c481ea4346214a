"""Builds made-up tickets, reads them, and puts what was read into a form easy to compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.reading.details import read_details
from service.domain.reasons import Reason
from service.domain.ticket import Comment, FieldIds, LeaverDetails, Mark, Ticket

TODAY = date(2026, 11, 24)
DAY = date(2026, 12, 18)
NAME_FIELD, EMAIL_FIELD, DATE_FIELD = 101, 102, 103
FIELDS = FieldIds(name=NAME_FIELD, email=EMAIL_FIELD, leaving_date=DATE_FIELD)

JANE = "jane.doe@dsit.gov.uk"
SAM = "sam.hill@dsit.gov.uk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The values of `LeaverDetails` without the places where they stood."""

    name: str | None = None
    email: str | None = None
    github: str | None = None
    leaving_date: date | None = None
    last_working_day: date | None = None
    asks: tuple[Reason, ...] = ()


def read_ticket(
    description: str,
    *,
    subject: str = "Leaver request",
    comments: Sequence[str] = (),
    fields: Mapping[int, str] | None = None,
) -> LeaverDetails:
    """Read a ticket whose first comment repeats its description, as Zendesk has it."""
    return read_details(
        Ticket(
            id=12345,
            subject=subject,
            description=description,
            status="open",
            custom_fields=fields or {},
            comments=tuple(a_comment(body) for body in (description, *comments)),
        ),
        fields=FIELDS,
        today=TODAY,
    )


def read(
    description: str,
    *,
    subject: str = "Leaver request",
    comments: Sequence[str] = (),
    fields: Mapping[int, str] | None = None,
) -> Read:
    """Read a ticket and keep the values and the questions."""
    return values_of(read_ticket(description, subject=subject, comments=comments, fields=fields))


def values_of(details: LeaverDetails) -> Read:
    """Leave out where the values stood."""
    return Read(
        name=details.name.value if details.name else None,
        email=details.email.value if details.email else None,
        github=details.github.value if details.github else None,
        leaving_date=details.leaving_date.value if details.leaving_date else None,
        last_working_day=details.last_working_day.value if details.last_working_day else None,
        asks=tuple(question.reason for question in details.questions),
    )


def a_comment(body: str, *, mark: Mark | None = None) -> Comment:
    """Make a public comment of nobody in particular."""
    return Comment(id=1, author_id=7, body=body, is_public=True, mark=mark)
