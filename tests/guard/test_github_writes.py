"""GitHub's secondary limits, for a day on which many leave: counted with a clock of the test's own.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: 80 writes a
minute and 500 an hour.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta

import pytest

from service.guard.rate_limit import GITHUB_WRITES_LIMIT, LONGEST_WAIT

START = datetime(2026, 12, 18, 17, tzinfo=UTC)
# Blob, tree, commit, branch, pull request, reviewers and label; two files for some.
LEAVERS, WRITES_EACH = 200, 8


def sent_at(writes: int, *, sweep_every: timedelta) -> list[datetime]:
    """When each write is sent; one whose turn is far away waits for the next sweep."""
    now, free_at = START, START - timedelta(days=1)
    sent: list[datetime] = []
    while len(sent) < writes:
        slot = GITHUB_WRITES_LIMIT.slot(free_at, now)
        if (slot - now).total_seconds() > LONGEST_WAIT:
            now += sweep_every
            continue
        free_at = GITHUB_WRITES_LIMIT.free_after(slot)
        now = max(now, slot)
        sent.append(now)
    return sent


@pytest.mark.parametrize("sweep_every", [timedelta(minutes=1), timedelta(minutes=15)])
def test_two_hundred_leavers_on_one_day_stay_within_githubs_limits(sweep_every: timedelta) -> None:
    sent = sent_at(LEAVERS * WRITES_EACH, sweep_every=sweep_every)

    for window, most in ((timedelta(minutes=1), 80), (timedelta(hours=1), 500)):
        for number, at in enumerate(sent):
            assert bisect_left(sent, at + window) - number <= most
    assert sent[-1] - sent[0] < timedelta(hours=5)
