"""What a subject such as "Leaver: Jane Doe - 18/12/2026" says; most subjects say nothing."""

import re
from datetime import date

from service.domain.dates import read_date
from service.domain.reading.label_words import Detail
from service.domain.reading.lines import folded, one_line
from service.domain.reading.values import (
    addresses_in,
    are_subject_names,
    is_a_subject_name,
    split_dated,
    without_addresses,
)

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd)\s*:|\[[^\]]{0,40}\]|#?\d{3,10}\b[:\s]*)\s*", re.IGNORECASE
)
_PARTS = re.compile(r"\s*[:|;,/(){}\[\]]\s+|\s+[(\[]|[)\]]\s*|\s+[-\u2010-\u2015]+\s+")
_KIND = (
    r"(?:(?:new|urgent|gov\.?uk|gds|staff|employee|it|user) )*"
    r"(?:leavers?|leaving|off-?boarding|offboard|departing (?:employee|staff))"
    r"(?: (?:request|form|notification|process|ticket|details|notice|user|employee|staff member"
    r"|name))*"
)
_ANNOUNCES = re.compile(_KIND)
_ENDS = re.compile(r" (?:leaver|off-?boarding)(?: (?:request|form|notification))?$", re.IGNORECASE)
_BEGINS = re.compile(rf"^{_KIND}(?: (?:of|for|is))? (?=\S)", re.IGNORECASE)


def read_subject(subject: str, *, today: date) -> list[tuple[Detail, str]]:
    """Read the details of a subject that announces a leaver.

    Args:
        subject: one line.
        today: bounds what is plausible as a date.

    Returns:
        The name, the address and the leaving date, as far as each is certain.
    """
    text = one_line(subject)
    while (prefix := _PREFIX.match(text)) is not None and prefix.end():
        text = text[prefix.end() :]
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    ends = _ENDS.search(text)
    if ends is not None and is_a_subject_name(text[: ends.start()]):
        parts = [text[: ends.start()]]
    elif not any(_announces(part) for part in parts):
        begins = _BEGINS.match(text)
        if begins is None or not text[begins.end()].isupper():
            return []
        parts = [part.strip() for part in _PARTS.split(text[begins.end() :]) if part.strip()]
    return _details(parts, today=today)


def _announces(part: str) -> bool:
    return bool(_ANNOUNCES.fullmatch(folded(part)))


def _details(parts: list[str], *, today: date) -> list[tuple[Detail, str]]:
    found: dict[Detail, str] = {}
    for part in parts:
        for address in addresses_in(part)[:1]:
            found.setdefault(Detail.EMAIL, address)
        name, announced, dated = split_dated(part)
        name = without_addresses(name)
        if is_a_subject_name(name) or are_subject_names(name):
            found.setdefault(Detail.NAME, name)
        when = dated or without_addresses(part)
        if isinstance(read_date(when, today=today), date):
            is_last_day = "day" in announced.casefold()
            found.setdefault(Detail.LAST_WORKING_DAY if is_last_day else Detail.LEAVING_DATE, when)
    return list(found.items())
