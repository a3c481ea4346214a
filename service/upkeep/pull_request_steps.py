"""One step of a removal pull request, carried out: each looks for its own traces first."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import assert_never

from integrations.github.pull_requests import PullRequests, Refusal, RefusedByGithub
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.deciding import Step
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RefusalCode, RemovalRefused, WhyNone
from service.domain.removal.removal import Removal
from service.domain.removal.seen import RemovalState
from service.domain.removal.texts import (
    DOUBLED_COMMENT,
    GONE_COMMENT,
    MOVED_COMMENT,
    WITHDRAWN_COMMENT,
    digest_of_text,
)
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing, reason_columns
from service.upkeep.pull_request_closing import Closing
from service.upkeep.pull_request_context import Context, PullRequestRules
from service.upkeep.pull_request_opening import Opening
from service.upkeep.removal_branch import RemovalBranch

_ENDS = {
    Step.CLOSE_GONE: (RemovalState.ALREADY_GONE, GONE_COMMENT),
    Step.CLOSE_WITHDRAWN: (RemovalState.WITHDRAWN, WITHDRAWN_COMMENT),
    Step.CLOSE_DOUBLED: (RemovalState.WITHDRAWN, DOUBLED_COMMENT),
    # If there are no drafts: it must not be mergeable before its date.
    Step.MAKE_DRAFT: (RemovalState.WITHDRAWN, MOVED_COMMENT),
}


class PullRequestSteps:
    """Carries out what `next_step` decided.

    Args:
        pulls: GitHub, with the second token.
        opening: opens one.
        closing: closes one.
        records: what is about to be sent is recorded here first.
        rules: see there.
        clock: gives the present instant, in UTC.
    """

    def __init__(
        self,
        *,
        pulls: PullRequests,
        opening: Opening,
        closing: Closing,
        records: RemovalRecords,
        rules: PullRequestRules,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pulls = pulls
        self._opening = opening
        self._closing = closing
        self._records = records
        self._rules = rules
        self._clock = clock

    def take(self, step: Step, lease: RemovalLease, one: Removing, context: Context) -> None:
        """Carry one step out.

        Raises:
            LeaseLost: another worker goes on, or the leaver is no longer leaving.
            OutsideError: a vendor failed; the next look goes on.
        """
        match step:
            case Step.NOTHING:
                return
            case Step.OPEN_DRAFT | Step.OPEN_READY:
                self._opening.ensure(lease, one, context, is_draft=step is Step.OPEN_DRAFT)
            case Step.MAKE_READY | Step.MAKE_DRAFT | Step.DESCRIBE:
                self._change(step, lease, one, context)
            case Step.REFRESH:
                self._refresh(lease, one, context)
            case Step.CLOSE_GONE | Step.CLOSE_WITHDRAWN | Step.CLOSE_DOUBLED:
                self._close(step, lease, one, context)
            case Step.GIVE_UP:
                self._closing.end_unopened(lease, one, RemovalState.NONE)
            case Step.NOTE_GONE:
                self._closing.end_unopened(lease, one, RemovalState.ALREADY_GONE)
            case _:
                assert_never(step)

    def _close(self, step: Step, lease: RemovalLease, one: Removing, context: Context) -> None:
        if context.pull is None:
            return
        state, comment = _ENDS[step]
        # If it is not certain who is left, a similar entry may be the leaver's.
        is_similar = step is Step.CLOSE_GONE and isinstance(context.removal, RemovalRefused)
        why = WhyNone(code=RefusalCode.SIMILAR_ENTRY) if is_similar else None
        self._closing.close(lease, one, context.pull, state=state, comment=comment, why=why)

    def _change(self, step: Step, lease: RemovalLease, one: Removing, context: Context) -> None:
        """Follow the leaving date: ready on the day, a draft before, with the date in its text."""
        pull, due = context.pull, context.due
        if pull is None:
            return
        pulls = self._pulls.leased(lease.while_wanted)
        if step is Step.MAKE_DRAFT:
            try:
                pulls.make_draft(pull)
            except RefusedByGithub as refused:
                if refused.refusal is not Refusal.NO_DRAFTS:
                    raise
                self._close(step, lease, one, context)
                return
            self._note_change(lease, "draft", RemovalState.DRAFT)
        if step is Step.MAKE_READY:
            pulls.mark_ready(pull)
            self._note_change(lease, "ready", RemovalState.OPEN)
        if due and one.due_at != due and isinstance(context.removal, Removal):
            self._describe(lease, one, pull, context.removal, due)
        if pull.is_mergeable is False:
            self._note_conflict(lease, one, context)

    def _describe(
        self,
        lease: RemovalLease,
        one: Removing,
        pull: PullRequest,
        removal: Removal,
        due: datetime,
    ) -> None:
        """Give it the text that fits now, which is noted as the service's own before it is sent."""
        text = self._rules.text_of(one, removal, due)
        if text.digest != digest_of_text(pull.title, pull.body):
            self._records.store(lease, text=text.digest)
            self._pulls.leased(lease.while_wanted).describe(pull.number, body=text.body)
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts={"what": "described"})
        self._records.store(lease, line=line, due_at=due)

    def _note_change(self, lease: RemovalLease, what: str, state: RemovalState) -> None:
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts={"what": what})
        self._records.store(lease, line=line, state=state)

    def _refresh(self, lease: RemovalLease, one: Removing, context: Context) -> None:
        """Bring an untouched branch up to date with the lists: nothing is ever forced."""
        removal, pull = context.removal, context.pull
        self._note_conflict(lease, one, context)
        if not (isinstance(removal, Removal) and context.lists and pull):
            return
        if not self._pulls.is_base(context.lists.branch):
            # The default branch has just become another one: the next look reads that.
            return
        branch = RemovalBranch(
            name=one.branch or "",
            branches=self._pulls.leased(lease.while_wanted).branches,
            records=self._records,
            lease=lease,
            own_tips=one.own.tips,
            removal=removal,
            lists=context.lists,
            message=self._rules.message_of(one.ticket_id),
        )
        commit = branch.commit_after(pull.head_sha)
        # Once a day at most, whether it goes well or not; a commit that failed is made again.
        self._records.store(lease, refreshed_at=self._clock())
        branch.move_to(commit)
        facts = {"what": "refreshed"}
        self._records.note(lease, HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts=facts))
        if context.due:
            # The lines that the text names may be others by now.
            self._describe(lease, one, pull, removal, context.due)

    def _note_conflict(self, lease: RemovalLease, one: Removing, context: Context) -> None:
        """Note that one in conflict stays so, if the entry can't be cut out any more."""
        removal, lists = context.removal, context.lists
        if not isinstance(removal, RemovalRefused) or not removal.file or lists is None:
            return
        why = removal.why(lists.commit, code=RefusalCode.IN_CONFLICT)
        if one.reason and one.reason.place == why.place:
            return
        facts = {"reason_code": why.code.value, "file": why.file, "line": why.line}
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_LEFT, facts=facts)
        self._records.store(lease, line=line, **reason_columns(why))
