"""Measures loading and matching: `python -m tests.matching.bench [ENTRIES …]`.

The names are made up of common first names and of syllables, so that many are alike.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from service.domain.access_lists.entries import entries_from_yaml
from service.domain.matching.index import Directory
from service.domain.matching.match_person import MatchingPolicy, PersonQuery, match_person

SIZES = (500, 100_000)
SOUGHT = 50

FIRST = (
    *("James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David"),
    *("Elizabeth", "William", "Barbara", "Richard", "Susan", "Joseph", "Jessica", "Thomas"),
    *("Sarah", "Charles", "Karen", "Christopher", "Nancy", "Daniel", "Lisa", "Matthew", "Margaret"),
    *("Anthony", "Mark", "Sandra", "Ashley", "Steven", "Paul", "Andrew", "Emily", "Joshua"),
    *("Oluwaseun", "Priti", "Mohammed", "Aoife", "Siobhan", "Wei", "Xiaoming", "Giulia", "Sergei"),
    *("Katarzyna", "Fatima", "Yusuf", "Ananya", "Kwame"),
)
START = ("Bar", "Cal", "Dun", "Fen", "Gar", "Hal", "Ken", "Lar", "Mar", "Nor", "Pem", "Sta", "Wex")
MIDDLE = ("a", "e", "i", "o", "u", "ing", "er", "al", "en", "or", "am", "ev", "il", "os", "ul")
END = ("bury", "don", "field", "ford", "ham", "ley", "man", "son", "ton", "well", "wood", "worth")

Name = tuple[str, str]


def made_up(count: int) -> list[Name]:
    """Make names up: first and last."""
    chance = random.Random(7)  # noqa: S311 - nothing secret is made
    middles = [*MIDDLE, *(one + other for one in MIDDLE for other in MIDDLE)]
    return [
        (
            chance.choice(FIRST),
            chance.choice(START) + chance.choice(middles) + chance.choice(END),
        )
        for _ in range(count)
    ]


def as_yaml(names: list[Name]) -> str:
    """Write a list as the repository has it."""
    return "".join(
        f"- name: {first} {last}\n"
        f"  email_address: {first.lower()}.{last.lower()}{number or ''}@dsit.gov.uk\n"
        f"  github_username: {first.lower()}{last.lower()}{number}\n"
        for number, (first, last) in enumerate(names)
    )


def sought_people(names: list[Name]) -> list[PersonQuery]:
    """Ask for people who are there, misspelt or absent, with and without an address."""
    chance = random.Random(11)  # noqa: S311 - nothing secret is made
    found = []
    for first, last in chance.sample(names, SOUGHT):
        found += [
            PersonQuery(name=f"{first} {last}"),
            PersonQuery(name=f"{first} {last[:2] + last[3:]}"),
            PersonQuery(name=f"{first} {last}", email=f"{first}.{last}@dsit.gov.uk".lower()),
            PersonQuery(name=f"Q{first} Zy{last}"),
        ]
    return found


def timed(work: Callable[[], object]) -> float:
    """Return how long the work takes, in milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def measure(count: int) -> str:
    """Load a list of this size, look for people in it, and say how long each took."""
    names = made_up(count)
    text = as_yaml(names)
    reading = timed(lambda: entries_from_yaml(text, file="people.yml"))
    entries = entries_from_yaml(text, file="people.yml")
    indexing = timed(lambda: Directory(entries))
    directory = Directory(entries)
    find = partial(match_person, directory=directory, policy=MatchingPolicy())
    times = sorted(timed(partial(find, sought)) for sought in sought_people(names))
    median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    return (
        f"{count:>7,} entries: read {reading:6.0f} ms, index {indexing:6.0f} ms, "
        f"match: median {median:6.2f} ms, p95 {p95:6.2f} ms, slowest {times[-1]:6.2f} ms"
    )


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or SIZES):
        print(measure(size), flush=True)  # noqa: T201 - a benchmark prints
