"""What a subject such as "Leaver: Jane Doe - 18/12/2026" says; most subjects say nothing."""

import re
from datetime import date

from service.domain.dates import read_date
from service.domain.reading.label_words import Detail
from service.domain.reading.lines import one_line
from service.domain.reading.values import (
    addresses_in,
    is_a_subject_name,
    is_written_as_a_name,
    split_dated,
    without_addresses,
)

# The words that announce a leaver part the subject as a colon does.
_ANNOUNCES = re.compile(
    r"\b(?:(?:new|urgent|gov\.?uk|gds|staff|employee|it|user) )*"
    r"(?:leavers?|leaving|off-?boarding|offboard|departing (?:employee|staff))\b"
    r"(?: (?:request|form|notification|process|ticket|details|notice|user|employee|staff member"
    r"|name)\b)*(?: (?:of|for|is)\b)?",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[:|;,/(){}\[\]]\s+|\s+[(\[]|[)\]]\s*|\s+[-\u2010-\u2015]+\s+")


def read_subject(subject: str, *, today: date) -> list[tuple[Detail, str]]:
    """Read the details of a subject that announces a leaver.

    Args:
        subject: one line.
        today: bounds what is plausible as a date.

    Returns:
        The name, the address and the leaving date, as far as each is certain.
    """
    text = one_line(subject)
    parts = _PARTS.split(_ANNOUNCES.sub(" | ", text)) if _ANNOUNCES.search(text) else []
    found: dict[Detail, str] = {}
    for part in map(str.strip, parts):
        for address in addresses_in(part)[:1]:
            found.setdefault(Detail.EMAIL, address)
        name, announced, dated = split_dated(part)
        name = without_addresses(name)
        if name[:1].isupper() and is_a_subject_name(name) and is_written_as_a_name(name):
            found.setdefault(Detail.NAME, name)
        when = dated or without_addresses(part)
        if isinstance(read_date(when, today=today), date):
            is_last_day = "day" in announced.casefold()
            found.setdefault(Detail.LAST_WORKING_DAY if is_last_day else Detail.LEAVING_DATE, when)
    return list(found.items())
