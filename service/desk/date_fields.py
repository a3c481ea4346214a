"""Reading a date from the three fields that people type it into."""

import re
from collections.abc import Mapping
from datetime import date

DATE_PARTS = ("day", "month", "year")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORTEST_NAME = 3


class WrongDate(ValueError):
    """What was typed is not a date.

    Args:
        part: the field that is wrong: ``day``, ``month`` or ``year``.
        message: what to do about it.
    """

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message


def read_date(given: Mapping[str, str]) -> date | None:
    """Return the date that was typed; None if all three fields are empty.

    The messages are the design system's:
    https://design-system.service.gov.uk/components/date-input/#error-messages

    Raises:
        WrongDate: see there.
    """
    missing = [part for part in DATE_PARTS if not given[part]]
    if len(missing) == len(DATE_PARTS):
        return None
    if missing:
        raise WrongDate(missing[0], f"The leaving date must include a {' and a '.join(missing)}")
    if not re.fullmatch(r"[0-9]{4}", given["year"]):
        raise WrongDate("year", "Year must include 4 numbers")
    try:
        return date(int(given["year"]), _month(given["month"]), _number(given["day"]))
    except ValueError:
        message = "The leaving date must be a real date, such as 18 12 2026"
        raise WrongDate("day", message) from None


def _month(text: str) -> int:
    name = text.casefold().removesuffix(".")
    if len(name) < _SHORTEST_NAME:
        return _number(text)
    fits = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    return fits[0] if fits else 0


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0
