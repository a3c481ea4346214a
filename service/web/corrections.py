"""What operators may send along with a run: the corrections, read strictly."""

import contextlib
import re
from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from service.domain.corrections import SetAsideAs
from service.domain.errors import TransientError
from service.records.leaver import Leaver
from service.web.moments import GivenDay
from service.work.access_lists import AccessLists

LONGEST_VALUE = 300
# The word that ends the looks after the date, and how far ahead a reminder may be put off.
OVER, MOST_DAYS_LATER = "over", 60

# Control characters belong in no name, and the database does not keep all of them.
Value = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=LONGEST_VALUE,
        pattern=r"^[^\x00-\x1f\x7f]+$",
    ),
]
Email = Annotated[Value, Field(pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$")]
EntryId = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]


# A short link is written as a whole address, or as its last part alone.
_CARD = re.compile(r"(?:https?://[^/\s]+/c/)?([0-9A-Za-z]{1,64})(?:/\S*)?")


def _a_card_key(value: Any) -> Any:
    if value is None:
        return None
    found = _CARD.fullmatch(value.strip()) if isinstance(value, str) else None
    if found and len(value) <= LONGEST_VALUE:
        return found.group(1)
    raise PydanticCustomError("card", "it must be the short link of a card, or new")


CardChoice = Annotated[str, BeforeValidator(_a_card_key)]


def _an_iso_day(value: Any) -> Any:
    """Only YYYY-MM-DD: a number, or a date with a time, would be read as another day."""
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("day", "it must be a day, such as 2026-12-18")


Day = Annotated[GivenDay, BeforeValidator(_an_iso_day)]


class CorrectionsBody(BaseModel):
    """What an operator says about a leaver; null withdraws an earlier correction."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {},
                {"leaving_date": "2026-12-18"},
                {"entry": "9f86d081884c7d65"},
                {"no_access": True},
                {"card": "iK30ThVk"},
                {"card": "new"},
                {"set_aside": "by_hand"},
                {"set_aside": "cancelled", "clear_tag": True},
                {"nothing_to_do": True},
                {"after_date": "over"},
                {"after_date": "2027-01-15"},
            ]
        },
    )

    name: Value | None = Field(None, description="The leaver's name")
    email: Email | None = Field(None, description="The leaver's address")
    leaving_date: Day | None = Field(None, description="YYYY-MM-DD")
    entry: EntryId | None = Field(None, description="The id of one of the leaver's candidates")
    no_access: bool | None = Field(
        None, strict=True, description="true: a person has looked, and there is no entry"
    )
    set_aside: SetAsideAs | None = Field(
        None, description="Nothing is written to Zendesk or Trello, and the leaver is done"
    )

    clear_tag: bool | None = Field(
        None,
        strict=True,
        description="With set_aside: true takes the tag leaver_needs_person off the ticket",
    )
    card: CardChoice | None = Field(
        None,
        description="The short link of the leaver's card, which is open on the board; or new: none "
        "of the cards that people made is this leaver's",
    )
    after_date: Annotated[str, Field(max_length=10)] | None = Field(
        None,
        description="over: it is over, which shows once the due time has passed; or the day "
        "(YYYY-MM-DD) before which no reminder is sent",
    )
    nothing_to_do: bool | None = Field(
        None, strict=True, description="true: what was written later asks for nothing"
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.after_date is not None and len(self.model_fields_set) > 1:
            raise PydanticCustomError("ends", "after_date cannot be sent with anything else")
        for exclusive in (
            ("entry", "no_access", "set_aside", "nothing_to_do"),
            ("card", "no_access", "set_aside", "nothing_to_do"),
        ):
            ends = [name for name in exclusive if getattr(self, name)]
            if len(ends) > 1:
                raise PydanticCustomError("ends", f"send one of {' and '.join(ends)} alone")
        if self.clear_tag and not self.set_aside:
            raise PydanticCustomError("ends", "clear_tag can only be sent together with set_aside")
        return self

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, by name; false withdraws an earlier true."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if self.after_date is None:
            sent.pop("after_date", None)
        return {name: None if value is False else value for name, value in sent.items()}


def read_after_date(word: str, *, today: date) -> date | None:
    """Read an operator's word about a leaver whose date has passed.

    Returns:
        The day before which no reminder is sent; None if the leaver is over.

    Raises:
        ValueError: saying what it must be.
    """
    if word == OVER:
        return None
    try:
        day: date = _an_iso_day(word)
    except PydanticCustomError:
        raise ValueError("it must be over, or a day, such as 2027-01-15") from None
    if not today < day <= today + timedelta(days=MOST_DAYS_LATER):
        raise ValueError(f"it must be a day from tomorrow to {MOST_DAYS_LATER} days ahead")
    return day


class ChoiceRefused(Exception):
    """The entry can't be chosen.

    Args:
        status: the HTTP status.
        problem: what is wrong, as the end of a sentence that begins with the entry.
    """

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(status, problem)
        self.status = status
        self.problem = problem


def offered(leaver: Leaver) -> frozenset[str]:
    """Return the ids of the entries that may be chosen."""
    return frozenset(entry["id"] for entry in (*leaver.candidates, *filter(None, [leaver.entry])))


def check_choice(given: dict[str, Any], known: Leaver | None, lists: AccessLists) -> None:
    """Refuse an entry that was not offered for this leaver, or has gone from the lists since.

    One that had left them already when it was offered may be chosen.

    Args:
        given: the corrections.
        known: None if the ticket was never seen.
        lists: as they are now.

    Raises:
        ChoiceRefused: see there.
        PermanentError: the lists can't be what they should be.
    """
    entry_id = given.get("entry")
    if not entry_id:
        return
    if known is None or entry_id not in offered(known):
        raise ChoiceRefused(422, "is not one of this leaver's candidates.")
    try:
        is_known = lists.knows(entry_id, left_by=known.updated_at)
    except TransientError:
        return  # the run itself looks again, and asks a person if the entry is gone
    if not is_known:
        raise ChoiceRefused(409, "is no longer in the access lists. Look at the leaver again.")
