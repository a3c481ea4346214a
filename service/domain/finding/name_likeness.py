"""How well two names fit each other, and why, in words that an operator can check."""

from dataclasses import dataclass, replace
from enum import IntEnum

from service.domain.finding.names import Name
from service.domain.finding.word_likeness import Likeness, likeness


class Fit(IntEnum):
    """How well one name fits another, best last."""

    NOTHING = 0
    SURNAME = 1
    """Only the surnames agree, and the first names are not unlike."""
    PLAUSIBLE = 2
    REORDERED = 3
    EXACT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFit:
    """A fit with its reasons.

    Attributes:
        fit: see `Fit`.
        score: orders fits of one kind; 1 is the best.
        evidence: short phrases.
        is_contradicted: each name has a word that the other lacks.
    """

    fit: Fit
    score: float = 0.0
    evidence: tuple[str, ...] = ()
    is_contradicted: bool = False

    @property
    def order(self) -> tuple[float, ...]:
        """Sorts fits, best last."""
        return (self.fit, self.score, not self.is_contradicted)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two words that stand for each other, by their places."""

    sought: int
    listed: int
    likeness: Likeness


NO_FIT = NameFit(fit=Fit.NOTHING)
ENOUGH = 0.6
"""How alike two words must be, on average, where no word is the same."""
SPELT = "a user name or an e-mail address spells the name"
_WEIGHT = {
    Likeness.SAME: 1.0, Likeness.SLIP: 0.8, Likeness.SOUND: 0.8, Likeness.SLIPS: 0.55,
    Likeness.NICKNAME: 0.7, Likeness.PREFIX: 0.6, Likeness.START: 0.4, Likeness.INITIAL: 0.4,
}  # fmt: skip
_PHRASES = {
    Likeness.SLIP: "one letter differs",
    Likeness.SLIPS: "two letters differ, or letters are shuffled",
    Likeness.SOUND: "sounds the same",
    Likeness.PREFIX: "one first name begins the other",
    Likeness.START: "first names begin the same",
    Likeness.INITIAL: "only an initial agrees",
}


def compare_names(sought: Name, listed: Name) -> NameFit:
    """Compare one reading of each name."""
    found = _whole(sought, listed) or _by_words(sought, listed)
    if found.fit < Fit.PLAUSIBLE:
        return found
    if sought.generation != listed.generation:
        found = _doubted(found, "only one says junior, senior or a number")
        if sought.generation and listed.generation:
            return replace(found, is_contradicted=True)
    if sought.is_spelt_out != listed.is_spelt_out:
        found = _doubted(found, "one is written in another alphabet")
    return found


def compare_handle(sought: Name, handle: str) -> NameFit:
    """Compare a name with a user name or local part that runs its letters together."""
    if len(sought.words) < 2 or len(handle) < 5:
        return NO_FIT
    if handle in {sought.joined, "".join(sought.core[::-1])}:
        return NameFit(fit=Fit.EXACT, score=0.9, evidence=(SPELT,))
    return NO_FIT


def _doubted(found: NameFit, doubt: str) -> NameFit:
    return replace(
        found,
        fit=min(found.fit, Fit.PLAUSIBLE),
        score=found.score - 0.1,
        evidence=(*found.evidence, doubt),
    )


def _whole(sought: Name, listed: Name) -> NameFit | None:
    if sought.joined == listed.joined:
        return NameFit(fit=Fit.EXACT, score=1.0, evidence=("same name",))
    if len(sought.joined) != len(listed.joined):
        return None
    turns = ("".join(sought.words[i:] + sought.words[:i]) for i in range(1, len(sought.words)))
    if sorted(sought.words) == sorted(listed.words) or listed.joined in turns:
        return NameFit(fit=Fit.REORDERED, score=0.95, evidence=("same name in another order",))
    return None


def _by_words(sought: Name, listed: Name) -> NameFit:
    ours, theirs = _merged(sought.core, listed.core), _merged(listed.core, sought.core)
    pairs = _pairs(ours, theirs)
    if not pairs:
        return NO_FIT
    shorter = min(len(ours), len(theirs))
    same = sum(pair.likeness is Likeness.SAME and len(ours[pair.sought]) > 1 for pair in pairs)
    alike = sum(_WEIGHT[pair.likeness] for pair in pairs if pair.likeness > Likeness.INITIAL)
    is_covered = len(pairs) == shorter or _both_ends(pairs, len(ours), len(theirs))
    missing = (len(ours) - len(pairs), len(theirs) - len(pairs))
    found = NameFit(
        fit=Fit.PLAUSIBLE,
        score=sum(_WEIGHT[pair.likeness] for pair in pairs) / max(len(ours), len(theirs)),
        evidence=_evidence(ours, theirs, pairs),
        is_contradicted=min(missing) > 0,
    )
    is_enough = same > 0 or alike >= ENOUGH * min(2, shorter)
    if is_covered and (same >= 2 or (is_enough and not found.is_contradicted)):
        return found
    return _by_surname(ours, theirs, found)


def _by_surname(ours: tuple[str, ...], theirs: tuple[str, ...], found: NameFit) -> NameFit:
    """Weigh names that share their last word, and something of the first."""
    one, other = ours[0], theirs[0]
    begin = 1 if min(len(one), len(other)) <= 4 else 2
    shares = one[:begin] == other[:begin] or any(
        one[i : i + 3] in other for i in range(len(one) - 2)
    )
    if ours[-1] != theirs[-1] or min(len(ours), len(theirs), len(ours[-1]) - 1) < 2 or not shares:
        return NO_FIT
    evidence = ("same surname", "first names share letters")
    return replace(found, fit=Fit.SURNAME, evidence=evidence)


def _merged(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Join two neighbours that the other name writes as one word."""
    for place in range(len(words) - 1):
        both = words[place] + words[place + 1]
        if both in others and words[place] not in others:
            return _merged((*words[:place], both, *words[place + 2 :]), others)
    return words


