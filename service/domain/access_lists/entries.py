"""The access lists: entries of YAML files of any reasonable shape."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from service.domain.access_lists.people import people_in
from service.domain.access_lists.person import ListedPerson
from service.domain.access_lists.yaml_text import UnreadableText, documents, is_empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person's entry in one access list.

    Attributes:
        id: depends on what the entry says, not on where it stands.
        file: path in the repository.
        position: where in the file, for people: ``entry 12`` or ``users / jane.doe``.
        name: as the list spells it; empty if the entry has none.
        email: as the list spells it, or None.
        github: GitHub user name, or None.
        ssh: ssh user name, or None.
        expires_at: the instant, in UTC, after which the entry no longer counts; None for no end.
        other_names: what else it calls the person, such as the full name beside a login.
    """

    id: str
    file: str
    position: str
    name: str
    email: str | None = None
    github: str | None = None
    ssh: str | None = None
    expires_at: datetime | None = None
    other_names: tuple[str, ...] = ()


class UnreadableList(Exception):
    """A list cannot be read or parsed, so nobody can say who stands in it.

    Args:
        file: path in the repository.
        problem: the end of the sentence ``FILE cannot be read: …``; it quotes nothing of the file.
    """

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file} cannot be read: {self.problem}"


def entries_from_yaml(content: str | bytes, *, file: str) -> tuple[Entry, ...]:
    """Read the people of one list.

    Args:
        content: the file as it is; bytes are read as UTF-8, or UTF-16 with a byte order mark.
        file: path in the repository.

    Returns:
        One entry for each mention of a person, in the file's order; none for a file of other data.

    Raises:
        UnreadableList: the file is not YAML, or too large, too deep or too self-repeating to read.
    """
    try:
        read = documents(content)
        heading = "document {}" if len(read) > 1 else ""
        return tuple(
            _entry(person, file)
            for number, document in enumerate(read, start=1)
            for person in people_in(document, heading=heading.format(number))
        )
    except UnreadableText as problem:
        raise UnreadableList(file, str(problem)) from None


def holds_nothing(content: str | bytes) -> bool:
    """Say whether a readable file holds no data at all: no list, or one without anything in it.

    A file of other data beside the lists holds something; a list that was emptied does not.
    """
    return all(is_empty(document) for document in documents(content))


def _entry(person: ListedPerson, file: str) -> Entry:
    said = [person.name, person.email, person.github, person.user_name, *person.other_names]
    return Entry(
        id=hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16],
        file=file,
        position=person.position,
        name=person.name,
        email=person.email,
        github=person.github,
        ssh=person.user_name,
        expires_at=person.expires_at,
        other_names=person.other_names,
    )
