"""An operator's answer: from the form's fields to the corrections of a run, or what to mend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from service.corrections_body import LONGEST_VALUE, CorrectionsBody
from service.domain.corrections import SetAsideAs
from service.domain.ticket import About
from service.leavers import Leaver, State

DATE_PARTS = ("day", "month", "year")
_ENTRY = "entry:"
_ASIDE = "set_aside:"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FORMATS = {
    "name": "The leaver's name must be letters and signs that can be seen, on one line",
    "email": "Enter an e-mail address in the format name@example.gov.uk",
}
_EVERYTHING = ("name", "email", "leaving_date", "entry", "no_access", "set_aside")


def is_date_asked(leaver: Leaver) -> bool:
    """Whether the leaver waits for a person to give, or to confirm, the leaving date."""
    asked = leaver.found.get("asked", ())
    return leaver.state == State.NEEDS_PERSON and not {About.DATE, About.LEAVING}.isdisjoint(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The answer page's fields, as they were filled in."""

    choice: str = ""
    name: str = ""
    email: str = ""
    day: str = ""
    month: str = ""
    year: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "Form":
        """Take the fields from what a browser sent."""
        fields = {key: sent.get(key) for key in ("choice", "name", "email")}
        fields |= {part: sent.get(f"leaving_date-{part}") for part in DATE_PARTS}
        return cls(
            **{
                key: value.strip() if isinstance(value, str) else ""
                for key, value in fields.items()
            }
        )

    @classmethod
    def for_leaver(cls, leaver: Leaver) -> "Form":
        """Fill the fields with what is known; a date that is in doubt has to be given anew."""
        known = None if is_date_asked(leaver) else leaver.leaving_date
        return cls(
            name=leaver.name or "",
            email=leaver.email or "",
            day=str(known.day) if known else "",
            month=str(known.month) if known else "",
            year=str(known.year) if known else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a form says.

    Attributes:
        corrections: for the run; empty where there are errors.
        errors: the field and what to do about it, in the page's order.
    """

    corrections: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_answer(form: Form, leaver: Leaver) -> Answer:
    """Read a form: what is as it was known before is no correction."""
    errors: dict[str, str] = {}
    corrections = _chosen(form, leaver, errors)
    if not form.choice.startswith(_ASIDE) and form.choice != "forget":
        corrections |= _corrected(form, leaver, errors)
    return Answer(errors=errors) if errors else Answer(corrections=corrections)


def _chosen(form: Form, leaver: Leaver, errors: dict[str, str]) -> dict[str, Any]:
    plain: dict[str, dict[str, Any]] = {
        "again": {},
        "forget": dict.fromkeys(_EVERYTHING),
        "no_access": {"no_access": True},
    }
    if form.choice in plain:
        return plain[form.choice]
    if form.choice.startswith(_ENTRY) and form.choice.removeprefix(_ENTRY) in offered(leaver):
        return {"entry": form.choice.removeprefix(_ENTRY)}
    if form.choice.startswith(_ASIDE) and form.choice.removeprefix(_ASIDE) in set(SetAsideAs):
        return {"set_aside": SetAsideAs(form.choice.removeprefix(_ASIDE))}
    errors["choice"] = "Select what is to be done"
    return {}


def offered(leaver: Leaver) -> set[str]:
    """Return the ids of the entries that may be chosen."""
    return {entry["id"] for entry in (*leaver.candidates, *filter(None, [leaver.entry]))}


def _corrected(form: Form, leaver: Leaver, errors: dict[str, str]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in (("name", form.name), ("email", form.email)):
        if value == (getattr(leaver, key) or ""):
            continue
        if not value and key not in leaver.said:
            continue
        # An emptied field takes back what an operator said; the ticket's own word stays.
        changed[key] = value or None
        if problem := _problem(key, value):
            errors[key] = problem
    day = _leaving_date(form, errors)
    if day and (day != leaver.leaving_date or is_date_asked(leaver)):
        changed["leaving_date"] = day
    return changed


def _problem(key: str, value: str) -> str | None:
    label = {"name": "name", "email": "e-mail address"}[key]
    if len(value) > LONGEST_VALUE:
        return f"The leaver's {label} must be {LONGEST_VALUE} characters or fewer"
    if not value:
        return None
    try:
        CorrectionsBody.model_validate({key: value})
    except ValidationError:
        return _FORMATS[key]
    return None


def _leaving_date(form: Form, errors: dict[str, str]) -> date | None:
    given = {part: getattr(form, part) for part in DATE_PARTS}
    missing = [part for part in DATE_PARTS if not given[part]]
    if len(missing) == len(DATE_PARTS):
        return None
    if missing:
        errors[f"leaving_date-{missing[0]}"] = (
            f"The leaving date must include a {' and a '.join(missing)}"
        )
        return None
    try:
        year = int(given["year"]) if re.fullmatch(r"[0-9]{4}", given["year"]) else -1
        return date(year, _month(given["month"]), int(given["day"], 10))
    except ValueError:
        errors["leaving_date-day"] = "The leaving date must be a real date, such as 18 12 2026"
        return None


def _month(text: str) -> int:
    name = text.casefold()[:3]
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(text, 10)
