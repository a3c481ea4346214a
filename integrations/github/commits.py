"""The history of a branch, as GitHub lists commits: newest first, branches mixed by date.

https://docs.github.com/en/rest/commits/commits#list-commits
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.github.tree import sha
from integrations.http.json_values import listed

PAGE = 100
"""Commits on one page: the most that GitHub gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCommit:
    """One commit.

    Attributes:
        sha: its name.
        at: when it was committed, in UTC.
        parent: the first one, which is the branch's own past if others were merged; None for
            the very first commit.
    """

    sha: str
    at: datetime
    parent: str | None


def commits_in(response: Any) -> list[PastCommit]:
    """Read one page; raises an `ODD_SHAPE` if it is not as GitHub documents."""
    return [
        PastCommit(
            sha=sha(one["sha"]),
            at=datetime.fromisoformat(one["commit"]["committer"]["date"]),
            parent=sha(one["parents"][0]["sha"]) if one["parents"] else None,
        )
        for one in listed(response)
    ]


def own_past(commits: Iterable[PastCommit], head: str) -> Iterator[PastCommit]:
    """Yield the branch's own commits from its head on, newest first, without merged branches."""
    known = {one.sha: one for one in commits}
    one = known.get(head)
    while one:
        yield one
        one = known.pop(one.parent, None) if one.parent else None
