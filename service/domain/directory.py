"""The access lists: entries of YAML files of any reasonable shape."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person's entry in one access list.

    Attributes:
        id: depends on what the entry says, not on where it stands.
        file: path in the repository.
        position: where in the file, for people: ``entry 12`` or ``users / jane.doe``.
        name: as the list spells it; empty where the entry has none.
        email: as the list spells it, or None.
        github: GitHub user name, or None.
        ssh: ssh user name, or None.
    """

    id: str
    file: str
    position: str
    name: str
    email: str | None = None
    github: str | None = None
    ssh: str | None = None
