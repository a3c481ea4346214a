"""Finding the leaver in the access lists: a match, candidates for a person to choose from, or nobody."""

from dataclasses import dataclass

from service.domain.directory import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Who is looked for: what the ticket, or an operator, says."""

    name: str | None = None
    email: str | None = None
    github: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One person, beyond doubt.

    Attributes:
        entries: all entries of that one person (one a file, usually), best first.
        evidence: why, in words that an operator can check.
        by_name_alone: no address or user name backs the name.
    """

    entries: tuple[Entry, ...]
    evidence: tuple[str, ...]
    by_name_alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry that may be the leaver, with what speaks for and against it."""

    entry: Entry
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Plausible, not certain (or not readable at all): a person must choose.

    Attributes:
        candidates: best first; empty where what is sought can't be read.
        reason: one sentence that names nobody.
    """

    candidates: tuple[Candidate, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMatch:
    """Nobody plausible."""
