"""One step of a removal pull request, carried out: each looks for its own traces first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from integrations.github.pull_requests import PullRequests, Refusal
from integrations.github.pull_requests import Refused as RefusedByGithub
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.deciding import RemovalState, Step
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RefusalCode, Refused, WhyNone
from service.domain.removal.removal import Removal
from service.domain.removal.texts import (
    GONE_COMMENT,
    WITHDRAWN_COMMENT,
    PullRequestText,
    branch_name,
    commit_message,
    pull_request_text,
)
from service.guard.daily_limit import DailyLimit, DailyLimitReached, Kind
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing
from service.upkeep.removal_announcement import Announcement
from service.upkeep.removal_branch import ListsNow, RemovalBranch

# A new branch is not known to all of GitHub at once: about two minutes, with growing pauses.
_LAG_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a step works with.

    Attributes:
        due: when the removal may be merged.
        pull: the pull request, if there is one.
        removal: what is to be removed, proved; or why that can't be.
        lists: at the commit that it was cut at.
        entry_keys: digests of the entries that are to be removed.
    """

    due: datetime | None
    pull: PullRequest | None
    removal: Removal | Refused | None
    lists: ListsNow | None
    entry_keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestRules:
    """How a pull request looks.

    Attributes:
        ticket_link: the link to a ticket, with ``{}`` for its number.
        timezone: for its text.
    """

    ticket_link: str
    timezone: str


