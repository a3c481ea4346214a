"""Names that people go by: the `nicknames` library, what it lacks, and how short forms are made."""

import re
from functools import cache, lru_cache

from nicknames import name_triplets

from service.domain.matching.known_short_forms import KNOWN

# Of pet names in English and in its neighbours' languages: ``robbie``, ``wojtek``, ``misha``.
_ENDING = re.compile(
    r"(?:ies|ie|ey|y|i|o|a|s|zza|zz|z|mo|ek|ka|ko|sha|ya|ja|tje|je|ke|ito|ita|inho|ino|ina"
    r"|chen|ti|li)$"
)


def are_kin(one: str, other: str) -> bool:
    """Say whether one first name may be a form of the other, as Kate is of Katherine."""
    return other in nickname_kin(one) or _is_made_from(one, other) or _is_made_from(other, one)


@lru_cache(maxsize=1 << 14)
def nickname_kin(word: str) -> frozenset[str]:
    """Return the names in the lists of short forms that a bearer of this name may go by."""
    return _table().get(word, frozenset())


def is_given_name(word: str) -> bool:
    """Say whether a word, in lower-case ASCII, is a first name that the lists of them have."""
    return word in _table()


def stem(word: str) -> str:
    """Take the ending of a pet name off: ``robby`` and ``robbie`` give ``rob``."""
    short = _ENDING.sub("", word).replace("ph", "f")
    return short[:-1] if len(short) > 2 and short[-1:] == short[-2:-1] else short


def _is_made_from(pet: str, full: str) -> bool:
    """Say whether a short form is the beginning or end of the name, with an ending of its own."""
    start = stem(pet)
    is_pet_form = start != pet and len(start) >= 2 and len(full) > len(start) + 1
    return (is_pet_form and full.replace("ph", "f").startswith(start)) or (
        len(pet) >= 4 and full.endswith(pet)
    )


@cache
def _table() -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    pairs = [(one.name1, one.name2) for one in name_triplets()]
    for line in KNOWN.split(";"):
        full, _, short = line.partition(":")
        pairs += [(a, b) for a in full.split() for b in short.split() if a != b]
    for one, other in pairs:
        kin.setdefault(one, set()).add(other)
        kin.setdefault(other, set()).add(one)
    return {name: frozenset(names) for name, names in kin.items()}
