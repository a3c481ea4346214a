"""Who is the same person: across tickets, across entries, and among the protected."""

import hashlib
from collections.abc import Iterable

from service.domain.access_lists.entries import Entry
from service.domain.matching.index import Directory
from service.domain.matching.match_person import Candidates, Match, NoMatch
from service.domain.matching.name_likeness import Fit, compare_names
from service.domain.matching.names import read_name
from service.domain.ticket import LeaverDetails, value_of


def person_keys(entries: Iterable[Entry], details: LeaverDetails) -> frozenset[str]:
    """Return digests of a person's entries and addresses; the ticket's address without an entry.

    A name is not a key: two people may share it.
    """
    entries = tuple(entries)
    if not entries and details.email:
        return frozenset({_key_of_address(details.email.value)})
    return keys_of_entries(entries)


def keys_of_entries(entries: Iterable[Entry]) -> frozenset[str]:
    """Return digests of entries and of the addresses in them."""
    entries = tuple(entries)
    keys = {f"entry {entry.id}" for entry in entries}
    return frozenset(keys | {_key_of_address(entry.email) for entry in entries if entry.email})


def _key_of_address(address: str) -> str:
    return f"address {_digest(address)}"


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:16]


def entries_of_chosen(entry_id: str, directory: Directory) -> tuple[Entry, ...]:
    """Return the chosen entry and the same person's other ones; nothing if it is gone."""
    chosen = directory.by_id(entry_id)
    signs = {sign for entry in chosen for sign in _signs(entry)}
    others = (entry for entry in directory.entries if signs & _signs(entry))
    return tuple(dict.fromkeys((*chosen, *others)))


def _signs(entry: Entry) -> frozenset[tuple[str, str]]:
    signs = {"email": entry.email, "github": entry.github}
    return frozenset(
        (kind, sign.strip().casefold()) for kind, sign in signs.items() if sign and sign.strip()
    )


def may_be_one_person(one: str, other: str) -> bool:
    """Return whether two names may be one person's: short forms, typing errors and initials may."""
    likenesses = [
        compare_names(ours, theirs)
        for ours in read_name(one).readings
        for theirs in read_name(other).readings
    ]
    return any(
        each.fit > Fit.PLAUSIBLE or (each.fit is Fit.PLAUSIBLE and not each.is_contradicted)
        for each in likenesses
    )


def is_protected(
    details: LeaverDetails, finding: Match | Candidates | NoMatch, protected: frozenset[str]
) -> bool:
    """Return whether the leaver, or anybody who may be the leaver, is protected.

    Args:
        details: what the ticket says.
        finding: what the search in the access lists found.
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
