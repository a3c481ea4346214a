"""When a GitHub token ends: every response to it says so."""

from datetime import UTC, datetime

from requests import PreparedRequest, Response

from integrations.github.errors import explain as explain_first
from integrations.github.pull_request_errors import explain as explain_second
from integrations.http.session import CallPolicy, Login, Vendor, VendorSession

_ORIGIN = "https://api.github.com"
# https://docs.github.com/en/organizations/managing-programmatic-access-to-your-organization
_HEADER = "github-authentication-token-expiration"


class _Bearer(Login):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def token_ends_at(
    token: str, *, url: str, policy: CallPolicy, is_second: bool = False
) -> datetime | None:
    """Return when a token ends, or None if it does not, or GitHub does not say.

    What is asked for costs nothing of the rate limit:
    https://docs.github.com/en/rest/rate-limit/rate-limit

    Args:
        token: see there.
        url: where requests are really sent.
        policy: how the call is made.
        is_second: whether it is the token of the pull requests: a failure names its setting.

    Raises:
        TransientError: GitHub can't be reached.
        PermanentError: the token is refused.
    """
    explain = explain_second if is_second else explain_first
    vendor = Vendor(system="GitHub", origin=_ORIGIN, url=url, explain=explain)
    session = VendorSession(vendor, policy, _Bearer(token))
    try:
        with session.calling("look at the token"):
            return _end(session.get(f"{_ORIGIN}/rate_limit"))
    finally:
        session.close()


def _end(response: Response) -> datetime | None:
    """Read ``2027-01-31 12:00:00 UTC``, or the same with an offset in the place of UTC."""
    said = response.headers.get(_HEADER, "").replace(" UTC", "+00:00").replace(" +", "+")
    try:
        ends_at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return ends_at.replace(tzinfo=ends_at.tzinfo or UTC).astimezone(UTC)
