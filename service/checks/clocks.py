"""Is this machine's clock right? Each vendor's is compared with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from integrations.http.policy import CallPolicy
from integrations.http.vendor_clock import time_at
from service.checks.findings import Check, Finding, Wrong, find
from service.config.settings import Settings

# Zendesk's webhooks are refused from 15 minutes on; a clock that is kept in time is never so far.
MOST = timedelta(minutes=2)


def clock_findings(settings: Settings, policy: CallPolicy) -> Iterator[Finding]:
    """Compare the clocks."""
    for system, url in (
        ("Zendesk", settings.zendesk_origin),
        ("GitHub", settings.github_url),
        ("Trello", settings.trello_url),
    ):
        look = partial(_compare, system, url, policy)
        yield find(Check(name=f"clock, {system}", look=look))


def _compare(system: str, url: str, policy: CallPolicy) -> str:
    theirs = time_at(system, url, policy)
    if theirs is None:
        return f"{system} does not say what time it is"
    ahead = datetime.now(UTC) - theirs
    if abs(ahead) > MOST:
        minutes = round(abs(ahead) / timedelta(minutes=1))
        direction = "ahead of" if ahead > timedelta() else "behind"
        raise Wrong(
            f"This machine's clock is {minutes} minutes {direction} {system}'s. Let it be set over "
            "the network (NTP): webhooks are refused once it is 15 minutes off."
        )
    return f"as {system}'s, within {MOST // timedelta(minutes=1)} minutes"
