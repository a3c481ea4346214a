"""Many made-up people in a tech role, for tests with many tickets at once."""

from itertools import product

from integrations.sandbox import Sandbox
from tests.support.lists import TECH_LIST, person, put_lists
from tests.support.tickets import Who

_FIRST = [
    "Alma",
    "Bruno",
    "Celia",
    "Dorian",
    "Esther",
    "Felix",
    "Gwen",
    "Hugo",
    "Ines",
    "Jonas",
    "Katya",
    "Leopold",
    "Mirela",
    "Nils",
    "Oonagh",
    "Pavel",
    "Quilla",
    "Rufus",
    "Selma",
    "Tobias",
    "Ursula",
    "Viggo",
    "Wanda",
    "Xavier",
    "Yara",
]
_LAST = [
    "Abernathy",
    "Borowski",
    "Castellan",
    "Dunmore",
    "Eskildsen",
    "Farquhar",
    "Grimaldi",
    "Hollander",
    "Ivarsson",
    "Jellicoe",
    "Kowalczyk",
    "Lindgren",
    "Mortimer",
    "Nakagawa",
    "Ostrander",
    "Pemberton",
    "Quarles",
    "Rasmussen",
    "Szymanski",
    "Trevelyan",
]


def crowd(size: int) -> list[Who]:
    """So many people, no two of one name; at most 500."""
    names = [f"{first} {last}" for last, first in product(_LAST, _FIRST)]
    return [Who(name=name, email=_address(name)) for name in names[:size]]


def list_crowd(sandbox: Sandbox, people: list[Who]) -> None:
    """Push them into the list of tech people."""
    lines = "".join(person(who.name or "", who.email or "") for who in people)
    put_lists(sandbox, tech=TECH_LIST + lines)


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@digital.cabinet-office.gov.uk"
