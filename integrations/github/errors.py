"""What GitHub's failures mean, and what to mend.

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from time import time

from requests import Response

from integrations.http.answers import (
    capped,
    error_of,
    lasting,
    passing,
    retry_after_of,
    usual_failure,
)
from integrations.http.session import Call
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import ReasonCode

# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
_SECONDARY_LIMIT = 60.0

REFUSED = "The token is refused. Check GITHUB_TOKEN; it may have run out."
NO_RIGHT = "The token may not do this. Let GITHUB_TOKEN read the repository's contents."
NO_BRANCH = "The repository has no such branch. Check USER_REVIEWER_BRANCH."
RENAMED = "The repository was renamed or moved. Check USER_REVIEWER_REPOSITORY."
EMPTY = "The repository is empty. Check USER_REVIEWER_REPOSITORY."
NO_REPOSITORY = (
    "There is no such repository, or the token may not see it. Check USER_REVIEWER_REPOSITORY, "
    "and that GITHUB_TOKEN may read its contents."
)


class NoSuchBranch(PermanentError):
    """The repository has no such branch."""


def explain(answer: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with an answer, or None where it is a success."""
    message = str(error_of(answer).get("message", ""))
    match answer.status_code:
        case 202:
            # PyGithub would sleep and ask again, for ever.
            return passing("The answer is not ready yet.", answer, call)
        case 301 if message == "Moved Permanently":
            return passing(RENAMED, answer, call)
        case 401:
            return lasting(REFUSED, answer, call)
        case 403 | 429:
            return _limited_or_forbidden(answer, call, message)
        case 404 | 409 | 422:
            return _missing(answer, call, message)
        case _:
            return usual_failure(answer, call)


def _limited_or_forbidden(answer: Response, call: Call, message: str) -> OutsideError:
    if is_rate_limit(answer, message):
        problem = "Too many requests were sent for now."
        wait = _rate_limit_wait(answer, message)
        return passing(problem, answer, call, retry_after=wait, is_limit=True)
    return lasting(NO_RIGHT, answer, call, code=ReasonCode.GITHUB_RIGHT_MISSING)


def _missing(answer: Response, call: Call, message: str) -> OutsideError | None:
    if message.startswith("No commit found"):
        return NoSuchBranch(
            call.system,
            NO_BRANCH,
            code=ReasonCode.GITHUB_NOT_FOUND,
            status=answer.status_code,
        )
    if message in {"Git Repository is empty.", "This repository is empty."}:
        return lasting(EMPTY, answer, call, code=ReasonCode.GITHUB_NO_LISTS)
    if answer.status_code == 404:
        return lasting(NO_REPOSITORY, answer, call)
    return usual_failure(answer, call)


def is_rate_limit(answer: Response, message: str) -> bool:
    """Whether an answer is a limit's, and not a missing right's: both come as 403."""
    return (
        answer.status_code == 429
        or "Retry-After" in answer.headers
        or answer.headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in message.lower()
    )


def _rate_limit_wait(answer: Response, message: str) -> float | None:
    """How long to wait where the answer does not say: the primary limit tells when it is reset."""
    if retry_after_of(answer.headers) is not None:
        return None
    if "secondary" not in message and answer.headers.get("x-ratelimit-remaining") == "0":
        try:
            return capped(float(answer.headers.get("x-ratelimit-reset", "")) - time())
        except ValueError:
            return _SECONDARY_LIMIT
    return _SECONDARY_LIMIT
