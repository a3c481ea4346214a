"""The history in words: the one place where a line's event and facts become a sentence."""

from collections.abc import Callable
from datetime import UTC, datetime

from service.domain import wording
from service.domain.after_date import AfterDate
from service.domain.history import CardState, Facts, HistoryEvent, PersonsChange, SweepReason
from service.domain.removal.refusals import sentence_of

_SWEEP_REASONS = {
    SweepReason.NO_WEBHOOK: "No webhook brought it.",
    SweepReason.HAS_TAG_NOW: "It was set aside without the leaver tag, and has the tag now.",
    SweepReason.DRY_RUN_IS_OVER: "It ended in a dry run, which is over.",
    SweepReason.NOT_OPEN: (
        "The ticket waited for a person, and is no longer among the open leaver tickets."
    ),
    SweepReason.TRY_AGAIN: "It failed for a reason that may have passed.",
    SweepReason.DAILY_LIMIT_HAS_ROOM: (
        "It waited because the day's limit was reached, and there is room again."
    ),
    SweepReason.REOPENED: "The ticket was processed, and is open again or was changed since.",
}
_AFTER_DATE = {
    AfterDate.OVER: "Over: out of the access lists, and the card is done",
    AfterDate.CARD_OPEN: "Out of the access lists; the card is still open",
    AfterDate.STILL_LISTED: "Still in the access lists",
    AfterDate.DONE_BUT_LISTED: "The card is done, but the person is still in the access lists",
    AfterDate.UNFINISHED: "Given up: it is not over, and is no longer checked",
}
_SAID_BEFORE = "Over, as an operator said before the due time"
_CARD_STATES = {
    CardState.GONE: wording.CARD_IS_GONE,
    CardState.ARCHIVED: wording.CARD_IS_ARCHIVED,
    CardState.MOVED: wording.CARD_IS_MOVED,
}
_CHANGES = {
    PersonsChange.CARD_MISSING: (
        "The card is not open on the board before its due date: somebody archived, moved or "
        "deleted it."
    ),
    PersonsChange.CARD_DUE_CHANGED: "Somebody gave the card another due date.",
    PersonsChange.CARD_TWICE: (
        "More than one open card names this ticket, such as a copy that somebody made: archive "
        "what is too many."
    ),
}


def detail_of(event: HistoryEvent, facts: Facts, personal: Facts) -> str:
    """Return what a line of the history says beside its event; empty if that says it all.

    What was erased is left out.
    """
    special = _WORDS.get(event)
    if special:
        return special(facts, personal)
    return str(personal.get("reason") or facts.get("card_url") or "")


def card_state_words(state: CardState) -> str:
    """Say where a card is, and that it was left there."""
    return _CARD_STATES[state]


def _received(facts: Facts, _personal: Facts) -> str:
    return _SWEEP_REASONS[SweepReason(facts["why"])] if "why" in facts else ""


def _corrected(facts: Facts, personal: Facts) -> str:
    if facts["taken_back"]:
        return f"{facts['field']}: taken back"
    given = {**facts, **personal}
    return f"{facts['field']}: {given['value']}" if "value" in given else str(facts["field"])


def _retry(facts: Facts, personal: Facts) -> str:
    at = datetime.fromisoformat(facts["at"]).astimezone(UTC)
    return f"The next try is at {at:%H:%M:%S} UTC. {personal.get('reason', '')}".strip()


def _dry_run(facts: Facts, personal: Facts) -> str:
    if facts["plan"] == "question":
        return wording.QUESTION_IN_DRY_RUN
    return str(personal.get("reason", ""))


def _card_updated(facts: Facts, _personal: Facts) -> str:
    if facts.get("is_chosen"):
        return wording.CARD_IS_CHOSEN
    other = facts.get("shared_with")
    return wording.CARD_IS_SHARED.format(other) if other else ""


def _card_left(facts: Facts, _personal: Facts) -> str:
    return _CARD_STATES[CardState(facts["why"])]


def _ticket_left(_facts: Facts, _personal: Facts) -> str:
    return wording.TICKET_IS_CLOSED


def _nothing_new(_facts: Facts, _personal: Facts) -> str:
    return "The ticket was read again: nothing in it is new."


def _settled(facts: Facts, _personal: Facts) -> str:
    if facts["by"] == "person":
        return "A person solved the ticket: what was asked about it is settled."
    if facts["by"] == "deletion":
        return "The ticket was deleted: what was answered is kept in the record."
    return "There is nothing to do about what was written."


def _after_date(facts: Facts, _personal: Facts) -> str:
    status = AfterDate(facts["status"])
    if commit := facts.get("commit"):
        return f"{_AFTER_DATE[status]} (commit {commit[:12]})"
    return _SAID_BEFORE if status is AfterDate.OVER else _AFTER_DATE[status]


def _listed_again(facts: Facts, _personal: Facts) -> str:
    return f"The person is in the access lists again: {', '.join(facts['files'])}."


def _reminded(facts: Facts, _personal: Facts) -> str:
    return str(facts["mark"])


def _said_over(_facts: Facts, personal: Facts) -> str:
    return str(personal.get("reason", ""))


