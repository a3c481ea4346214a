"""When does GitHub's token end? Whether it may read the lists shows in these."""

from collections.abc import Callable
from datetime import UTC, datetime

from service.checks.findings import Check, Finding, Wrong, find
from service.domain.errors import PermanentError
from service.upkeep.credential_expiry import NEAR_ITS_END


def token_finding(
    ends_at: Callable[[], datetime | None],
    *,
    name: str = "GitHub token",
    setting: str = "GITHUB_TOKEN",
) -> Finding:
    """Look at a token's end, as far as GitHub shows it."""

    def look() -> str:
        end = _end(ends_at)
        if end is None:
            return "GitHub does not show when it ends"
        day = f"{end.day} {end:%B %Y}"
        if end - datetime.now(UTC) < NEAR_ITS_END:
            raise Wrong(f"The token ends on {day}. Make a new one, and set {setting} to it.")
        return f"it ends on {day}"

    return find(Check(name=name, look=look))


def _end(ends_at: Callable[[], datetime | None]) -> datetime | None:
    try:
        return ends_at()
    except PermanentError as failure:
        # If rate limits are turned off, there is nothing at the address that is asked.
        if failure.status != 404:
            raise
    return None
