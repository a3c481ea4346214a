"""The texts of cards, notes and reasons. Departments can read a note, so it names nobody."""

import hashlib
from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.domain.corrections import SetAsideAs
from service.domain.reasons import Reason, ReasonCode

PROCESSED_TAG = "leaver_processed"
NEEDS_PERSON_TAG = "leaver_needs_person"

TRY_LATER = "Try again later."

SET_ASIDE = {
    SetAsideAs.CANCELLED: Reason(
        ReasonCode.CANCELLED, "Set aside by an operator: the leaver is not leaving after all."
    ),
    SetAsideAs.BY_HAND: Reason(
        ReasonCode.BY_HAND, "Set aside by an operator: the work was done by hand."
    ),
    SetAsideAs.NOT_A_LEAVER: Reason(
        ReasonCode.NOT_A_LEAVER, "Set aside by an operator: the ticket is not about a leaver."
    ),
}
NOTHING_TO_DO = Reason(
    ReasonCode.NOTHING_TO_DO, "Set aside by an operator: there is nothing to do about the ticket."
)
SOLVED_BY_HAND = Reason(ReasonCode.BY_HAND, "Set aside: a person solved the ticket by hand.")
NOBODY_FOUND = Reason(
    ReasonCode.NOBODY_FOUND,
    "Nobody in the access lists fits. Look for the person yourself: then correct the name or the "
    "e-mail address, or confirm that there is no access.",
)
CHOSEN_BY_OPERATOR = "chosen by an operator"
CHOICE_IS_GONE = Reason(
    ReasonCode.CHOICE_IS_GONE,
    "The entry that an operator chose is no longer in the access lists. Look at the lists, then "
    "choose again or confirm that there is no access.",
)
OTHER_LEAVING_DATE = Reason(
    ReasonCode.OPEN_CARD_FOR_OTHER_DATE,
    "The leaver already has an open card, made for another ticket and due on another date. Find "
    "out which date is right, then run this ticket, or the other one, again with that date.",
)
CHOSEN_CARD_IS_GONE = Reason(
    ReasonCode.CHOSEN_CARD_IS_GONE,
    "The card that an operator chose is not open on the board: it may have been archived or moved. "
    "Choose another one, or say that a new card is to be made.",
)
THERE_MAY_BE_A_CARD = Reason(
    ReasonCode.CARD_MADE_BY_PERSON,
    "Somebody may have made a card for this leaver already. Nothing is missing in the ticket.",
)
SAID_STAYS = Reason(
    ReasonCode.STAYS,
    "Since the ticket was processed, somebody wrote that the leaver stays after all. If that is "
    "right, set the leaver aside as cancelled: the card is yours to archive. If not, say that "
    "there is nothing to do.",
)
SAID_OTHER_PERSON = Reason(
    ReasonCode.OTHER_PERSON,
    "Since the ticket was processed, somebody wrote about another person. Read the ticket. If "
    "another leaver is meant, ask for a ticket of its own; then say that there is nothing to do.",
)
SAID_SOMETHING = Reason(
    ReasonCode.READ_IT,
    "Somebody wrote something since the ticket was processed. Read it; then solve the ticket, or "
    "say that there is nothing to do.",
)
FOLLOW_UP_OF_UNKNOWN = Reason(
    ReasonCode.READ_IT,
    "This ticket follows one that the service did not process. Read it; then run it, and it is "
    "processed like a new ticket, or set it aside.",
)
LISTED_BY_NOW = Reason(
    ReasonCode.LISTED_BY_NOW,
    "Nobody in the access lists fitted when the ticket was processed. The leaving date has come, "
    "and now somebody does. Choose the entry, or confirm that there is no access.",
)
PLAN_CHANGED = Reason(
    ReasonCode.PLAN_CHANGED,
    "What the ticket or the access lists say has changed since the plan was confirmed, and so has "
    "the plan. Nothing was written: look at the new plan, and confirm it if it is right.",
)
PROTECTED = Reason(
    ReasonCode.PROTECTED,
    "This person is protected: a person is always asked. Choose the entry, or confirm that "
    "there is no access, only if this really is a leaver.",
)
CARD_IS_GONE = (
    "The card that was made for this ticket is not on the board any more: it was deleted or moved "
    "where the service cannot see it. It was not made again."
)
CARD_IS_ARCHIVED = "The ticket's card is archived: it was left as it is."
CARD_IS_CHOSEN = "A person made the card, and an operator chose it: it got this ticket's link."
CARD_IS_SHARED = "The person already has an open card, made for ticket {}."
CARD_IS_MOVED = "The ticket's card is on another board: it was left as it is."
TICKET_IS_CLOSED = "The ticket is closed and cannot be changed: it got no note and no tag."

# Stands in a note for the link of a card that is still to be made.
NEW_CARD_LINK = "(the link to the card)"

_PROCESSED = "The ticket was processed automatically."
_NOT_PROCESSED = "This leaver could not be processed automatically."
_NOT_SETTLED = "This leaver needs a person: it cannot be settled automatically."
# One of these stands in every note of the service.
SIGNS_OF_A_NOTE = (_PROCESSED, _NOT_PROCESSED, _NOT_SETTLED)

