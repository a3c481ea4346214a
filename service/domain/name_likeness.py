"""How well two names fit each other, and why, in words that an operator can check."""

from dataclasses import dataclass
from enum import IntEnum

from service.domain.names import Name
from service.domain.word_likeness import Likeness, likeness


class Fit(IntEnum):
    """How well one name fits another, best last."""

    NOTHING = 0
    SURNAME = 1
    PLAUSIBLE = 2
    REORDERED = 3
    EXACT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFit:
    """A fit with its reasons.

    Attributes:
        fit: see `Fit`.
        score: orders fits of one kind, 0 to 1.
        evidence: short phrases.
    """

    fit: Fit
    score: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that stand for each other, by their places."""

    sought: int
    listed: int
    likeness: Likeness


NO_FIT = NameFit(fit=Fit.NOTHING)
_WEIGHT = {
    Likeness.SAME: 1.0, Likeness.SLIP: 0.8, Likeness.SOUND: 0.8, Likeness.SLIPS: 0.6,
    Likeness.NICKNAME: 0.7, Likeness.PREFIX: 0.6, Likeness.INITIAL: 0.4, Likeness.NONE: 0.0,
}  # fmt: skip


def compare_names(sought: Name, listed: Name) -> NameFit:
    """Compare one reading of each name."""
    found = _whole(sought, listed) or _by_words(sought, listed)
    if found.fit < Fit.PLAUSIBLE:
        return found
    doubts = _doubts(sought, listed)
    if not doubts:
        return found
    return NameFit(
        fit=min(found.fit, Fit.PLAUSIBLE),
        score=found.score - 0.1 * len(doubts),
        evidence=(*found.evidence, *doubts),
    )


def _doubts(sought: Name, listed: Name) -> tuple[str, ...]:
    doubts = []
    if sought.generation != listed.generation:
        doubts.append("only one says junior, senior or a number")
    if sought.is_spelt_out != listed.is_spelt_out:
        doubts.append("one is written in another alphabet")
    return tuple(doubts)


def _whole(sought: Name, listed: Name) -> NameFit | None:
    if sought.joined == listed.joined:
        return NameFit(fit=Fit.EXACT, score=1.0, evidence=("same name",))
    if len(sought.joined) != len(listed.joined):
        return None
    turns = (sought.words[i:] + sought.words[:i] for i in range(1, len(sought.words)))
    if sorted(sought.words) == sorted(listed.words) or any(
        "".join(turn) == listed.joined for turn in turns
    ):
        return NameFit(fit=Fit.REORDERED, score=0.95, evidence=("same name in another order",))
    return None


def _by_words(sought: Name, listed: Name) -> NameFit:
    ours, theirs = _merged(sought.core, listed.core), _merged(listed.core, sought.core)
    pairs = _pairs(ours, theirs)
    shorter = min(len(ours), len(theirs))
    strong = sum(pair.likeness is Likeness.SAME and len(ours[pair.sought]) > 1 for pair in pairs)
    variants = sum(pair.likeness > Likeness.INITIAL for pair in pairs) - strong
    is_covered = len(pairs) >= shorter or _both_ends(pairs, len(ours), len(theirs))
    score = sum(_WEIGHT[pair.likeness] for pair in pairs) / max(len(ours), len(theirs))
    if is_covered and (strong or variants >= min(2, shorter)):
        return NameFit(fit=Fit.PLAUSIBLE, score=score, evidence=_evidence(ours, theirs, pairs))
    if any(
        (p.sought, p.listed) == (len(ours) - 1, len(theirs) - 1) and p.likeness is Likeness.SAME
        for p in pairs
    ):
        return NameFit(fit=Fit.SURNAME, score=score, evidence=("same surname",))
    return NO_FIT


def _merged(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Join two neighbours that the other name writes as one word."""
    for place in range(len(words) - 1):
        both = words[place] + words[place + 1]
        if both in others and words[place] not in others:
            return _merged((*words[:place], both, *words[place + 2 :]), others)
    return words


def _pairs(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[Pair]:
    """Pair each word with the likeliest of the other name, the likeliest pairs first."""
    found = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            how = likeness(one, other)
            are_surnames = i == len(ours) - 1 and j == len(theirs) - 1 and min(i, j) > 0
            if are_surnames and how in {Likeness.NICKNAME, Likeness.PREFIX}:
                how = Likeness.NONE
            if how:
                found.append((-how, abs(i - j), i, j))
    pairs: list[Pair] = []
    for how_not, _, i, j in sorted(found):
        if all(pair.sought != i and pair.listed != j for pair in pairs):
            pairs.append(Pair(i, j, Likeness(-how_not)))
    return pairs


def _both_ends(pairs: list[Pair], ours: int, theirs: int) -> bool:
    places = {(pair.sought, pair.listed) for pair in pairs}
    return {(0, 0), (ours - 1, theirs - 1)} <= places or {(0, theirs - 1), (ours - 1, 0)} <= places


def _evidence(ours: tuple[str, ...], theirs: tuple[str, ...], pairs: list[Pair]) -> tuple[str, ...]:
    phrases = [
        _phrase(ours[p.sought], theirs[p.listed], p.likeness)
        for p in sorted(pairs, key=lambda p: p.sought)
    ]
    missing = len(ours) + len(theirs) - 2 * len(pairs)
    return (*filter(None, phrases), *(("one name has more words",) if missing else ()))


def _phrase(ours: str, theirs: str, how: Likeness) -> str:
    return {
        Likeness.SAME: "",
        Likeness.SLIP: "one letter differs",
        Likeness.SLIPS: "two letters differ",
        Likeness.SOUND: "sounds the same",
        Likeness.NICKNAME: f"{ours.title()} is a short form or kin of {theirs.title()}",
        Likeness.PREFIX: "one first name is the beginning of the other",
        Likeness.INITIAL: "only an initial agrees",
        Likeness.NONE: "",
    }[how]
