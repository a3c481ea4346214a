"""What GitHub's refusals of a pull request mean: how the service goes on, or what to fix.

https://docs.github.com/en/rest/pulls/pulls and https://docs.github.com/en/rest/git/refs
"""

from enum import Enum, auto

from requests import Response

from integrations.github.errors import explain as explain_read
from integrations.github.errors import limited_or_forbidden
from integrations.http.failures import error_of, permanent
from integrations.http.policy import Call
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import ReasonCode

REFUSED = "The token is refused. Check GITHUB_PULL_REQUEST_TOKEN; it may have run out."
NO_RIGHT = (
    "The token may not do this. Give GITHUB_PULL_REQUEST_TOKEN the rights Contents: write and Pull "
    "requests: write, for this repository alone."
)
NO_REPOSITORY = (
    "There is no such repository, or the token may not see it. Check USER_REVIEWER_REPOSITORY, "
    "and that GITHUB_PULL_REQUEST_TOKEN was made for it."
)
NO_DRAFTS = (
    "The account's plan does not support draft pull requests. Set PULL_REQUEST_DAYS_BEFORE to 0, "
    "so that none is opened before the leaving date."
)
NOT_TAKEN = (
    "The request was refused (status 422), and would be again. Look at the branch and the pull "
    "requests of the repository, and at its rulesets, which must allow branches that begin with "
    "leaver-ticket-. If all is well there, report it to the service's developers."
)


class Refusal(Enum):
    """Refusals by which the service goes on in another way."""

    BRANCH_EXISTS = auto()
    NOT_A_FAST_FORWARD = auto()
    NO_SUCH_BRANCH = auto()
    ALREADY_OPEN = auto()
    NOT_VISIBLE_YET = auto()
    NO_DRAFTS = auto()
    NO_COLLABORATOR = auto()
    NOT_FOUND = auto()


class RefusedByGithub(PermanentError):
    """GitHub refused, and nothing was done; `refusal` says how the service goes on."""

    def __init__(self, refusal: Refusal, problem: str, *, status: int) -> None:
        super().__init__("GitHub", problem, code=ReasonCode.GITHUB_REQUEST_REFUSED, status=status)
        self.refusal = refusal


# The beginning of GitHub's own words, in lower case: nothing else distinguishes them.
_BY_WORDS = {
    "reference already exists": Refusal.BRANCH_EXISTS,
    "update is not a fast forward": Refusal.NOT_A_FAST_FORWARD,
    "reference does not exist": Refusal.NO_SUCH_BRANCH,
    "a pull request already exists": Refusal.ALREADY_OPEN,
    "no commits between": Refusal.NOT_VISIBLE_YET,
    "draft pull requests are not supported": Refusal.NO_DRAFTS,
    "reviews may only be requested": Refusal.NO_COLLABORATOR,
}


def explain(response: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with a response to the second token, or None if it is a success."""
    said = error_of(response)
    message = str(said.get("message", ""))
    match response.status_code:
        case 401:
            return permanent(REFUSED, response, call)
        case 403 | 429 | 451:
            return limited_or_forbidden(
                response, call, message, setting="GITHUB_PULL_REQUEST_TOKEN", no_right=NO_RIGHT
            )
        case 404:
            return RefusedByGithub(Refusal.NOT_FOUND, NO_REPOSITORY, status=404)
        case 422:
            return _refused(said, message)
        case _:
            return explain_read(response, call)


def graphql_failure(errors: object, call: Call) -> OutsideError:
    """Say what is wrong if GraphQL answers 200 with errors.

    https://docs.github.com/en/graphql/guides/using-graphql-clients
    """
    said = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    kinds = {one.get("type") for one in said}
    words = " ".join(str(one.get("message", "")) for one in said).lower()
    if "draft pull requests are not supported" in words:
        return RefusedByGithub(Refusal.NO_DRAFTS, NO_DRAFTS, status=200)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return PermanentError("GitHub", NO_RIGHT, code=ReasonCode.GITHUB_RIGHT_MISSING, status=200)
    if "NOT_FOUND" in kinds:
        return RefusedByGithub(Refusal.NOT_FOUND, NO_REPOSITORY, status=200)
    if "UNPROCESSABLE" in kinds:
        return PermanentError(
            "GitHub", NOT_TAKEN, code=ReasonCode.GITHUB_REQUEST_REFUSED, status=200
        )
    is_limit = "RATE_LIMITED" in kinds
    return TransientError(
        "GitHub",
        "The request could not be answered.",
        code=ReasonCode.GITHUB_RATE_LIMITED if is_limit else ReasonCode.GITHUB_FAILING,
        status=200,
        maybe_done=call.is_write and not is_limit,
        retry_after=60.0 if is_limit else None,
        is_limit=is_limit,
    )


def _refused(said: dict[str, object], message: str) -> OutsideError:
    errors = said.get("errors")
    listed = errors if isinstance(errors, list) else []
    details = [one for one in listed if isinstance(one, dict)]
    words = [message, *(str(one.get("message", "")) for one in details)]
    for text in words:
        for beginning, refusal in _BY_WORDS.items():
            if text.lower().startswith(beginning):
                problem = NO_DRAFTS if refusal is Refusal.NO_DRAFTS else NOT_TAKEN
                return RefusedByGithub(refusal, problem, status=422)
    if any(one.get("field") == "head" and one.get("code") == "invalid" for one in details):
        return RefusedByGithub(Refusal.NOT_VISIBLE_YET, NOT_TAKEN, status=422)
    return PermanentError("GitHub", NOT_TAKEN, code=ReasonCode.GITHUB_REQUEST_REFUSED, status=422)
