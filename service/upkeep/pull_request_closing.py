"""How a removal ends without a merge: its pull request is closed, and no branch is left lying."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.github.pull_requests import PullRequests
from service.domain.errors import PermanentError
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import WhyNone
from service.domain.removal.seen import RemovalState
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing, reason_columns

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """See the module.

    Attributes:
        pulls: GitHub, with the second token.
        records: what is about to be sent is recorded here first.
    """

    pulls: PullRequests
    records: RemovalRecords

    def close(
        self,
        lease: RemovalLease,
        one: Removing,
        pull: PullRequest,
        *,
        state: RemovalState,
        comment: str,
        why: WhyNone | None = None,
    ) -> None:
        """Close an untouched pull request with one comment, and delete its branch.

        `why` is what people have to look at all the same.
        """
        pulls = self.pulls.leased(lease)

        def ensure_comment() -> None:
            if not pulls.has_own_comment(pull.number, comment):
                pulls.comment(pull.number, comment)

        # A locked one takes no comment: it is closed all the same.
        self._try(lease, "comment", ensure_comment)
        # Noted just before the call: what is closed later without it was closed by a person.
        self.records.store(lease, closing_as=state, **reason_columns(why))
        pulls.close_pull_request(pull.number)
        self.finish(lease, one, state)

    def finish(self, lease: RemovalLease, one: Removing, state: RemovalState) -> None:
        """Delete the branch of a closed pull request, if it is the service's own, and record that.

        Recorded last: until then, the next look does it again.
        """
        self._delete_branch(lease, one)
        self._note_end(lease, state)

    def end_unopened(self, lease: RemovalLease, one: Removing, state: RemovalState) -> None:
        """Note that none is to be opened any more; a branch without one is not left lying."""
        branch = one.branch
        if one.number is None:
            self._delete_branch(lease, one)
            branch = None
        self._note_end(lease, state, branch=branch, wanted_by=None, **reason_columns(None))

    def _note_end(self, lease: RemovalLease, state: RemovalState, **changes: Any) -> None:
        line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CLOSED, facts={"state": state.value})
        self.records.store(lease, line=line, state=state, **changes)

    def _delete_branch(self, lease: RemovalLease, one: Removing) -> None:
        """Delete the leaver's branch if nobody else has pushed to it."""
        branches, branch = self.pulls.leased(lease).branches, one.branch
        if branch is None:
            return

        def delete() -> None:
            if branches.tip(branch) in one.own.tips:
                branches.delete(branch)

        # A rule of the repository may keep every branch.
        self._try(lease, "deletion of its branch", delete)

    @staticmethod
    def _try(lease: RemovalLease, what: str, act: Callable[[], None]) -> None:
        """Do something that an end can do without, if GitHub refuses it for good."""
        try:
            act()
        except PermanentError as error:
            extra = {"ticket_id": lease.ticket_id, "lacks": what, "problem": error.problem}
            log.warning("pull request incomplete", extra=extra)
