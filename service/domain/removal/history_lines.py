"""What a leaver's history says of the pull request."""

from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.seen import RemovalState, Touch


def line_about(pull: PullRequest, *, before: RemovalState, now: RemovalState) -> HistoryLine | None:
    """Return the line about how a pull request stands, if it is another way than before."""
    match now:
        case RemovalState.MERGED:
            facts = {"merged_by": pull.merged_by, "commit": pull.merge_commit}
            return HistoryLine(event=HistoryEvent.PULL_REQUEST_MERGED, facts=facts)
        case RemovalState.ASKED:
            facts = {"merged_by": pull.merged_by, "commit": pull.merge_commit}
            elsewhere = {**facts, "is_elsewhere": True}
            return HistoryLine(event=HistoryEvent.PULL_REQUEST_MERGED, facts=elsewhere)
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


def line_about_touch(touch: Touch | None) -> HistoryLine:
    """Return the line about what a person did to a pull request, or that it is as it was again."""
    if touch is None:
        facts = {"what": "pointed_back"}
        return HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts=facts)
    return HistoryLine(event=HistoryEvent.PULL_REQUEST_LEFT, facts={"touch": touch.value})