class PullRequestSteps:
    """Carries out what `next_step` decided.

    Args:
        pulls: GitHub, with the second token.
        announcement: what goes with a new one.
        records: what is about to be sent is noted here first.
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
        limit: DailyLimit,
        rules: PullRequestRules,
        wait: Callable[[float], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pulls = pulls
        self.announcement = announcement
        self._records = records
        self._limit = limit
        self._rules = rules
        self._wait = wait
        self._clock = clock

    def take(self, step: Step, lease: RemovalLease, one: Removing, context: Context) -> None:
        """Carry one step out.

        Raises:
            LeaseLost: another worker goes on, or the leaver leaves no longer.
            OutsideError: a vendor failed; the next look goes on.
        """
        match step:
            case Step.NOTHING:
                return
            case Step.OPEN_DRAFT | Step.OPEN_READY:
                self._open(lease, one, context, is_draft=step is Step.OPEN_DRAFT)
            case Step.MAKE_READY | Step.MAKE_DRAFT | Step.DESCRIBE:
                self._change(step, lease, one, context)
            case Step.REFRESH:
                self._refresh(lease, one, context)
            case Step.CLOSE_GONE:
                self._close(lease, one, context, RemovalState.ALREADY_GONE, GONE_COMMENT)
            case Step.CLOSE_WITHDRAWN:
                self._close(lease, one, context, RemovalState.WITHDRAWN, WITHDRAWN_COMMENT)
            case _:
                assert_never(step)

    def is_gone(self, lease: RemovalLease) -> None:
        """Note that there is nothing to remove any more."""
        facts = {"state": RemovalState.ALREADY_GONE.value}
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CLOSED, facts=facts)
        self._records.store(
            lease,
            line=line,
            state=RemovalState.ALREADY_GONE,
            wanted_by=None,
            reason_code=None,
            file=None,
            line_number=None,
            at_commit=None,
        )

    def note_opened(self, lease: RemovalLease, pull: PullRequest) -> None:
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
            reason_code=None,
            file=None,
            line_number=None,
            at_commit=None,
        )

    def find(self, lease: RemovalLease, branch: str) -> PullRequest | None:
        """Return the pull request from a branch, and note it: an open one, else the newest."""
        found = self._pulls.find(branch)
        pull = next((each for each in found if each.is_open), next(iter(found), None))
        if pull:
            self.note_opened(lease, pull)
        return pull

    def _open(
        self, lease: RemovalLease, one: Removing, context: Context, *, is_draft: bool
    ) -> None:
        removal, lists, due = context.removal, context.lists, context.due
        if removal is None or lists is None or due is None:
            return
        if isinstance(removal, Refused):
            self._refuse(lease, one, _why_refused(removal, lists))
            return
        branch = one.branch or branch_name(one.ticket_id, one.attempt)
        if other := self._records.take_branch(lease, one, branch):
            self._share(lease, other)
            return
        if one.branch is None and self.find(lease, branch):
            # There was one before the record knew of it: the next look sees what became of it.
            return
        if not one.number and one.state is RemovalState.NONE:
            self._records.store(lease, state=RemovalState.DUE)
        self._records.store(lease, entry_keys=sorted(context.entry_keys))
        made = self._branch(lease, one, branch, removal, lists)
        pull = self._ensure_open(
            lease, one, made, self._text(one, removal, due), due=due, is_draft=is_draft
        )
        if pull:
            self.note_opened(lease, pull)
            self.announcement.ensure(lease, one, pull, is_touched=not pull.is_own)

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
            with self._limit.reserve(one, Kind.PULL_REQUEST):
                if branch.ensure():
                    self._records.store(lease, text=text.digest, due_at=due)
                    return self._open_after_lag(lease, text, branch.name, is_draft=is_draft)
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

    def _branch(
        self,
        lease: RemovalLease,
        one: Removing,
        name: str,
        removal: Removal,
        lists: ListsNow,
    ) -> RemovalBranch:
        link = self._rules.ticket_link.format(one.ticket_id)
        return RemovalBranch(
            name=name,
            branches=self._pulls.leased(lease.while_wanted).branches,
            records=self._records,
            lease=lease,
            own_tips=one.own.tips,
            removal=removal,
            lists=lists,
            message=commit_message(one.ticket_id, link),
        )

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
                    found = next((one for one in pulls.find(branch) if one.is_open), None)
                    if found:
                        return found
                pause = next(pauses, None)
                if refused.refusal is not Refusal.NOT_VISIBLE_YET or pause is None:
                    raise
                self._wait(pause)

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
            text = self._text(one, context.removal, due)
            self._records.store(lease, text=text.digest)
            pulls.describe(pull.number, body=text.body)
            self._records.store(lease, due_at=due)
            facts = {"what": "described"}
            self._records.note(
                lease, HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts=facts)
            )

    def _note_change(self, lease: RemovalLease, what: str, state: RemovalState) -> None:
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts={"what": what})
        self._records.store(lease, line=line, state=state)

    def _refresh(self, lease: RemovalLease, one: Removing, context: Context) -> None:
        """Bring an untouched branch up to date with the lists: nothing is ever forced."""
        if not isinstance(context.removal, Removal) or not (context.lists and context.pull):
            return
        self._records.store(lease, refreshed_at=self._clock())
        branch = self._branch(lease, one, one.branch or "", context.removal, context.lists)
        branch.refresh(context.pull.head_sha)
        facts = {"what": "refreshed"}
        self._records.note(lease, HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts=facts))

    def _close(
        self,
        lease: RemovalLease,
        one: Removing,
        context: Context,
        state: RemovalState,
        comment: str,
    ) -> None:
        """Close an untouched pull request with one comment, and take its branch away."""
        if context.pull is None:
            return
        pulls, number = self._pulls.leased(lease), context.pull.number
        if not pulls.has_own_comment(number, comment):
            pulls.comment(number, comment)
        # Noted just before the call: what is closed later without it was closed by a person.
        self._records.store(lease, closing_as=state)
        pulls.close_pull_request(number)
        self.finish_closing(lease, one, context.pull, state)

    def finish_closing(
        self, lease: RemovalLease, one: Removing, pull: PullRequest, state: RemovalState
    ) -> None:
        """Take the branch of a closed pull request away, if it is the service's own, and note it.

        Noted last: until then the next look comes back to it.
        """
        pulls = self._pulls.leased(lease)
        is_own = one.branch is not None and pull.head_sha in one.own.tips
        if one.branch and is_own and pulls.branches.tip(one.branch) == pull.head_sha:
            pulls.branches.delete(one.branch)
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CLOSED, facts={"state": state.value})
        self._records.store(lease, line=line, state=state)

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
            reason_code=why.code.value,
            file=why.file,
            line_number=why.line,
            at_commit=why.commit,
            wanted_by=None,
        )

    def _text(self, one: Removing, removal: Removal, due: datetime) -> PullRequestText:
        return pull_request_text(
            one.ticket_id,
            ticket_link=self._rules.ticket_link.format(one.ticket_id),
            card_url=one.card_url or "",
            due=due,
            timezone=self._rules.timezone,
            removal=removal,
        )


def _why_refused(removal: Refused, lists: ListsNow) -> WhyNone:
    """Return why an entry can't be cut out, with its place if it has one."""
    if not removal.file:
        return WhyNone(code=removal.code)
    return WhyNone(
        code=removal.code, file=removal.file, line=removal.line or None, commit=lists.commit
    )
