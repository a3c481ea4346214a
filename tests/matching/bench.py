"""Measures loading and matching: `python tests/matching/bench.py [ENTRIES …]`, 100,000 and 500 unless told.

The names are made up from syllables and a few hundred common names, so that many are alike.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable

from service.domain.directory import entries_from_yaml
from service.domain.index import Directory
from service.domain.matching import MatchingPolicy, Sought, match_person

FIRST = """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara
Richard Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Nancy Daniel Lisa Matthew
Margaret Anthony Betty Mark Sandra Donald Ashley Steven Dorothy Paul Kimberly Andrew Emily Joshua
Donna Kenneth Michelle Kevin Carol Brian Amanda George Melissa Edward Deborah Oluwaseun Priti
Mohammed Aoife Siobhan Wei Xiaoming Giulia Sergei Katarzyna Fatima Yusuf Ananya Kwame""".split()
START = "Bar Cal Dun Fen Gar Hal Ken Lar Mar Nor Pem Ral Sta Tor Wal Ash Brack Cud Thorn Wex".split()
MIDDLE = "a e i o u ing er al en or am ev il os ul".split()
END = "bury don field ford ham ley man ridge son stock ton well wick wood worth by dale mere".split()


def made_up(count: int, *, seed: int = 7) -> list[tuple[str, str]]:
    """Make names up: first and last."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret is made
    return [
        (
            chance.choice(FIRST),
            chance.choice(START) + chance.choice(MIDDLE) + chance.choice(END),
        )
        for _ in range(count)
    ]


def as_yaml(names: list[tuple[str, str]]) -> str:
    """Write a list as the repository has it."""
    return "".join(
        f"- name: {first} {last}\n"
        f"  email_address: {first.lower()}.{last.lower()}{number or ''}@digital.cabinet-office.gov.uk\n"
        f"  github_username: {first.lower()}{last.lower()}{number}\n"
        for number, (first, last) in enumerate(names)
    )


def timed(work: Callable[[], object]) -> float:
    """Return how long the work takes, in milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def sought_people(names: list[tuple[str, str]], count: int) -> list[Sought]:
    """Ask for people who are there, who are misspelt, and who are absent; with and without email."""
    chance = random.Random(11)  # noqa: S311 - nothing secret is made
    found = []
    for first, last in chance.sample(names, min(count, len(names))):
        slip = last[:2] + last[3:]
        found += [
            Sought(name=f"{first} {last}"),
            Sought(name=f"{first} {slip}"),
            Sought(name=f"{first} {last}", email=f"{first}.{last}@dsit.gov.uk".lower()),
            Sought(name=f"Q{first} Zy{last}"),
        ]
    return found


def measure(count: int) -> None:
    """Print one row."""
    names = made_up(count)
    text = as_yaml(names)
    entries = entries_from_yaml(text, file="people.yml")
    reading = timed(lambda: entries_from_yaml(text, file="people.yml"))
    directory = Directory(entries)
    indexing = timed(lambda: Directory(entries))
    policy = MatchingPolicy()
    times = sorted(
        timed(lambda sought=sought: match_person(sought, directory, policy=policy))
        for sought in sought_people(names, 50)
    )
    median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    print(  # noqa: T201 - a benchmark prints
        f"{count:>7,} entries: read {reading:7.0f} ms, index {indexing:6.0f} ms, "
        f"match median {median:6.2f} ms, p95 {p95:6.2f} ms, slowest {times[-1]:6.2f} ms"
    )


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ["500", "100000"]):
        measure(size)
