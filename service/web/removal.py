"""What an operator may ask for about a removal pull request: a new one, if the last ended."""

from fastapi import HTTPException

from service.web.api import NEVER_SEEN
from service.web.context import Context
from service.web.operators import READS_ONLY, SignedIn, router_for_operators
from service.web.schemas import ErrorResponse, LeaverResponse, TicketId, leaver_response

NO_NEW_PULL_REQUEST = (
    "There can be no new pull request now: the last one is open, or it was merged and the entry is "
    "gone, or the leaver has no card."
)

router = router_for_operators(prefix="/leavers")


@router.post(
    "/{ticket_id}/pull-request",
    status_code=202,
    responses={
        404: {"model": ErrorResponse, "description": "A ticket never seen"},
        403: {"model": ErrorResponse, "description": "The token may only read"},
        409: {"model": ErrorResponse, "description": "There can be no new one now"},
    },
)
def want_pull_request(context: Context, operator: SignedIn, ticket_id: TicketId) -> LeaverResponse:
    """Ask for a new removal pull request if the last one ended; the sweep opens it."""
    if operator.is_read_only:
        raise HTTPException(403, READS_ONLY)
    if context.records.leaver(ticket_id) is None:
        raise HTTPException(404, NEVER_SEEN)
    if not context.removals.want_new(ticket_id, operator.name):
        raise HTTPException(409, NO_NEW_PULL_REQUEST)
    found = context.records.leaver(ticket_id)
    assert found  # noqa: S101 - looked at above, and leavers are not deleted
    return leaver_response(found)