_DRY_RUN = "Dry run: nothing was written."
_ROLES = {"tech": "tech role", "non_tech": "non tech role"}
_BY_NAME_ALONE = (
    "Found by name alone: the ticket gives nothing else that confirms it. Make sure that this is "
    "the right person before you remove any access."
)


def said_other_leaving_date(day: date | None) -> Reason:
    """Ask about another leaving date that somebody wrote since the ticket was processed."""
    named = f", {day.day} {day:%B %Y}" if day else ""
    confirm = "confirm that date" if day else "give the right date"
    return Reason(
        ReasonCode.OTHER_LEAVING_DATE,
        f"Since the ticket was processed, somebody wrote of another leaving date{named}. Read the "
        f"ticket and {confirm}: the card moves to it. If the date stays as it is, say that there "
        "is nothing to do.",
        facts=(day.isoformat() if day else "",),
    )


def card_name(name: str, role: str) -> str:
    """Name a card, in one line."""
    return f"Leaver: {' '.join(name.split())} ({_ROLES[role]})"


def card_head(ticket_link: str, *, by_name_alone: bool) -> str:
    """Begin a card's description: the mark by which the card is known, then any warning."""
    mark = f"Zendesk ticket: {ticket_link}"
    return f"{mark}\n\n{_BY_NAME_ALONE}" if by_name_alone else mark


def no_leaver_tag(tag: str) -> Reason:
    """Say why a ticket without the leaver tag is not processed."""
    return Reason(
        ReasonCode.NO_LEAVER_TAG,
        f"Set aside: the ticket does not have the tag {tag}, so it is not a leaver ticket.",
    )


def card_note(
    card_url: str, due: datetime | None, timezone: str, *, is_anybody_found: bool = True
) -> str:
    """Write the internal note of a solved ticket: the card and its due date, and no more."""
    nobody = "" if is_anybody_found else "No entry was found in the access lists.\n"
    when = ""
    if due:
        when = f"It is due on {_moment(due, timezone)}.\n"
    return f"{nobody}Leaver card: {card_url}\n{when}{_PROCESSED}"


def _moment(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


def card_stays(card_url: str) -> Reason:
    """Say that a leaver who should have no card has one; a person knows whose it is."""
    return Reason(
        ReasonCode.CARD_STAYS,
        f"The card {card_url} stays on the board: archive it yourself if it is wrong.",
        facts=(card_url,),
    )


def cards_of_people(urls: tuple[str, ...]) -> Reason:
    """Ask whether a card that a person made is this leaver's."""
    cards = ", ".join(urls)
    return Reason(
        ReasonCode.CARD_MADE_BY_PERSON,
        f"Somebody may have made a card for this leaver already: {cards}. Say which card is to be "
        "used, or that a new one is to be made.",
        facts=urls,
    )


def no_access_note(card_url: str | None = None) -> str:
    """Write the internal note of a ticket about somebody who is in no list.

    Args:
        card_url: the card that the ticket has all the same, made before this was known.
    """
    card = f".\nA card was made before: {card_url}" if card_url else ", so there is no card."
    return (
        f"No entry was found in the access lists{card}\n"
        f"{_PROCESSED} If this is wrong, reopen the ticket and write to Technical 2nd Line."
    )


WHO_IS_UNCERTAIN = Reason(
    ReasonCode.PERSON_UNCLEAR,
    ("It is not certain who the leaver is: give the full name and the work e-mail address."),
)


def question_note(reason: str, *, is_later: bool = False) -> str:
    """Write the internal note of a ticket that waits for a person.

    Args:
        reason: what is missing.
        is_later: the question is about what was written after a ticket had been processed.
    """
    return (
        f"{_NOT_SETTLED if is_later else _NOT_PROCESSED} {reason}\n"
        "Technical 2nd Line will settle it; a corrected ticket is read again when it is updated."
    )


def daily_limit(limit: int) -> Reason:
    """Say that a leaver waits because of the daily limit."""
    return Reason(
        ReasonCode.DAILY_LIMIT,
        f"The day's limit of {limit} cards, solved tickets or notes is reached (DAILY_LIMIT), so "
        "nothing was written. It continues when there is room again. If so many leavers "
        "are right, run it now: an operator's run goes through.",
    )


def card_in_dry_run(role: str, due: datetime | None, timezone: str, *, is_there: bool) -> Reason:
    """Say what a dry run would have done about a leaver with a card."""
    when = f"due on {_moment(due, timezone)}" if due else "without a due date"
    card = "taken up the card that is there" if is_there else "copied the template"
    return Reason(
        ReasonCode.DRY_RUN,
        f"{_DRY_RUN} The service would have {card} for a {_ROLES[role]}, {when}, and solved the "
        "ticket with a note that links to the card.",
    )


NO_ACCESS_IN_DRY_RUN = Reason(
    ReasonCode.DRY_RUN,
    f"{_DRY_RUN} The service would have solved the ticket with a note that no entry was found in "
    "the access lists.",
)
QUESTION_IN_DRY_RUN = (
    f"{_DRY_RUN} The service would have put this question to the ticket, as a note."
)


def digest(*parts: object) -> str:
    """Return a short digest of a plan: the same plan gives the same digest, in any process."""
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
