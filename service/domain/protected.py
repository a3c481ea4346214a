"""People about whom a person is always asked: service accounts, and the operators' own."""

from collections.abc import Iterable

from service.domain.directory import Entry
from service.domain.matching import Candidates, Match, NoMatch
from service.domain.ticket import LeaverDetails, value_of


def is_protected(
    details: LeaverDetails, finding: Match | Candidates | NoMatch, protected: frozenset[str]
) -> bool:
    """Return whether the leaver, or anybody who may be the leaver, is protected.

    Args:
        details: what the ticket says.
        finding: whom the access lists give.
        protected: addresses and user names, in lower case.
    """
    said = (value_of(details.email), value_of(details.github))
    signs = {sign.strip().casefold() for sign in said if sign}
    for entry in _entries(finding):
        signs |= signs_of(entry)
    return bool(signs & protected)


def signs_of(entry: Entry) -> set[str]:
    """Return an entry's addresses and user names, in lower case."""
    listed = (entry.email, entry.github, entry.ssh)
    return {sign.strip().casefold() for sign in listed if sign}


def in_every_domain(protected: Iterable[str], domains: frozenset[str]) -> frozenset[str]:
    """Return the protected signs, each address in all mail domains of its organisation.

    Args:
        protected: addresses and user names, in lower case.
        domains: the mail domains that belong to one organisation.
    """
    signs = set(protected)
    for sign in tuple(signs):
        local, at, domain = sign.rpartition("@")
        if at and domain in domains:
            signs |= {f"{local}@{each}" for each in domains}
    return frozenset(signs)


def _entries(finding: Match | Candidates | NoMatch) -> Iterable[Entry]:
    match finding:
        case Match(entries=entries):
            return entries
        case Candidates(candidates=candidates):
            return tuple(one.entry for one in candidates)
        case NoMatch():
            return ()
