"""How long a ticket of 70 kB takes: `python -m tests.reading.bench`."""

import random
import time
from datetime import date

from service.domain.access_lists.entries import Entry
from service.domain.corrections import Corrections
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.index import Directory
from service.domain.matching.match_person import MatchingPolicy
from service.domain.reading.details import read_details
from service.domain.ticket import FieldIds, Ticket

LENGTH = 70_000
FIRST = [
    "Jane",
    "Sam",
    "Aoife",
    "Kwame",
    "Priya",
    "Jonas",
    "Marie",
    "Omar",
    "Lena",
    "Hugo",
    "Nia",
    "Tom",
    "Ines",
    "Paul",
    "Ada",
    "Finn",
]
PARTS = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "fi",
    "ga",
    "go",
    "ha",
    "he",
    "ka",
    "ki",
    "la",
    "lo",
    "ma",
    "mi",
    "na",
    "no",
    "pa",
    "pe",
    "ra",
    "ro",
    "sa",
    "si",
    "ta",
    "to",
]
WORDS = [
    "please",
    "could",
    "you",
    "remove",
    "the",
    "access",
    "of",
    "our",
    "colleague",
    "who",
    "leaves",
    "on",
    "Friday",
    "and",
    "see",
    "to",
    "the",
    "accounts",
    "and",
    "the",
    "laptop",
    "Thanks",
    "Sam",
    "for",
    "the",
    "Content",
    "Data",
    "service",
]


def directory_of(count: int, rng: random.Random) -> Directory:
    """Make up a list."""
    names = (
        f"{rng.choice(FIRST)} {''.join(rng.choices(PARTS, k=4)).title()}" for _ in range(count)
    )
    return Directory(
        Entry(
            id=str(number),
            file="config/govuk_tech.yml",
            position=str(number),
            name=name,
            email=f"{name.replace(' ', '.').lower()}{number}@dsit.gov.uk",
        )
        for number, name in enumerate(names)
    )


def a_long_ticket(rng: random.Random) -> Ticket:
    """Make up a ticket of the greatest length."""
    text = "Leaver: Jane Doe\nLeaving date: 18/12/2026\n\n"
    while len(text) < LENGTH:
        text += f"{' '.join(rng.choices(WORDS, k=14))}.\n"
    return Ticket(id=1, subject="Leaver request", description=text[:LENGTH], status="open")


def main() -> None:
    """Print the seconds for two sizes of lists."""
    rng = random.Random(1)  # noqa: S311 - made-up names
    ticket = a_long_ticket(rng)
    for count in (500, 100_000):
        directory = directory_of(count, rng)
        begun = time.perf_counter()
        details = read_details(ticket, fields=FieldIds(), today=date(2026, 11, 24))
        read = time.perf_counter()
        find_leaver(details, Corrections(), directory, policy=MatchingPolicy())
        found = time.perf_counter()
        print(f"{count} entries: read {read - begun:.2f} s, found {found - read:.2f} s")  # noqa: T201


if __name__ == "__main__":
    main()