def _remind_later(facts: Facts, _personal: Facts) -> str:
    return f"No reminder before {facts['day']}."


def _changed(facts: Facts, _personal: Facts) -> str:
    return _CHANGES[PersonsChange(facts["what"])]


def _pull_request_opened(facts: Facts, _personal: Facts) -> str:
    draft = " as a draft, until the leaving date" if facts.get("is_draft") else ""
    return f"{facts['url']}{draft}"


def _pull_request_shared(facts: Facts, _personal: Facts) -> str:
    return f"It shares the pull request of ticket {facts['ticket']}, about the same person."


def _pull_request_changed(facts: Facts, _personal: Facts) -> str:
    return _PULL_REQUEST_CHANGES[facts["what"]].format(facts.get("url", ""))


def _pull_request_merged(facts: Facts, _personal: Facts) -> str:
    by = f" by {facts['merged_by']}" if facts.get("merged_by") else ""
    commit = f", commit {facts['commit']}" if facts.get("commit") else ""
    where = (
        ", into a branch that is not that of the access lists" if "is_elsewhere" in facts else ""
    )
    return f"Merged{by}{commit}{where}."


def _pull_request_closed(facts: Facts, _personal: Facts) -> str:
    return _PULL_REQUEST_ENDS[facts["state"]]


def _pull_request_left(facts: Facts, _personal: Facts) -> str:
    if "reason_code" in facts:
        return sentence_of(facts["reason_code"], facts.get("file"), facts.get("line"))
    left = _LEFT_UNDONE.get(facts.get("undone", ""), "The service writes nothing to it any more.")
    return f"{_TOUCHES[facts['touch']]} {left}"


def _pull_request_not_opened(facts: Facts, _personal: Facts) -> str:
    return sentence_of(facts["reason_code"], facts.get("file"), facts.get("line"))


_PULL_REQUEST_CHANGES = {
    "ready": "It is ready for review, and can be merged.",
    "reopened": "Somebody opened it again.",
    "earlier": "Somebody opened an earlier one again, and the service follows that one: {}",
    "draft": "It is a draft, which nobody can merge, until the leaving date.",
    "described": "Its text names the present leaving date.",
    "refreshed": "It was brought up to date with the lists.",
    "pointed_back": (
        "It is to be merged into the branch of the access lists again: the service follows it as "
        "before."
    ),
}
_PULL_REQUEST_ENDS = {
    "closed_by_person": "A person closed it without merging. It is not opened again automatically.",
    "withdrawn": "The service closed it, since it is not wanted any more.",
    "already_gone": "The entry is no longer in the access lists.",
    "none": "It is not wanted any more, and no pull request had been opened.",
}
_TOUCHES = {
    "pushed": "A person pushed to the pull request's branch.",
    "edited": "A person edited the pull request's title or text.",
    "approved": "A person approved the pull request.",
    "held": "A person made the pull request a draft.",
    "opened": "A person opened the pull request from the service's branch.",
    "reopened": "A person opened the pull request again that the service had closed.",
    "retargeted": (
        "The pull request is to be merged into a branch that is not that of the access lists."
    ),
}
_LEFT_UNDONE = {
    "close_withdrawn": "The removal is not wanted any more: a person has to close it.",
    "close_gone": "The entry is no longer in the access lists: a person has to close it.",
    "close_doubled": (
        "Somebody opened an earlier pull request about the person again: a person has to close one "
        "of them."
    ),
    "make_draft": "The leaving date was moved: nobody may merge it before the new one.",
    "point_back": (
        "Merging it there removes no access: a person has to change its base back, or close it."
    ),
}
_WORDS: dict[HistoryEvent, Callable[[Facts, Facts], str]] = {
    HistoryEvent.RECEIVED: _received,
    HistoryEvent.CORRECTED: _corrected,
    HistoryEvent.RETRY_PLANNED: _retry,
    HistoryEvent.DRY_RUN: _dry_run,
    HistoryEvent.CARD_UPDATED: _card_updated,
    HistoryEvent.CARD_LEFT_AS_IS: _card_left,
    HistoryEvent.TICKET_LEFT_AS_IS: _ticket_left,
    HistoryEvent.CHANGED_BY_PERSON: _changed,
    HistoryEvent.PULL_REQUEST_OPENED: _pull_request_opened,
    HistoryEvent.PULL_REQUEST_SHARED: _pull_request_shared,
    HistoryEvent.PULL_REQUEST_CHANGED: _pull_request_changed,
    HistoryEvent.PULL_REQUEST_MERGED: _pull_request_merged,
    HistoryEvent.PULL_REQUEST_CLOSED: _pull_request_closed,
    HistoryEvent.PULL_REQUEST_LEFT: _pull_request_left,
    HistoryEvent.PULL_REQUEST_NOT_OPENED: _pull_request_not_opened,
    HistoryEvent.NOTHING_NEW: _nothing_new,
    HistoryEvent.SETTLED: _settled,
    HistoryEvent.AFTER_DATE: _after_date,
    HistoryEvent.LISTED_AGAIN: _listed_again,
    HistoryEvent.REMINDED: _reminded,
    HistoryEvent.SAID_OVER: _said_over,
    HistoryEvent.REMIND_LATER: _remind_later,
}