def _pairs(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[_Pair]:
    """Pair each word with the likeliest of the other name, the likeliest pairs first."""
    found = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            how = likeness(one, other)
            if how and not _is_misplaced(how, (i, j), (len(ours) - 1, len(theirs) - 1)):
                found.append((-how, abs(i - j), i, j))
    pairs: list[_Pair] = []
    for how_not, _, i, j in sorted(found):
        if all(pair.sought != i and pair.listed != j for pair in pairs):
            pairs.append(_Pair(i, j, Likeness(-how_not)))
    return sorted(pairs, key=lambda pair: pair.sought)


def _is_misplaced(how: Likeness, places: tuple[int, int], last: tuple[int, int]) -> bool:
    """Say whether short forms, which are of first names, are seen between surnames."""
    if how is Likeness.START:
        return max(places) > 0
    return how in {Likeness.NICKNAME, Likeness.PREFIX} and min(places) > 0 and places == last


def _both_ends(pairs: list[_Pair], ours: int, theirs: int) -> bool:
    places = {(pair.sought, pair.listed) for pair in pairs}
    return {(0, 0), (ours - 1, theirs - 1)} <= places or {(0, theirs - 1), (ours - 1, 0)} <= places


def _evidence(
    ours: tuple[str, ...], theirs: tuple[str, ...], pairs: list[_Pair]
) -> tuple[str, ...]:
    phrases = [_phrase(ours[pair.sought], theirs[pair.listed], pair.likeness) for pair in pairs]
    if len(ours) + len(theirs) > 2 * len(pairs):
        phrases.append("one name has words that the other lacks")
    return tuple(dict.fromkeys(filter(None, phrases)))


def _phrase(ours: str, theirs: str, how: Likeness) -> str:
    if how is Likeness.NICKNAME:
        short, full = sorted((ours.title(), theirs.title()), key=len)
        return f"{short} may be a nickname of {full}"
    return _PHRASES.get(how, "")
