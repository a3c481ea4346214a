"""What GitHub's failures mean, and what to fix.

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from time import time

from requests import Response

from integrations.http.failures import (
    capped,
    error_of,
    kind_of,
    permanent,
    refused,
    retry_after_of,
    transient,
    usual_failure,
)
from integrations.http.session import Call
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import ReasonCode

# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
_SECONDARY_LIMIT = 60.0

REFUSED = "The token is refused. Check GITHUB_TOKEN; it may have run out."
NO_RIGHT = "The token may not do this. Let GITHUB_TOKEN read the repository's contents."
NO_SINGLE_SIGN_ON = (
    "The token is not authorised for the organisation's single sign-on. Authorise {token} "
    "there: on GitHub, at the token, “Configure SSO”."
)
SUSPENDED = (
    "The account or the app of the token is suspended. Ask GitHub's support, or the organisation's "
    "owners, or make a token of another account ({token})."
)
BLOCKED = (
    "GitHub has blocked access to the repository. Its owners can see why there, and have to settle "
    "that with GitHub."
)
TOO_LARGE = (
    "A file in the repository is too large to be read. Split it into smaller ones, or move it out "
    "of USER_REVIEWER_DIRECTORY."
)
FROM_ELSEWHERE = (
    "The organisation allows its repositories to be read from some addresses only, and the "
    "service's is not among them. Ask the organisation's owners to add it to the IP allow list."
)
WRONG_KIND = (
    "The organisation does not accept tokens of this kind, or of this lifetime. Make {token} "
    "as its policy for personal access tokens wants it."
)
ARCHIVED = "The repository is archived, and so read-only. Its owners can bring it back on GitHub."
NO_BRANCH = "The repository has no such branch. Check USER_REVIEWER_BRANCH."
RENAMED = "The repository was renamed or moved. Check USER_REVIEWER_REPOSITORY."
EMPTY = "The repository is empty. Check USER_REVIEWER_REPOSITORY."
NO_REPOSITORY = (
    "There is no such repository, or the token may not see it. Check USER_REVIEWER_REPOSITORY, "
    "and that GITHUB_TOKEN may read its contents."
)
# What GitHub writes, what that means, and its code; the first that fits counts.
_FORBIDDEN = (
    ("saml", NO_SINGLE_SIGN_ON, ReasonCode.GITHUB_NO_SINGLE_SIGN_ON),
    ("access blocked", BLOCKED, ReasonCode.GITHUB_REPOSITORY_BLOCKED),
    ("too large", TOO_LARGE, ReasonCode.GITHUB_FILE_TOO_LARGE),
    ("suspended", SUSPENDED, ReasonCode.GITHUB_SUSPENDED),
    ("ip allow list", FROM_ELSEWHERE, ReasonCode.GITHUB_RIGHT_MISSING),
    ("forbids access via", WRONG_KIND, ReasonCode.GITHUB_RIGHT_MISSING),
    ("archived", ARCHIVED, ReasonCode.GITHUB_RIGHT_MISSING),
    ("resource not accessible", "{no_right}", ReasonCode.GITHUB_RIGHT_MISSING),
    ("must have ", "{no_right}", ReasonCode.GITHUB_RIGHT_MISSING),
)


class NoSuchBranch(PermanentError):
    """The repository has no such branch."""


def explain(response: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with a response, or None if it is a success."""
    message = str(error_of(response).get("message", ""))
    match response.status_code:
        case 202:
            # PyGithub would sleep and ask again, for ever.
            return transient("The response is not ready yet.", response, call)
        case 301 if message == "Moved Permanently":
            return transient(RENAMED, response, call)
        case 401:
            return permanent(REFUSED, response, call)
        case 403 | 429 | 451:
            return limited_or_forbidden(
                response, call, message, setting="GITHUB_TOKEN", no_right=NO_RIGHT
            )
        case 404 | 409 | 422:
            return _missing(response, call, message)
        case _:
            return usual_failure(response, call)


def limited_or_forbidden(
    response: Response, call: Call, message: str, *, setting: str, no_right: str
) -> OutsideError:
    """Say what a 403, 429 or 451 means: a limit, which passes, or what forbids the request.

    Args:
        response: see `explain`.
        call: see `explain`.
        message: the response's own.
        setting: holds the token.
        no_right: what to do if that lacks a right.
    """
    if is_rate_limit(response, message):
        problem = "Too many requests were sent for now."
        wait = _rate_limit_wait(response, message)
        return transient(problem, response, call, retry_after=wait, is_limit=True)
    if "login attempts" in message:
        problem = "Too many wrong tokens were tried for now."
        code = ReasonCode.GITHUB_CREDENTIALS_REFUSED
        return transient(problem, response, call, code=code)
    known = _forbidden(response, message)
    if known is None:
        return refused(response, call)
    problem, code = known
    return permanent(problem.format(token=setting, no_right=no_right), response, call, code=code)


def _forbidden(response: Response, message: str) -> tuple[str, ReasonCode] | None:
    """Return what a 403 that stays means, if that is known.

    A header says what forbids it, or a code, or, for want of those, a text.

    https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    signs = [message.lower(), (kind_of(response) or "").replace("_", " ")]
    if response.headers.get("X-GitHub-SSO", "").startswith("required"):
        signs.append("saml")
    if isinstance(error_of(response).get("block"), dict) or response.status_code == 451:
        signs.append("access blocked")
    for sign, problem, code in _FORBIDDEN:
        if any(sign in one for one in signs):
            return problem, code
    return None


def _missing(response: Response, call: Call, message: str) -> OutsideError | None:
    if message.startswith("No commit found"):
        return NoSuchBranch(
            call.system,
            NO_BRANCH,
            code=ReasonCode.GITHUB_NOT_FOUND,
            status=response.status_code,
        )
    if message in {"Git Repository is empty.", "This repository is empty."}:
        return permanent(EMPTY, response, call, code=ReasonCode.GITHUB_NO_LISTS)
    if response.status_code == 404:
        return permanent(NO_REPOSITORY, response, call)
    return usual_failure(response, call)


def is_rate_limit(response: Response, message: str) -> bool:
    """Return whether a response is a limit's, and not a missing right's: both come as 403."""
    return (
        response.status_code == 429
        or "Retry-After" in response.headers
        or response.headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in message.lower()
    )


def _rate_limit_wait(response: Response, message: str) -> float | None:
    """Return how long to wait if `Retry-After` is missing: the primary limit has a reset time."""
    if retry_after_of(response.headers) is not None:
        return None
    if "secondary" not in message and response.headers.get("x-ratelimit-remaining") == "0":
        try:
            return capped(float(response.headers.get("x-ratelimit-reset", "")) - time())
        except ValueError:
            return _SECONDARY_LIMIT
    return _SECONDARY_LIMIT
