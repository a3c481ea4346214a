"""What a leaver's history says of the pull request."""

from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.deciding import RemovalState
from service.domain.removal.pull_request import PullRequest


def line_about(pull: PullRequest, *, before: RemovalState, now: RemovalState) -> HistoryLine | None:
    """Return the line about how a pull request stands, if it is another way than before."""
    match now:
        case RemovalState.MERGED:
            facts = {"merged_by": pull.merged_by, "commit": pull.merge_commit}
            return HistoryLine(event=HistoryEvent.PULL_REQUEST_MERGED, facts=facts)
        case RemovalState.DRAFT | RemovalState.OPEN:
            if before.is_over:
                what = "reopened"
            elif before in {RemovalState.DRAFT, RemovalState.OPEN}:
                # Changed by a call whose reply was lost, or by a person.
                what = "draft" if now is RemovalState.DRAFT else "ready"
            else:
                return None
            return HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts={"what": what})
        case _:
            return HistoryLine(event=HistoryEvent.PULL_REQUEST_CLOSED, facts={"state": now.value})
