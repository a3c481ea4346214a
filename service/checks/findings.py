"""What checks found: one line each, with what to do if something is wrong."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from service.domain.errors import OutsideError, TransientError
from service.domain.wording import TRY_LATER


class Wrong(Exception):
    """What was looked at is not as it should be; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    check: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to check: reports that all is well, or raises `Wrong` or a vendor's error."""

    name: str
    look: Callable[[], str]


def find(check: Check) -> Finding:
    """Look at one thing."""
    try:
        return Finding(check=check.name, ok=True, detail=check.look())
    except Wrong as problem:
        return Finding(check=check.name, ok=False, detail=str(problem))
    except OutsideError as failure:
        # Most checks' names say already whose failure it is.
        detail = failure.problem if failure.system in check.name else str(failure)
        if isinstance(failure, TransientError):
            detail = f"{detail} {TRY_LATER}"
        return Finding(check=check.name, ok=False, detail=detail)


def find_all(first: Check, others: Iterable[Check]) -> Iterator[Finding]:
    """Look at one thing and, if it is well, at those that depend on it."""
    found = find(first)
    yield found
    for check in others:
        if found.ok:
            yield find(check)
        else:
            detail = f"skipped: fix “{first.name}” first"
            yield Finding(check=check.name, ok=False, detail=detail)
