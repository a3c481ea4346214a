"""What operators say about a leaver: it counts before what the ticket says."""

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from service.domain.ticket import About, Found, LeaverDetails

SAID_BY_OPERATOR = "an operator's correction"


class SetAsideAs(StrEnum):
    """Why an operator sets a leaver aside."""

    CANCELLED = "cancelled"
    BY_HAND = "by_hand"
    NOT_A_LEAVER = "not_a_leaver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Everything that operators have said about one leaver, the newest on each.

    Attributes:
        name: the leaver's name.
        email: the leaver's address.
        leaving_date: the leaving date.
        entry: id of the entry that is the leaver.
        no_access: a person has looked, and there is no entry.
        set_aside: nothing is to be done.
        clear_tag: take the tag `leaver_needs_person` off the ticket all the same; only with
            `set_aside`.
        card: the short link of the card that is the leaver's, or `service.domain.cards.NEW_CARD`.
        nothing_to_do: what was written since the ticket was processed asks for nothing.
    """

    name: str | None = None
    email: str | None = None
    leaving_date: date | None = None
    entry: str | None = None
    no_access: bool | None = None
    set_aside: SetAsideAs | None = None
    clear_tag: bool | None = None
    card: str | None = None
    nothing_to_do: bool | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) is not None for each in fields(self))

    @property
    def decides_person(self) -> bool:
        """Whether an operator said who the leaver is."""
        return bool(self.name or self.email or self.entry)

    def as_found(self) -> dict[str, Any]:
        """Return the corrected details, in the form in which a ticket's details are held."""
        said = {"name": self.name, "email": self.email, "leaving_date": self.leaving_date}
        return {
            key: Found(value=value, where=SAID_BY_OPERATOR)
            for key, value in said.items()
            if value is not None
        }


def merge(before: Corrections, new: dict[str, Any]) -> Corrections:
    """Merge new corrections into earlier ones; None withdraws an earlier one.

    Who the leaver is, that there is no access, and that nothing is to be done exclude each other:
    the newest word on them replaces the others. A card was chosen for one person.
    """
    if "nothing_to_do" not in new and any(value is not None for value in new.values()):
        # It was the answer to another question.
        new = {"nothing_to_do": None} | new
    if new.get("entry"):
        new = {"no_access": None, "set_aside": None, "card": None} | new
    elif new.get("no_access"):
        new = {"entry": None, "set_aside": None, "card": None} | new
    elif any(new.get(key) for key in ("name", "email")):
        new = {"entry": None, "no_access": None, "set_aside": None, "card": None} | new
    elif new.get("card"):
        new = {"no_access": None, "set_aside": None} | new
    elif new.get("leaving_date"):
        new = {"set_aside": None} | new
    if "set_aside" in new:
        new = {"clear_tag": None} | new
    return replace(before, **new)


def with_corrections(details: LeaverDetails, corrections: Corrections) -> LeaverDetails:
    """Put what operators said in place of what the ticket says."""
    by_operator = corrections.as_found()
    settled = {
        About.PERSON: corrections.decides_person,
        About.DATE: bool(corrections.leaving_date),
        About.LEAVING: bool(corrections.leaving_date or corrections.entry),
    }
    questions = tuple(each for each in details.questions if not settled[each.about])
    return replace(details, questions=questions, **by_operator)
