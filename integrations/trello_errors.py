"""What Trello's failures mean, and what to mend.

https://developer.atlassian.com/cloud/trello/guides/rest-api/status-codes/
"""

from requests import Response

from integrations.answers import lasting, passing, usual_failure
from integrations.session import Call
from service.domain.errors import OutsideError

# Trello counts requests in windows of ten seconds, and does not say when one ends.
# https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/
_WINDOW = 10.0

NO_RIGHT = (
    "The token may not do this. Invite its Trello account to the board, and give the token the "
    "right to write (TRELLO_TOKEN)."
)


def explain(answer: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with an answer, or None where it is a success."""
    match answer.status_code:
        case 401 if b"permission requested" in answer.content or b"scopes" in answer.content:
            return lasting(NO_RIGHT, answer, call)
        case 401:
            return lasting(
                "The credentials are refused. Check TRELLO_API_KEY and TRELLO_TOKEN; the token "
                "may have been revoked or have run out.",
                answer,
                call,
            )
        case 403:
            return lasting(NO_RIGHT, answer, call)
        case 429:
            return passing(
                "Too many requests were sent for now. This is tried again.",
                answer,
                call,
                retry_after=_WINDOW,
            )
        case _:
            return usual_failure(answer, call)
