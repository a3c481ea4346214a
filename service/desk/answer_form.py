"""An operator's answer: from the form's fields to the corrections of a run, or what to fix."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from service.desk.forms import DATE_PARTS, WrongDate, read_typed_date
from service.desk.offered_answers import (
    chosen_card,
    is_date_alone_missing,
    is_date_asked,
    likely_people,
    prepared_answer,
    prepared_date,
)
from service.desk.words import TeamTime
from service.domain.corrections import SetAsideAs
from service.domain.dates import implausible
from service.records.leaver import Leaver
from service.web.corrections import LONGEST_VALUE, CorrectionsBody, offered

# What the button "nothing to do" sends.
NOTHING = "nothing_to_do"
# The values of radio buttons begin so.
_ENTRY = "entry:"
_ASIDE = "set_aside:"
_FORMATS = {
    "name": "The leaver's name must be letters and signs that can be seen, on one line",
    "email": "Enter an e-mail address in the format name@example.gov.uk",
}
_PLAIN_FIELDS = ("choice", "name", "email", "confirm_date", "confirm_nobody", "clear_tag")
_DECISIONS = ("entry", "no_access", "card", "set_aside", "clear_tag", NOTHING)
_EVERYTHING = ("name", "email", "leaving_date", *_DECISIONS)
# What the ticket says can't be deleted: the next reading would find it again.
_EMPTIED = {
    "name": "Enter the leaver's name: what the ticket says can be corrected, but not emptied",
    "email": (
        "Enter the leaver's e-mail address: what the ticket says can be corrected, but not emptied"
    ),
    "leaving_date": (
        "Enter the leaving date: what the ticket says can be corrected, but not emptied"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The answer page's fields, as they were filled in.

    Attributes beyond the plain ones:
        confirm_date: the unusual leaving date that was confirmed, as YYYY-MM-DD.
        confirm_nobody: not empty if it was confirmed that none of the candidates is meant.
        clear_tag: not empty if the tag that asks is to be taken off the ticket set aside.
    """

    choice: str = ""
    name: str = ""
    email: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    confirm_date: str = ""
    confirm_nobody: str = ""
    clear_tag: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str], leaver: Leaver) -> "Form":
        """Take the fields from what a browser sent; one that it did not send is not changed."""
        names = {key: key for key in _PLAIN_FIELDS}
        names |= {f"leaving_date-{part}": part for part in DATE_PARTS}
        filled = {names[key]: value.strip() for key, value in sent.items() if key in names}
        return replace(cls.for_leaver(leaver), **filled)

    @classmethod
    def for_leaver(cls, leaver: Leaver) -> "Form":
        """Fill the fields with what is known; a date that is in doubt has to be given again.

        The date that somebody wrote later is filled in, to be confirmed.
        """
        known = None if is_date_asked(leaver) else leaver.leaving_date
        known = prepared_date(leaver) or known
        return cls(
            name=leaver.name or "",
            email=leaver.email or "",
            day=str(known.day) if known else "",
            month=str(known.month) if known else "",
            year=str(known.year) if known else "",
        )

    @property
    def date_parts(self) -> dict[str, str]:
        """The date's fields."""
        return {part: getattr(self, part) for part in DATE_PARTS}

    @property
    def has_date(self) -> bool:
        """Whether any of the date's fields is filled in."""
        return bool(self.day or self.month or self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a form says.

    Attributes:
        corrections: for the run; empty if there are errors.
        errors: the field and what to do about it, in the page's order.
    """

    corrections: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_sent(sent: Mapping[str, str], leaver: Leaver, *, today: date) -> Answer:
    """Read what a browser sent: the whole form, or the one that asks for the leaving date alone."""
    form = Form.of(sent, leaver)
    is_date_asked_alone = "name" not in sent and is_date_alone_missing(leaver)
    if is_date_asked_alone and form.choice == "again" and not form.has_date:
        return Answer(errors={"leaving_date-day": "Enter the leaving date"})
    return read_answer(form, leaver, today=today)


def read_answer(form: Form, leaver: Leaver, *, today: date) -> Answer:
    """Read a form: a value that is already known is not a correction.

    Args:
        form: as it was filled in.
        leaver: as it is known.
        today: a leaving date far from it has to be confirmed.
    """
    errors: dict[str, str] = {}
    corrections = _chosen(form, leaver, errors)
    if not form.choice.startswith(_ASIDE) and form.choice not in {"forget", NOTHING}:
        corrections |= _corrected(form, leaver, errors)
    day = corrections.get("leaving_date")
    if day and form.confirm_date != day.isoformat() and (doubt := implausible(day, today=today)):
        errors["confirm_date"] = (
            f"{doubt.text} Confirm that {TeamTime.day(day)} is right, or correct the date"
        )
    if corrections.get("no_access") and likely_people(leaver) and not form.confirm_nobody:
        errors["confirm_nobody"] = (
            "People in the access lists fit what the ticket says. Confirm that none of them is the "
            "leaver, or choose one of them"
        )
    return Answer(errors=errors) if errors else Answer(corrections=corrections)


def _chosen(form: Form, leaver: Leaver, errors: dict[str, str]) -> dict[str, Any]:
    plain: dict[str, dict[str, Any]] = {
        # To search means that no earlier decision stands in the way.
        "again": {key: None for key in _DECISIONS if key in leaver.said},
        "forget": {key: None for key in _EVERYTHING if key in leaver.said},
        "no_access": {"no_access": True},
    }
    if form.choice in plain and (form.choice != "forget" or leaver.said):
        return plain[form.choice]
    if form.choice == NOTHING and prepared_answer(leaver):
        return {NOTHING: True}
    if form.choice.startswith(_ENTRY) and form.choice.removeprefix(_ENTRY) in offered(leaver):
        return {"entry": form.choice.removeprefix(_ENTRY)}
    if form.choice.startswith(_ASIDE) and form.choice.removeprefix(_ASIDE) in set(SetAsideAs):
        aside = {"set_aside": SetAsideAs(form.choice.removeprefix(_ASIDE))}
        return aside | ({"clear_tag": True} if form.clear_tag else {})
    if card := chosen_card(form.choice, leaver):
        return {"card": card}
    errors["choice"] = "Select what should be done"
    return {}


def _corrected(form: Form, leaver: Leaver, errors: dict[str, str]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in (("name", form.name), ("email", form.email)):
        if value == (getattr(leaver, key) or ""):
            continue
        # An emptied field withdraws what an operator said; what the ticket says stays.
        changed[key] = value or None
        if problem := _problem(key, value) if value or key in leaver.said else _EMPTIED[key]:
            errors[key] = problem
    return changed | _corrected_date(form, leaver, errors)


def _corrected_date(form: Form, leaver: Leaver, errors: dict[str, str]) -> dict[str, Any]:
    try:
        day = read_typed_date(form.date_parts)
    except WrongDate as wrong:
        errors[f"leaving_date-{wrong.part}"] = wrong.message
        return {}
    known = Form.for_leaver(leaver).has_date
    if day:
        is_new = day != leaver.leaving_date or not known
        return {"leaving_date": day} if is_new else {}
    if known and "leaving_date" not in leaver.said:
        errors["leaving_date-day"] = _EMPTIED["leaving_date"]
    return {"leaving_date": None} if known else {}


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
