"""Opening a removal pull request: each step looks for its own traces first."""

from collections.abc import Callable
from datetime import UTC, datetime

from integrations.github.pull_requests import PullRequests, Refusal, RefusedByGithub
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RefusalCode, RemovalRefused, WhyNone
from service.domain.removal.seen import RemovalState, leavers_pull
from service.domain.removal.texts import PullRequestText, branch_name
from service.guard.daily_limit import DailyLimit, DailyLimitReached, Kind
from service.records.removal_attempts import RemovalAttempts
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing, reason_columns
from service.upkeep.pull_request_context import Context, PullRequestRules
from service.upkeep.removal_announcement import Announcement
from service.upkeep.removal_branch import BranchInTheWay, RemovalBranch

# A new branch is not known to all of GitHub at once: about two minutes, with growing pauses.
_LAG_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)


class Opening:
    """Opens pull requests, and notes those that are there.

    Args:
        pulls: GitHub, with the second token.
        announcement: what goes with a new one.
        records: what is about to be sent is recorded here first.
        attempts: which branch is taken.
        limit: of pull requests in a day.
        rules: see there.
        wait: waits for some seconds.
        clock: gives the present instant, in UTC.
    """

    def __init__(
        self,
        *,
        pulls: PullRequests,
        announcement: Announcement,
        records: RemovalRecords,
        attempts: RemovalAttempts,
        limit: DailyLimit,
        rules: PullRequestRules,
        wait: Callable[[float], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pulls = pulls
        self._announcement = announcement
        self._records = records
        self._attempts = attempts
        self._limit = limit
        self._rules = rules
        self._wait = wait
        self._clock = clock

    def ensure(
        self, lease: RemovalLease, one: Removing, context: Context, *, is_draft: bool
    ) -> None:
        """Open one, or note why there is none; what an earlier try left is used."""
        removal, lists, due = context.removal, context.lists, context.due
        if removal is None or lists is None or due is None:
            return
        if isinstance(removal, RemovalRefused):
            self._refuse(lease, one, removal.why(lists.commit))
            return
        branch = one.branch or branch_name(one.ticket_id, one.attempt)
        if other := self._attempts.take_branch(lease, one, branch):
            self._share(lease, other)
            return
        if not one.number and one.state is RemovalState.NONE:
            self._records.store(lease, state=RemovalState.DUE)
        if one.branch is None and self.find(lease, one, branch):
            # There was one before the record knew of it: the next look sees what became of it.
            return
        if not self._pulls.is_base(lists.branch):
            # The default branch has just become another one: the next look reads that.
            return
        self._records.store(lease, entry_keys=sorted(context.entry_keys))
        made = RemovalBranch(
            name=branch,
            branches=self._pulls.leased(lease.while_wanted).branches,
            records=self._records,
            lease=lease,
            own_tips=one.own.tips,
            removal=removal,
            lists=lists,
            message=self._rules.message_of(one.ticket_id),
        )
        pull = self._ensure_open(
            lease, one, made, self._rules.text_of(one, removal, due), due=due, is_draft=is_draft
        )
        if pull:
            self._note_opened(lease, pull)
            self._announcement.ensure(lease, one, pull, is_touched=not pull.is_own)

    def _ensure_open(
        self,
        lease: RemovalLease,
        one: Removing,
        branch: RemovalBranch,
        text: PullRequestText,
        *,
        due: datetime,
        is_draft: bool,
    ) -> PullRequest | None:
        """Make what is missing of branch and pull request; None if that can't be, with a reason."""
        try:
            known = branch.look()
            with self._limit.reserve(one, Kind.PULL_REQUEST):
                branch.ensure(known)
                self._records.store(lease, text=text.digest, due_at=due)
                return self._open_after_lag(lease, text, branch.name, is_draft=is_draft)
        except BranchInTheWay:
            self._refuse(lease, one, WhyNone(code=RefusalCode.BRANCH_IN_THE_WAY))
        except DailyLimitReached:
            why = WhyNone(code=RefusalCode.DAILY_LIMIT)
            self._refuse(lease, one, why, state=RemovalState.DUE)
        except RefusedByGithub as refused:
            if refused.refusal is not Refusal.NO_DRAFTS:
                raise
            self._refuse(lease, one, WhyNone(code=RefusalCode.NO_DRAFTS))
        return None

    def _share(self, lease: RemovalLease, other: int) -> None:
        """Note that the same person's other ticket has the pull request."""
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_SHARED, facts={"ticket": other})
        self._records.store(
            lease, line=line, shared_with=other, state=RemovalState.DUE, wanted_by=None
        )

    def find(self, lease: RemovalLease, one: Removing, branch: str) -> PullRequest | None:
        """Return the leaver's pull request from a branch, and note it."""
        pull = leavers_pull(self._pulls.find(branch), one.own)
        if pull:
            self._note_opened(lease, pull)
        return pull

    def _open_after_lag(
        self, lease: RemovalLease, text: PullRequestText, branch: str, *, is_draft: bool
    ) -> PullRequest:
        """Open it; a new branch may not be known everywhere yet, or a person may have been first.

        Raises:
            RefusedByGithub: see `PullRequests.open`.
        """
        pulls, pauses = self._pulls.leased(lease.while_wanted), iter(_LAG_PAUSES)
        while True:
            try:
                return pulls.open(
                    title=text.title, branch=branch, body=text.body, is_draft=is_draft
                )
            except RefusedByGithub as refused:
                if refused.refusal is Refusal.ALREADY_OPEN:
                    found = (one for one in pulls.find(branch) if not one.has_other_base)
                    if pull := next((one for one in found if one.is_open), None):
                        return pull
                pause = next(pauses, None)
                if refused.refusal is not Refusal.NOT_VISIBLE_YET or pause is None:
                    raise
                self._wait(pause)

    def _note_opened(self, lease: RemovalLease, pull: PullRequest) -> None:
        """Note a pull request that is there, opened by this try or by one whose reply was lost."""
        state = RemovalState.DRAFT if pull.is_draft else RemovalState.OPEN
        line = HistoryLine(
            event=HistoryEvent.PULL_REQUEST_OPENED,
            facts={"url": pull.url, "is_draft": pull.is_draft},
        )
        self._records.store(
            lease,
            line=line,
            state=state,
            number=pull.number,
            url=pull.url,
            opened_at=self._clock(),
            wanted_by=None,
            **reason_columns(None),
        )

    def _refuse(
        self,
        lease: RemovalLease,
        one: Removing,
        why: WhyNone,
        *,
        state: RemovalState = RemovalState.ASKED,
    ) -> None:
        """Note why there is no pull request."""
        if why.code is RefusalCode.BY_NAME_ALONE:
            state = RemovalState.NONE
        if one.reason and one.reason.place == why.place:
            why = one.reason
        facts = {"reason_code": why.code.value, "file": why.file, "line": why.line}
        self._records.store(
            lease,
            line=HistoryLine(event=HistoryEvent.PULL_REQUEST_NOT_OPENED, facts=facts),
            state=state,
            wanted_by=None,
            **reason_columns(why),
        )
