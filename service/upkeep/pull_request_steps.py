"""One step of a removal pull request, carried out: each looks for its own traces first."""

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from typing import assert_never

from integrations.github.branches import Branches
from integrations.github.pull_requests import PullRequests, Refusal, RefusedByGithub
from service.domain.errors import PermanentError
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.deciding import Step
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RefusalCode, RemovalRefused, WhyNone
from service.domain.removal.removal import Removal
from service.domain.removal.seen import RemovalState
from service.domain.removal.texts import (
    DOUBLED_COMMENT,
    GONE_COMMENT,
    WITHDRAWN_COMMENT,
    digest_of_text,
)
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing, reason_columns
from service.upkeep.pull_request_context import Context, PullRequestRules
from service.upkeep.pull_request_opening import Opening
from service.upkeep.removal_branch import RemovalBranch

log = logging.getLogger(__name__)


class PullRequestSteps:
    """Carries out what `next_step` decided.

    Args:
        pulls: GitHub, with the second token.
        opening: opens one.
        records: what is about to be sent is recorded here first.
        rules: see there.
        clock: gives the present instant, in UTC.
    """

    def __init__(
        self,
        *,
        pulls: PullRequests,
        opening: Opening,
        records: RemovalRecords,
        rules: PullRequestRules,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pulls = pulls
        self.opening = opening
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
                self.opening.ensure(lease, one, context, is_draft=step is Step.OPEN_DRAFT)
            case Step.MAKE_READY | Step.MAKE_DRAFT | Step.DESCRIBE:
                self._change(step, lease, one, context)
            case Step.REFRESH:
                self._refresh(lease, one, context)
            case Step.CLOSE_GONE:
                # If it is not certain who is left, a similar entry may be the leaver's.
                is_similar = isinstance(context.removal, RemovalRefused)
                why = WhyNone(code=RefusalCode.SIMILAR_ENTRY) if is_similar else None
                self._close(lease, one, context, RemovalState.ALREADY_GONE, GONE_COMMENT, why)
            case Step.CLOSE_WITHDRAWN:
                self._close(lease, one, context, RemovalState.WITHDRAWN, WITHDRAWN_COMMENT)
            case Step.CLOSE_DOUBLED:
                self._close(lease, one, context, RemovalState.WITHDRAWN, DOUBLED_COMMENT)
            case Step.GIVE_UP:
                self._end_unopened(lease, one, RemovalState.NONE)
            case Step.NOTE_GONE:
                self._end_unopened(lease, one, RemovalState.ALREADY_GONE)
            case _:
                assert_never(step)

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
                # It must not be mergeable before its date: a new one is opened on the day.
                self._close(lease, one, context, RemovalState.WITHDRAWN, WITHDRAWN_COMMENT)
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
        if not isinstance(removal, RemovalRefused) or lists is None:
            return
        why = removal.why(lists.commit, code=RefusalCode.IN_CONFLICT)
        if one.reason and one.reason.place == why.place:
            return
        facts = {"reason_code": why.code.value, "file": why.file, "line": why.line}
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_LEFT, facts=facts)
        self._records.store(lease, line=line, **reason_columns(why))

    def _close(
        self,
        lease: RemovalLease,
        one: Removing,
        context: Context,
        state: RemovalState,
        comment: str,
        why: WhyNone | None = None,
    ) -> None:
        """Close an untouched pull request with one comment, and delete its branch.

        `why` is what people have to look at all the same.
        """
        if context.pull is None:
            return
        pulls, number = self._pulls.leased(lease), context.pull.number
        # A locked one takes no comment: it is closed all the same.
        self._try(lease, "comment", lambda: self._comment(pulls, number, comment))
        # Noted just before the call: what is closed later without it was closed by a person.
        self._records.store(lease, closing_as=state, **reason_columns(why))
        pulls.close_pull_request(number)
        self.finish_closing(lease, one, state)

    def finish_closing(self, lease: RemovalLease, one: Removing, state: RemovalState) -> None:
        """Delete the branch of a closed pull request, if it is the service's own, and record that.

        Recorded last: until then, the next look does it again.
        """
        self._delete_branch(lease, one)
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CLOSED, facts={"state": state.value})
        self._records.store(lease, line=line, state=state)

    def _end_unopened(self, lease: RemovalLease, one: Removing, state: RemovalState) -> None:
        """Note that none is to be opened any more; a branch without one is not left lying."""
        branch = one.branch
        if one.number is None:
            self._delete_branch(lease, one)
            branch = None
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CLOSED, facts={"state": state.value})
        ended = {"state": state, "branch": branch, "wanted_by": None}
        self._records.store(lease, line=line, **ended, **reason_columns(None))

    def _delete_branch(self, lease: RemovalLease, one: Removing) -> None:
        """Delete the leaver's branch if nobody else has pushed to it."""
        if one.branch:
            # A rule of the repository may keep every branch.
            delete = partial(_delete, self._pulls.leased(lease).branches, one.branch, one.own.tips)
            self._try(lease, "deletion of its branch", delete)

    @staticmethod
    def _comment(pulls: PullRequests, number: int, comment: str) -> None:
        if not pulls.has_own_comment(number, comment):
            pulls.comment(number, comment)

    @staticmethod
    def _try(lease: RemovalLease, what: str, act: Callable[[], None]) -> None:
        """Do something that a closing can do without, if GitHub refuses it for good."""
        try:
            act()
        except PermanentError as error:
            extra = {"ticket_id": lease.ticket_id, "lacks": what, "problem": error.problem}
            log.warning("pull request incomplete", extra=extra)


def _delete(branches: Branches, branch: str, own_tips: Collection[str]) -> None:
    if branches.tip(branch) in own_tips:
        branches.delete(branch)
