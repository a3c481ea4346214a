"""Short ways to say who stands in the lists, who is sought, and what came of it."""

from dataclasses import dataclass

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
    PersonQuery,
    match_person,
)

ORGANISATION = "@digital.cabinet-office.gov.uk"
POLICY = MatchingPolicy()


@dataclass(frozen=True)
class Found:
    """What came of a search: ``match``, ``ask`` or ``nobody``, and the entries' names."""

    outcome: str
    who: tuple[str, ...] = ()


def match(*who: str) -> Found:
    return Found("match", who)


def ask(*who: str) -> Found:
    return Found("ask", who)


NOBODY = Found("nobody")


def listed(*people: str, file: str = "config/people.yml") -> tuple[Entry, ...]:
    """Make entries of ``Jane Doe | jane.doe | github``; ``jane.doe`` is at the organisation."""
    lines = []
    for person in people:
        name, email, github = parts_of(person)
        quoted = name.replace("'", "''")
        lines.append(f"- {{name: '{quoted}', email: '{email}', github: '{github}'}}\n")
    return entries_from_yaml("".join(lines), file=file)


def sought(text: str) -> PersonQuery:
    """Make a search of ``Jane Doe | jane.doe | github``; an empty part is not given."""
    name, email, github = parts_of(text)
    return PersonQuery(name=name or None, email=email or None, github=github or None)


def parts_of(text: str) -> tuple[str, str, str]:
    """Take ``name | address | GitHub name`` apart."""
    name, email, github = (*(part.strip() for part in text.split("|")), "", "")[:3]
    is_whole = not email or "@" in email or email == "tbc"
    return name, email if is_whole else email + ORGANISATION, github


def search(
    who: str | PersonQuery, entries: tuple[Entry, ...], *, policy: MatchingPolicy = POLICY
) -> Match | Candidates | NoMatch:
    """Look for somebody."""
    wanted = sought(who) if isinstance(who, str) else who
    return match_person(wanted, Directory(entries), policy=policy)


def found(
    who: str | PersonQuery, entries: tuple[Entry, ...], *, policy: MatchingPolicy = POLICY
) -> Found:
    """Look for somebody, and say briefly who was found."""
    outcome = search(who, entries, policy=policy)
    match outcome:
        case Match():
            return match(*(entry.name or str(entry.email) for entry in outcome.entries))
        case Candidates():
            shown = (candidate.entry for candidate in outcome.candidates)
            return ask(*(entry.name or str(entry.email) for entry in shown))
        case NoMatch():
            return NOBODY
