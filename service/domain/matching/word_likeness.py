"""How two words of a name may be the same name: typing slips, sounds, short forms, initials."""

import re
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from service.domain.matching.short_forms import are_kin


class Likeness(IntEnum):
    """How two words are alike, weakest first."""

    NONE = 0
    INITIAL = 1
    START = 2
    PREFIX = 3
    NICKNAME = 4
    SLIPS = 5
    SOUND = 6
    SLIP = 7
    SAME = 8


@lru_cache(maxsize=1 << 16)
def likeness(one: str, other: str) -> Likeness:
    """Say how two words of a name are alike, at best."""
    if one == other:
        return Likeness.SAME
    if len(one) == 1 or len(other) == 1:
        return Likeness.INITIAL if one[0] == other[0] else Likeness.NONE
    slips = slips_between(one, other)
    if slips == 1:
        return Likeness.SLIP
    if sounds_like(one) == sounds_like(other):
        return Likeness.SOUND
    if slips == 2 or _are_shuffled(one, other):
        return Likeness.SLIPS
    return _first_name_likeness(one, other)


def _first_name_likeness(one: str, other: str) -> Likeness:
    if are_kin(one, other):
        return Likeness.NICKNAME
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 2 and longer.startswith(shorter):
        return Likeness.PREFIX
    return Likeness.START if len(shorter) >= 5 and one[:4] == other[:4] else Likeness.NONE


def slips_allowed(length: int) -> int:
    """Return how many letters may be wrong in a word before it is another word."""
    return 2 if length >= 6 else 1 if length >= 3 else 0


def slips_between(one: str, other: str) -> int:
    """Count letters wrong, missing, added or swapped; 0 stands for more than may be."""
    allowed = slips_allowed(max(len(one), len(other)))
    slips = OSA.distance(one, other, score_cutoff=allowed)
    return slips if slips <= allowed else 0


def _are_shuffled(one: str, other: str) -> bool:
    return len(one) >= 5 and one[0] == other[0] and sorted(one) == sorted(other)


_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("(?<=[vw]i)(?:tz|ts|c)$", "ch"), ("^(?:mac|mc)(?=[a-z])", "mk"), ("ph", "f"),
        ("ck|q|c(?=[^eihy]|$)|kh|ch(?=r)", "k"),
        ("c(?=[eiy])|z|x$", "s"), ("sch|sh|ch|tch|cz|sz", "S"), ("gh(?=t)|(?<=[aeiou])gh", ""),
        ("dg|j", "j"), ("th|dt", "t"), ("v|w", "v"), ("x", "ks"), ("(?<!^)h", ""),
        ("^(?:kn|gn)", "n"), ("^wr", "r"), ("[aeiouy]+", "a"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def sounds_like(word: str) -> str:
    """Reduce a word to how it sounds, roughly; vowels count by their place alone."""
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word
