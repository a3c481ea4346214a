"""What the answer page offers for a question: cards, a date, a prepared answer, people who fit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.desk.words import TeamTime
from service.domain.cards import NEW_CARD, short_link_key
from service.domain.reasons import ReasonCode
from service.domain.ticket import About
from service.records.leaver import Leaver, State

# The values of buttons of cards begin so.
CHOICE = "card:"
_ABOUT_LATER_WORDS = {
    ReasonCode.OTHER_LEAVING_DATE,
    ReasonCode.STAYS,
    ReasonCode.OTHER_PERSON,
    ReasonCode.READ_IT,
}


def offered_cards(leaver: Leaver) -> list[dict[str, Any]]:
    """Return the cards that are asked about: the choice, and title, list and link of each."""
    return [
        {**card, "choice": f"{CHOICE}{short_link_key(card['url'])}"}
        for card in leaver.found.get("cards", [])
    ]


def chosen_card(choice: str, leaver: Leaver) -> str | None:
    """Return the card that a button stands for, or None for one that was not offered."""
    offered = {card["choice"] for card in offered_cards(leaver)}
    if offered or is_chosen_card_gone(leaver):
        offered.add(f"{CHOICE}{NEW_CARD}")
    return choice.removeprefix(CHOICE) if choice in offered else None


def is_chosen_card_gone(leaver: Leaver) -> bool:
    """Return whether a person is asked because the card that an operator chose is not there."""
    is_asked = leaver.state == State.NEEDS_PERSON
    return is_asked and leaver.reason_code == ReasonCode.CHOSEN_CARD_IS_GONE


def is_date_asked(leaver: Leaver) -> bool:
    """Return whether the leaver waits for a person to give, or to confirm, the leaving date."""
    asked = leaver.found.get("asked", ())
    return leaver.state == State.NEEDS_PERSON and not {About.DATE, About.LEAVING}.isdisjoint(asked)


def is_date_alone_missing(leaver: Leaver) -> bool:
    """Return whether the person was found beyond doubt, and only the leaving date is asked."""
    asked = set(leaver.found.get("asked", ()))
    return is_date_asked(leaver) and asked == {About.DATE} and bool(leaver.found.get("person"))


def date_hint(leaver: Leaver) -> str:
    """Say what to enter as the leaving date; one that is in doubt is shown, and not filled in."""
    if is_date_asked(leaver) and leaver.leaving_date and not prepared_date(leaver):
        seen = TeamTime.day(leaver.leaving_date)
        return f"The ticket seems to say {seen}. Enter the date to confirm it."
    return "For example, 18 12 2026"


def likely_people(leaver: Leaver) -> list[dict[str, Any]]:
    """Return the entries that speak against the answer that there is no access."""
    return leaver.candidates or list(filter(None, [leaver.entry]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the answer page offers first.

    Attributes:
        leaving_date: to confirm, or None.
        stays: somebody wrote that the leaver stays: to be set aside as cancelled.
        card_url: the card that a person may then archive, or None.
    """

    leaving_date: date | None = None
    stays: bool = False
    card_url: str | None = None


def prepared_answer(leaver: Leaver) -> Prepared | None:
    """Return the prepared answer; None if the question is not about later words."""
    if leaver.state != State.NEEDS_PERSON or leaver.reason_code not in _ABOUT_LATER_WORDS:
        return None
    return Prepared(
        leaving_date=prepared_date(leaver),
        stays=leaver.reason_code == ReasonCode.STAYS,
        card_url=leaver.card_url,
    )


def prepared_date(leaver: Leaver) -> date | None:
    """Return the leaving date that somebody wrote later and a person is to confirm, or None."""
    is_asked = leaver.state == State.NEEDS_PERSON
    if is_asked and leaver.reason_code == ReasonCode.OTHER_LEAVING_DATE:
        return leaver.prepared_date
    return None
