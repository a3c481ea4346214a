"""One leaver's removal, brought further: what people did is noted, then the next step is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.github.pull_requests import PullRequests
from service.domain.access_lists.entries import Entry
from service.domain.identity import keys_of_entries
from service.domain.matching.match_person import MatchingPolicy
from service.domain.removal.deciding import Situation, Step, next_step
from service.domain.removal.entries import entries_now, is_gone
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RefusalCode, RemovalRefused
from service.domain.removal.removal import Removal, removal_of
from service.domain.removal.seen import Touch
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing
from service.upkeep.pull_request_attempts import Attempts
from service.upkeep.pull_request_context import Context, ListsNow
from service.upkeep.pull_request_steps import PullRequestSteps
from service.upkeep.removal_announcement import Announcement
from service.upkeep.removal_notes import RemovalNotes

Entries = tuple[Entry, ...] | RefusalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What holds now, whatever became of the pull request.

    Attributes:
        due: when the removal may be merged; None if that is not known.
        opens_at: when its pull request may be opened.
        lists: the lists at head; None if they are refused, or can't be read.
    """

    due: datetime | None
    opens_at: datetime | None
    lists: ListsNow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acts:
    """The pull request as it is, and what people did to it."""

    pull: PullRequest | None
    touch: Touch | None
    is_approved: bool | None


class LeaverRemoval:
    """Brings one leaver's removal further.

    Args:
        pulls: GitHub, with the second token.
        attempts: which pull request is followed.
        records: see there.
        notes: what is recorded of each look.
        steps: carries out what was decided.
        announcement: what goes with a new one, if an earlier try did not come to it.
        matching: how an entry is found again.
        clock: gives the present instant, in UTC.
    """

    def __init__(
        self,
        *,
        pulls: PullRequests,
        attempts: Attempts,
        records: RemovalRecords,
        notes: RemovalNotes,
        steps: PullRequestSteps,
        announcement: Announcement,
        matching: MatchingPolicy,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pulls = pulls
        self._attempts = attempts
        self._records = records
        self._notes = notes
        self._steps = steps
        self._announcement = announcement
        self._matching = matching
        self._clock = clock

    def advance(self, lease: RemovalLease, one: Removing, now: Present) -> None:
        """Take the next step, if there is one.

        Raises:
            LeaseLost: another worker goes on, or the leaver leaves no longer.
            OutsideError: a vendor failed; the next look goes on.
        """
        chosen = self._attempts.choose(lease, one)
        one, is_doubled = chosen.one, chosen.is_doubled
        if one.shared_with:
            self._notes.follow(lease, one)
            return
        acts = self._note_acts(lease, one, now, is_doubled=is_doubled)
        if not one.is_settled:
            return
        found = self._entries(one, now.lists)
        situation = Situation(
            now=self._clock(),
            due=now.due,
            opens_at=now.opens_at,
            is_wanted=one.is_wanted,
            is_listed=self._is_listed(one, found, now.lists, acts.pull),
            is_same_person=_is_same_person(one, found),
            pull=acts.pull,
            touch=acts.touch,
            is_approved=acts.is_approved,
            own=one.own,
            is_text_present=now.due is None or one.due_at == now.due,
            is_doubled=is_doubled,
            has_no_drafts=one.reason is not None and one.reason.code is RefusalCode.NO_DRAFTS,
        )
        step = self._act(lease, one, situation, found, now.lists)
        if step is Step.CLOSE_DOUBLED and chosen.reopened:
            self._attempts.go_back(lease, chosen.reopened)

    def _note_acts(
        self, lease: RemovalLease, one: Removing, now: Present, *, is_doubled: bool
    ) -> _Acts:
        """Look at the pull request, and note what people did to it."""
        pull = self._attempts.find(lease, one)
        if pull is None:
            return _Acts(pull=None, touch=one.touch, is_approved=None)
        is_approved = self._pulls.is_approved(pull) if pull.is_open else None
        self._notes.note_state(lease, one, pull, is_doubled=is_doubled)
        is_late = now.due is not None and self._clock() >= now.due
        touch = self._notes.note_touch(lease, one, pull, is_approved=is_approved, is_late=is_late)
        return _Acts(pull=pull, touch=touch, is_approved=is_approved)

    def _act(
        self,
        lease: RemovalLease,
        one: Removing,
        at: Situation,
        found: Entries | None,
        lists: ListsNow | None,
    ) -> Step:
        """Do what the situation asks for, and return it."""
        step, pull = next_step(at), at.pull
        if found is None and one.is_wanted and step is not Step.MAKE_DRAFT:
            # Without the lists, all that is done is to keep it from a merge before its date.
            return Step.NOTHING
        self._notes.note_left_undone(lease, one, at)
        if pull and pull.is_open and one.is_wanted and found and at.is_listed:
            self._notes.note_doubt(lease, pull, found)
        if at.own.closing_as and pull and pull.is_open and not step.closes:
            # The service does not close it any more: if it is closed now, a person did.
            self._records.store(lease, closing_as=None)
        if step is not Step.NOTHING:
            removal = self._removal(found, lists)
            context = Context(
                due=at.due, pull=pull, removal=removal, lists=lists, entry_keys=_keys_of(found)
            )
            self._steps.take(step, lease, one, context)
        elif pull and pull.is_open and one.is_wanted and not one.is_announced:
            self._announcement.ensure(lease, one, pull, is_touched=at.touch is not None)
        return step

    def _entries(self, one: Removing, lists: ListsNow | None) -> Entries | None:
        """Return the leaver's entries now, or why that is not certain; None: the lists are."""
        if lists is None:
            return None
        return entries_now(one.recorded, lists.directory, policy=self._matching)

    def _is_listed(
        self,
        one: Removing,
        found: Entries | None,
        lists: ListsNow | None,
        pull: PullRequest | None,
    ) -> bool:
        """Whether the entries are there; uncertainty is not a reason to close a pull request."""
        if pull and pull.is_open and lists and found is RefusalCode.NOT_FOUND_AGAIN:
            return not is_gone(one.recorded, one.entry_keys, lists.directory)
        return found != ()

    def _removal(
        self, found: Entries | None, lists: ListsNow | None
    ) -> Removal | RemovalRefused | None:
        """Cut the entries out, and prove it; None if there are no entries to cut."""
        if lists is None or not found:
            return None
        return removal_of(found, lists.files, lists.modes)


def _keys_of(found: Entries | None) -> frozenset[str]:
    """Return digests of the entries, if it is certain which they are."""
    return keys_of_entries(found) if isinstance(found, tuple) else frozenset()


def _is_same_person(one: Removing, found: Entries | None) -> bool:
    """Whether a pull request still removes the leaver's entries, and not somebody else's."""
    now = _keys_of(found)
    return not (one.entry_keys and now) or bool(one.entry_keys & now)
