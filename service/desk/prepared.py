"""The prepared answer to what somebody wrote after a ticket was processed."""

from dataclasses import dataclass
from datetime import date

from service.domain.reasons import ReasonCode
from service.records.leaver import Leaver, State

# What the answer form's button sends that says so.
NOTHING = "nothing_to_do"
_ABOUT_LATER_WORDS = {
    ReasonCode.OTHER_LEAVING_DATE,
    ReasonCode.STAYS,
    ReasonCode.OTHER_PERSON,
    ReasonCode.READ_IT,
}


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
    """Return the prepared answer; None where the question is not about later words."""
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
