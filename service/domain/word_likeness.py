"""How two words of a name may be the same name: typing slips, sounds, nicknames, initials."""

import re
from enum import IntEnum
from functools import cache, lru_cache

from nicknames import name_triplets
from rapidfuzz.distance import OSA


class Likeness(IntEnum):
    """How two words are alike, weakest first."""

    NONE = 0
    INITIAL = 1
    PREFIX = 2
    NICKNAME = 3
    SLIPS = 4
    SOUND = 5
    SLIP = 6
    SAME = 7


# Short forms that the library does not know, and that share too little to be seen otherwise.
_MORE_NICKNAMES = """
    alexander alexandra: sasha sandy alex lex xander alec shura; malgorzata: gosia; francisco: paco
    pancho curro; joseph jose: pepe beppe jo joe pepito; katarzyna: kasia; aleksandra: ola;
    agnieszka: aga; joanna: asia; barbara: basia; zofia: zosia; elzbieta: ela; krzysztof: krzys;
    giuseppe: beppe peppe; dmitri dmitry: dima mitya; vladimir: vova volodya vlad; mikhail: misha;
    nikolai: kolya; ekaterina: katya; anastasia: nastya; tatiana: tanya; natalia: natasha;
    maria: masha; yevgeny evgeny: zhenya; sergei: seryozha; elena: lena; svetlana: sveta;
    johannes: hans jan; wilhelm: willi; friedrich: fritz; heinrich: heinz; margarete: grete gretel;
    ignacio: nacho; dolores: lola; guadalupe: lupe; consuelo: chelo; eduardo: lalo; luis: lucho;
    siobhan: shiv; john: ian sean iain jack jean johan ivan juan evan hans jan; william: liam guillermo;
    james: jamie jim seamus hamish; muhammad: mo mohammed mohamed mohammad mehmet; hector: ettore
"""


def likeness(one: str, other: str) -> Likeness:
    """Say how two different-looking words of a name are alike, at best."""
    if one == other:
        return Likeness.SAME
    if len(one) == 1 or len(other) == 1:
        return Likeness.INITIAL if one[0] == other[0] else Likeness.NONE
    slips = slips_between(one, other)
    if slips == 1:
        return Likeness.SLIP
    if sounds_like(one) == sounds_like(other):
        return Likeness.SOUND
    if slips == 2:
        return Likeness.SLIPS
    if is_nickname(one, other):
        return Likeness.NICKNAME
    shorter, longer = sorted((one, other), key=len)
    return Likeness.PREFIX if len(shorter) >= 3 and longer.startswith(shorter) else Likeness.NONE


def slips_allowed(length: int) -> int:
    """How many letters may be wrong in a word before it is another word."""
    return 2 if length >= 7 else 1 if length >= 3 else 0


def slips_between(one: str, other: str) -> int:
    """Count letters wrong, missing, added or swapped; 0 stands for more than may be."""
    allowed = slips_allowed(max(len(one), len(other)))
    slips = OSA.distance(one, other, score_cutoff=allowed)
    return slips if slips <= allowed else 0


_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("^(?:mac|mc)(?=[a-z])", "mk"), ("ph", "f"), ("ck|q|c(?=[^eihy]|$)|kh|ch(?=r)", "k"),
        ("c(?=[eiy])|z|x$", "s"), ("sch|sh|ch|tch|cz|sz", "S"), ("gh(?=t)|(?<=[aeiou])gh", ""),
        ("dg|j", "j"), ("th|dt", "t"), ("v|w", "v"), ("x", "ks"), ("(?<!^)h", ""),
        ("^(?:kn|gn)", "n"), ("^wr", "r"), ("[aeiouy]+", "a"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=1 << 18)
def sounds_like(word: str) -> str:
    """Reduce a word to how it sounds, roughly; vowels count by their place alone."""
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


def is_nickname(one: str, other: str) -> bool:
    """Say whether one name is used for the other, or both for a third."""
    return other in nickname_kin(one)


@lru_cache(maxsize=1 << 14)
def nickname_kin(word: str) -> frozenset[str]:
    """Return the names that a bearer of this name may go by."""
    table = _nickname_table()
    direct = table.get(word, frozenset())
    return direct - {word}


@cache
def _nickname_table() -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    pairs = [(one.name1, one.name2) for one in name_triplets()]
    for line in _MORE_NICKNAMES.split(";"):
        full, _, short = line.partition(":")
        pairs += [(a, b) for a in full.split() for b in short.split()]
    for one, other in pairs:
        kin.setdefault(one, set()).add(other)
        kin.setdefault(other, set()).add(one)
    return {name: frozenset(names) for name, names in kin.items()}
