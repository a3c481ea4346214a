"""What is recorded of a pull request: how it stands, what people did, and what is left to them."""

from dataclasses import dataclass
from typing import Any

from service.domain.access_lists.entries import Entry
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.deciding import Situation, left_undone
from service.domain.removal.history_lines import line_about, line_about_touch
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RefusalCode, WhyNone
from service.domain.removal.seen import RemovalState, Touch, lasting_touch, state_of, touch_of
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing, reason_columns
from service.upkeep.pull_request_closing import Closing

_CLOSED_BY_SERVICE = {RemovalState.WITHDRAWN, RemovalState.ALREADY_GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalNotes:
    """See the module.

    Attributes:
        records: see there.
        closing: ends whole what a dead process had closed.
    """

    records: RemovalRecords
    closing: Closing

    def note_state(
        self,
        lease: RemovalLease,
        one: Removing,
        pull: PullRequest,
        *,
        is_doubled: bool,
    ) -> None:
        """Note how a pull request stands; one that a dead process had closed is ended whole."""
        state = state_of(pull, one.own, is_wanted=one.is_wanted and not is_doubled)
        is_closed = not (pull.is_open or pull.is_merged)
        if is_closed and one.own.closing_as and not one.is_settled:
            # Whether the leaver still leaves is being found out: until then it is not clear.
            return
        if state in _CLOSED_BY_SERVICE:
            if state is not one.state:
                self.closing.finish(lease, one, state)
            return
        self.records.store(lease, line=line_about(pull, before=one.state, now=state), state=state)
        if pull.is_merged:
            self.records.store(lease, merged_by=pull.merged_by, merge_commit=pull.merge_commit)
        if not pull.is_open:
            is_elsewhere = state is RemovalState.ASKED
            why = WhyNone(code=RefusalCode.MERGED_ELSEWHERE) if is_elsewhere else None
            self.records.store(lease, **reason_columns(why))

    def note_doubt(
        self,
        lease: RemovalLease,
        pull: PullRequest,
        found: tuple[Entry, ...] | RefusalCode,
    ) -> None:
        """Note that it is not certain any more whose entry is left to remove, or that all is well.

        One in conflict may have another reason, which stays: see `PullRequestSteps`.
        """
        doubt = WhyNone(code=found) if isinstance(found, RefusalCode) else None
        if doubt is None and not pull.is_mergeable:
            return
        line = None
        if doubt:
            facts = {"reason_code": doubt.code.value, "file": None, "line": None}
            line = HistoryLine(event=HistoryEvent.PULL_REQUEST_LEFT, facts=facts)
        self.records.store(lease, line=line, **reason_columns(doubt))

    def note_touch(
        self,
        lease: RemovalLease,
        one: Removing,
        pull: PullRequest,
        *,
        is_approved: bool | None,
        is_late: bool,
    ) -> Touch | None:
        """Note and return what a person did to a pull request; `is_late`: its date has come."""
        seen = touch_of(
            pull,
            one.own,
            is_approved=is_approved,
            was_ready=one.state is RemovalState.OPEN and is_late,
            was_closed=one.state in _CLOSED_BY_SERVICE,
        )
        touch = lasting_touch(seen, before=one.touch)
        if pull.is_open and touch != one.touch:
            self.records.store(lease, line=line_about_touch(touch), touch=touch)
        return touch

    def note_left_undone(self, lease: RemovalLease, one: Removing, at: Situation) -> None:
        """Note what people have to do now: the service does not write to what they touched."""
        undone = left_undone(at)
        if undone is one.left_undone:
            return
        line = None
        if undone and at.touch:
            facts = {"touch": at.touch.value, "undone": undone.value}
            line = HistoryLine(event=HistoryEvent.PULL_REQUEST_LEFT, facts=facts)
        since = at.now if undone else None
        self.records.store(lease, line=line, left_undone=undone, left_at=since)

    def follow(self, lease: RemovalLease, one: Removing) -> None:
        """Show how the pull request of the same person's other ticket stands."""
        owner = self.records.one(one.shared_with or 0)
        is_given_up = one.is_settled and not one.is_wanted and one.number is None
        is_held = owner and (owner.is_wanted or owner.state.holds_for_the_person)
        if owner is None or not is_held or is_given_up:
            # If the other ticket alone was set aside, this one gets its own.
            shown: dict[str, Any] = {"state": RemovalState.NONE, "number": None, "url": None}
            self.records.store(lease, shared_with=None, **shown, **reason_columns(None))
            return
        shown = {"state": owner.state, "number": owner.number, "url": owner.url}
        self.records.store(lease, **shown, **reason_columns(owner.reason))
