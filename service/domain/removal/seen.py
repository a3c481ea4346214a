"""What a pull request shows: how far the removal is, and what a person did to it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.removal.pull_request import PullRequest
from service.domain.removal.texts import digest_of_text


class RemovalState(StrEnum):
    """How far the removal of a leaver's entries is."""

    NONE = "none"
    DUE = "due"
    DRAFT = "draft"
    OPEN = "open"
    MERGED = "merged"
    CLOSED_BY_PERSON = "closed_by_person"
    WITHDRAWN = "withdrawn"
    ALREADY_GONE = "already_gone"
    ASKED = "asked"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is done, or only if a person asks for it."""
        return self in {
            RemovalState.MERGED,
            RemovalState.CLOSED_BY_PERSON,
            RemovalState.WITHDRAWN,
            RemovalState.ALREADY_GONE,
            RemovalState.ASKED,
        }

    @property
    def holds_for_the_person(self) -> bool:
        """Whether no other ticket of the same person gets a pull request of its own beside it."""
        return self in {
            RemovalState.DRAFT,
            RemovalState.OPEN,
            RemovalState.MERGED,
            RemovalState.CLOSED_BY_PERSON,
        }


class Touch(StrEnum):
    """What a person did to a pull request, so that the service writes nothing to it any more."""

    PUSHED = "pushed"
    EDITED = "edited"
    APPROVED = "approved"
    OPENED = "opened"
    HELD = "held"
    RETARGETED = "retargeted"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the service itself made, to distinguish a person's acts from it.

    Attributes:
        tips: every commit that it gave the branch.
        texts: digests of every title and body that it wrote.
        closing_as: how the leaver ends if the service was about to close the pull request.
        refreshed_at: when it last brought the branch up to date.
    """

    tips: Collection[str] = ()
    texts: Collection[str] = ()
    closing_as: RemovalState | None = None
    refreshed_at: datetime | None = None


def leavers_pull(found: Iterable[PullRequest], own: Own) -> PullRequest | None:
    """Return which of the pull requests from a branch is the leaver's: an open one, else the first.

    One that somebody opened from a branch of their own, which only has the same name, is not; nor
    is one that somebody opened from the service's branch into another base, beside its own.
    """
    known = [
        one
        for one in found
        if _is_by_service(one, own) or (one.head_sha in own.tips and not one.has_other_base)
    ]
    return next((one for one in known if one.is_open), next(iter(known), None))


def state_of(pull: PullRequest, own: Own, *, is_wanted: bool) -> RemovalState:
    """Return the state that a pull request shows.

    A closed one may be the service's own doing, by a call whose reply was lost. Where the leaver
    leaves again by then, it counts as a person's: what a person closed is never made again
    automatically. One that was merged into another branch has left the lists as they are: a person
    has to go on.
    """
    if pull.is_merged:
        return RemovalState.ASKED if pull.has_other_base else RemovalState.MERGED
    if pull.is_open:
        return RemovalState.DRAFT if pull.is_draft else RemovalState.OPEN
    if own.closing_as is None or (is_wanted and own.closing_as is RemovalState.WITHDRAWN):
        return RemovalState.CLOSED_BY_PERSON
    return own.closing_as


def touch_of(
    pull: PullRequest,
    own: Own,
    *,
    is_approved: bool | None,
    was_ready: bool = False,
    was_closed: bool = False,
) -> Touch | None:
    """Return what a person did to a pull request; None if it is as the service left it.

    Args:
        pull: as it is now.
        own: what the service made.
        is_approved: None if GitHub does not say.
        was_ready: its date has come, and the service had it ready for review: a draft is a
            person's then, who does not want it merged yet.
        was_closed: the service had closed it: to close it again would be to quarrel.
    """
    text = digest_of_text(pull.title, pull.body)
    signs = {
        Touch.REOPENED: was_closed and pull.is_open,
        Touch.OPENED: not _is_by_service(pull, own),
        Touch.PUSHED: pull.head_sha not in own.tips,
        Touch.EDITED: text not in own.texts,
        Touch.APPROVED: is_approved,
        Touch.RETARGETED: pull.has_other_base,
        Touch.HELD: was_ready and pull.is_open and pull.is_draft,
    }
    return next((touch for touch, is_so in signs.items() if is_so), None)


def _is_by_service(pull: PullRequest, own: Own) -> bool:
    # One of the service's own may be by the user of an earlier token.
    return pull.is_own or digest_of_text(pull.title, pull.body) in own.texts


def lasting_touch(seen: Touch | None, *, before: Touch | None) -> Touch | None:
    """Return what holds of a pull request that was touched before: all of it lasts but a base.

    One that is to be merged into the branch of the lists again is as it was.
    """
    passes = {None, Touch.RETARGETED}
    return before if seen in passes and before not in passes else seen
