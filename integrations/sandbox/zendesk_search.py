"""Zendesk's search: the part of its query language that a sweep needs, and an index that may lag.

https://support.zendesk.com/hc/en-us/articles/4408886879258
"""

import operator
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.sandbox.zendesk_update import STATUSES

_TERM = re.compile(r"(?P<not>-?)(?P<key>[a-z_]+)(?P<sign>:|<=|>=|<|>)(?P<value>.*)")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A ticket as it was from `at` on."""

    at: datetime
    status: str
    tags: tuple[str, ...]
    text: str
    created: str
    updated: str


@dataclass(slots=True, kw_only=True)
class SearchIndex:
    """Finds tickets as they were `lag_seconds` ago."""

    lag_seconds: float = 0.0
    _seen: dict[int, list[_Seen]] = field(default_factory=dict, repr=False)

    def add(self, ticket: SandboxTicket, at: datetime) -> None:
        """Add a ticket that is new or was changed."""
        text = " ".join([ticket.subject, *(comment.body for comment in ticket.comments)])
        self._seen.setdefault(ticket.id, []).append(
            _Seen(
                at=at,
                status=ticket.status,
                tags=tuple(ticket.tags),
                text=text.lower(),
                created=f"{ticket.created_at:%Y-%m-%dT%H:%M:%SZ}",
                updated=f"{ticket.updated_at:%Y-%m-%dT%H:%M:%SZ}",
            )
        )

    def clear_ticket(self, ticket_id: int) -> None:
        """Forget one ticket."""
        self._seen.pop(ticket_id, None)

    def clear(self) -> None:
        """Forget every ticket."""
        self._seen.clear()

    def find(self, query: str, now: datetime) -> list[int]:
        """Return the ids of the tickets that fit a query, the newest first."""
        limit = now - timedelta(seconds=self.lag_seconds)
        found = []
        for number, versions in self._seen.items():
            known = [version for version in versions if version.at <= limit]
            if known and all(_fits(word, number, known[-1]) for word in _words(query)):
                found.append(number)
        return sorted(found, reverse=True)


def _words(query: str) -> list[str]:
    try:
        return shlex.split(query)
    except ValueError:
        return query.split()


def _fits(word: str, number: int, seen: _Seen) -> bool:
    match = _TERM.fullmatch(word)
    if not match:
        return word.lower() in seen.text
    return _holds(match["key"], match["sign"], match["value"], number, seen) != bool(match["not"])


def _holds(key: str, sign: str, value: str, number: int, seen: _Seen) -> bool:
    match key:
        case "type":
            return value == "ticket"
        case "tags":
            return value in seen.tags
        case "status" if value in STATUSES:
            return _SIGNS[sign](STATUSES.index(seen.status), STATUSES.index(value))
        case "created" | "updated":
            return _SIGNS[sign](getattr(seen, key)[: len(value)], value)
        case "id":
            return value == str(number)
        case _:
            return False
