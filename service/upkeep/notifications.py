"""Messages to people: which leaver waits for them or failed, and why. They name nobody.

A change is noted as told before it is sent: a process that dies in between loses the message, and
none is sent twice.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.records.database import Database
from service.records.leaver import State

log = logging.getLogger(__name__)

# A refused message is tried again after 30 seconds and two minutes, and then given up.
MOST_TRIES, FIRST_PAUSE, GROWTH = 3, timedelta(seconds=30), 4
# What changed longer ago is no news: it was told, or messages were not wanted then.
NEWS_FOR = timedelta(hours=1)
MOST_LINES = 20

_CLAIM = """
INSERT INTO notices (ticket_id, target, state, reason)
SELECT ticket_id, %(target)s, state, coalesce(reason, '') FROM leavers
WHERE state IN ('needs_person', 'failed') AND updated_at > now() - %(news_for)s
ORDER BY arrival
ON CONFLICT (ticket_id, target) DO UPDATE
SET state = excluded.state, reason = excluded.reason, next_try_at = NULL, is_given_up = false,
    tries = CASE WHEN notices.next_try_at IS NULL THEN 1 ELSE notices.tries + 1 END
WHERE (notices.state, notices.reason) IS DISTINCT FROM (excluded.state, excluded.reason)
   OR notices.next_try_at <= now()
RETURNING ticket_id, state, reason
"""
_PUT_OFF = """
UPDATE notices SET
    is_given_up = tries >= %(most)s,
    next_try_at = CASE WHEN tries < %(most)s
      THEN now() + %(pause)s * power(%(growth)s, tries - 1) END
WHERE target = %(target)s AND ticket_id = ANY(%(tickets)s)
"""
_FORGET = """
DELETE FROM notices USING leavers
WHERE leavers.ticket_id = notices.ticket_id AND leavers.state = 'done'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is told of a leaver."""

    ticket_id: int
    state: State
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where messages go.

    Attributes:
        key: tells it from others, and does not show where it is.
        send: sends a title and a text; returns whether that succeeded.
    """

    key: str
    send: Callable[[str, str], bool]


class Notifier:
    """Sends what is new to each target.

    Args:
        database: where all workers meet.
        targets: see there.
        ticket_link: the link to a ticket, with ``{}`` for its number.
    """

    def __init__(self, database: Database, targets: Sequence[Target], *, ticket_link: str) -> None:
        self._database = database
        self._targets = targets
        self._ticket_link = ticket_link

    def send(self) -> dict[str, int]:
        """Send what is new or due again; return how many changes were told and how many not."""
        told = {"sent": 0, "not_sent": 0}
        for number, target in enumerate(self._targets, 1):
            changes = self._claim(target)
            if not changes:
                continue
            if target.send(title_of(changes), text_of(changes, self._ticket_link)):
                told["sent"] += len(changes)
                continue
            told["not_sent"] += len(changes)
            log.warning("message not sent", extra={"target": number, "changes": len(changes)})
            self._put_off(target, changes)
        return told

    def _claim(self, target: Target) -> list[Change]:
        with self._database.transaction() as connection:
            connection.execute(_FORGET)
            rows = connection.execute(
                _CLAIM, {"target": target.key, "news_for": NEWS_FOR}
            ).fetchall()
        return [Change(**row | {"state": State(row["state"])}) for row in rows]

    def _put_off(self, target: Target, changes: Sequence[Change]) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                _PUT_OFF,
                {
                    "target": target.key,
                    "tickets": [change.ticket_id for change in changes],
                    "most": MOST_TRIES,
                    "pause": FIRST_PAUSE,
                    "growth": GROWTH,
                },
            )


def title_of(changes: Sequence[Change]) -> str:
    """Say in a line what there is to do."""
    number = len(changes)
    return f"Leavers: {number} {'ticket needs' if number == 1 else 'tickets need'} a person"


def text_of(changes: Sequence[Change], ticket_link: str) -> str:
    """Say it for each leaver: its number, what happened, why, and where to look."""
    lines = [_line(change, ticket_link) for change in changes[:MOST_LINES]]
    if len(changes) > MOST_LINES:
        lines.append(f"… and {len(changes) - MOST_LINES} more")
    return "\n".join(lines)


def _line(change: Change, ticket_link: str) -> str:
    what = "failed" if change.state is State.FAILED else "waits for a person"
    return f"{change.ticket_id} {what}. {change.reason} {ticket_link.format(change.ticket_id)}"


def apprise_targets(urls: Sequence[str]) -> list[Target]:
    """Return a target for each address that Apprise understands."""
    from apprise import Apprise, AppriseAsset, PersistentStoreMode  # noqa: PLC0415 - an extra

    # It logs addresses, which hold secrets.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = AppriseAsset(app_id="Leavers", storage_mode=PersistentStoreMode.MEMORY)

    def target(url: str) -> Target:
        apprise = Apprise(asset=asset)
        apprise.add(url)
        return Target(
            key=hashlib.sha256(url.encode()).hexdigest()[:16],
            send=lambda title, text: bool(apprise.notify(body=text, title=title)),
        )

    return [target(url) for url in urls]
