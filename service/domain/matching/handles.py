"""User names and local parts as they are made of names: ``jdoe``, ``janed``, ``doej``."""

from functools import lru_cache

from service.domain.matching.name_words import TAGS
from service.domain.matching.names import Name
from service.domain.matching.short_forms import nickname_kin

LONGEST_LOGIN = 8
"""Characters; older systems cut a login off there."""


def handle_of(words: tuple[str, ...]) -> str:
    """Return the one word of a login that may be made of a name; ``jdoe-gds`` has a tag more."""
    said = [word for word in words if word not in TAGS]
    return said[0] if len(said) == 1 and len(said[0]) > 2 else ""


@lru_cache(maxsize=1 << 14)
def handles_of(name: Name) -> frozenset[str]:
    """Return what a login of somebody of this name may be, besides all the letters of the name.

    Either the given name, a short form of it or the beginning of one, with the whole surname, or
    the given name with the beginning of the surname; in both orders. Or the surname alone.
    """
    first = name.words[0]
    if len(name.words) < 2:
        return frozenset({first} if len(first) > 2 else ())
    initials = "".join(word[0] for word in name.words[:-1])
    found: set[str] = {first} if len(first) > 2 else set()
    for surname in _surnames(name):
        starts = {first[:end] for end in range(1, len(first) + 1)} | {initials}
        for short in nickname_kin(first):
            starts |= {short, short[0]}
        ends = {surname[:end] for end in range(1, len(surname))}
        pairs = [(start, surname) for start in starts] + [(first, end) for end in ends]
        found |= {surname} | {one + other for one, other in pairs}
        found |= {other + one for one, other in pairs}
    found |= {one[:LONGEST_LOGIN] for one in found if len(one) > LONGEST_LOGIN}
    return frozenset(one for one in found if len(one) > 2)


def _surnames(name: Name) -> set[str]:
    """Return each word after the first, and the last ones run together: ``staggpenn``."""
    words = name.words[1:]
    return {"".join(words[start:]) for start in range(len(words))} | set(words)
