"""What is to be done about a leaver's pull request next, and what is left to people."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.dates import due_at
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.seen import Own, Touch


class Step(StrEnum):
    """What is done next."""

    NOTHING = "nothing"
    OPEN_DRAFT = "open_draft"
    OPEN_READY = "open_ready"
    MAKE_READY = "make_ready"
    MAKE_DRAFT = "make_draft"
    DESCRIBE = "describe"
    REFRESH = "refresh"
    CLOSE_GONE = "close_gone"
    CLOSE_WITHDRAWN = "close_withdrawn"
    CLOSE_DOUBLED = "close_doubled"
    GIVE_UP = "give_up"
    NOTE_GONE = "note_gone"

    @property
    def closes(self) -> bool:
        """Whether it closes the pull request."""
        return self in {Step.CLOSE_GONE, Step.CLOSE_WITHDRAWN, Step.CLOSE_DOUBLED}


class Undone(StrEnum):
    """What is left to people, since the service does not write to what they touched."""

    CLOSE_GONE = "close_gone"
    CLOSE_WITHDRAWN = "close_withdrawn"
    CLOSE_DOUBLED = "close_doubled"
    MAKE_DRAFT = "make_draft"
    POINT_BACK = "point_back"


REFRESH_AT_MOST_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the next step depends on.

    Attributes:
        now: the present instant.
        due: when the removal may be merged; None if that is not known.
        opens_at: when the pull request may be opened, as a draft if that is before `due`.
        is_wanted: the leaver still leaves: neither set aside nor cancelled.
        is_listed: at least one entry of the leaver is in the lists at head.
        is_same_person: the pull request was made for who the leaver is by now.
        pull: the pull request as it is now, or None.
        touch: see `Touch`.
        is_approved: None if GitHub does not say.
        own: see `Own`.
        is_text_present: the body is what would be written now.
        has_no_drafts: GitHub refused a draft of this leaver's.
        is_doubled: people opened an earlier one about the person again, which stays.
    """

    now: datetime
    due: datetime | None
    opens_at: datetime | None
    is_wanted: bool
    is_listed: bool
    is_same_person: bool = True
    pull: PullRequest | None = None
    touch: Touch | None = None
    is_approved: bool | None = None
    own: Own = field(default_factory=Own)
    is_text_present: bool = True
    has_no_drafts: bool = False
    is_doubled: bool = False


def next_step(at: Situation) -> Step:
    """Decide what is done next; the same situation always gives the same step."""
    if at.pull is None:
        return _before_it_is_open(at) if at.is_wanted else Step.GIVE_UP
    if at.pull.is_open:
        return _while_it_is_open(at, at.pull)
    # A merge elsewhere has changed nothing: it is over once the entry is gone in another way.
    may_be_over = at.is_wanted and at.pull.is_merged and at.pull.has_other_base
    return _once_it_is_gone(at) if may_be_over else Step.NOTHING


def left_undone(at: Situation) -> Undone | None:
    """Return what would be done, had no person touched the pull request, and people must do now.

    Bringing it up to date or describing it is of no weight; that it should be closed, or could be
    merged before its date, is. So is that its merge would not change the lists.
    """
    if at.touch is None:
        return None
    step = next_step(replace(at, touch=None))
    if not step.closes and at.pull and at.pull.is_open and at.pull.has_other_base:
        return Undone.POINT_BACK
    return Undone(step) if step.closes or step is Step.MAKE_DRAFT else None


def _once_it_is_gone(at: Situation) -> Step:
    is_over = not at.is_listed and at.due is not None and at.now >= at.due
    return Step.NOTE_GONE if is_over else Step.NOTHING


def _before_it_is_open(at: Situation) -> Step:
    if not (at.is_listed and at.due and at.opens_at):
        return _once_it_is_gone(at)
    if at.now >= at.due:
        return Step.OPEN_READY
    may_be_draft = at.now >= at.opens_at and not at.has_no_drafts
    return Step.OPEN_DRAFT if may_be_draft else Step.NOTHING


def _while_it_is_open(at: Situation, pull: PullRequest) -> Step:
    # Nothing is written to it before it is certain that nobody has approved it.
    if at.touch or at.is_approved is None:
        return Step.NOTHING
    if not at.is_wanted or not at.is_same_person:
        return Step.CLOSE_WITHDRAWN
    if at.is_doubled:
        return Step.CLOSE_DOUBLED
    return _follow(at, pull) if at.is_listed else Step.CLOSE_GONE


def _follow(at: Situation, pull: PullRequest) -> Step:
    """Decide what the date asks for, and the lists; it stays open."""
    is_too_early = at.due is None or at.now < at.due
    if is_too_early and not pull.is_draft:
        # Somebody moved the date: what could be merged too early goes back first.
        return Step.MAKE_DRAFT
    if not is_too_early and pull.is_draft:
        return Step.MAKE_READY
    if at.due and not at.is_text_present:
        return Step.DESCRIBE
    # A push would dismiss an approval.
    if pull.is_mergeable is False and not at.is_approved and _may_refresh(at):
        return Step.REFRESH
    return Step.NOTHING


def _may_refresh(at: Situation) -> bool:
    last = at.own.refreshed_at
    return last is None or at.now - last >= REFRESH_AT_MOST_EVERY


def opens_at(due: datetime, *, days_before: int, timezone: str) -> datetime:
    """Return when a pull request may be opened: so many days before, at the same local time."""
    local = due.astimezone(ZoneInfo(timezone))
    day = local.date() - timedelta(days=days_before)
    return due_at(day, due_time=local.time().replace(tzinfo=None), timezone=timezone)
