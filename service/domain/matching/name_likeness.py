"""How well two names fit each other, and why, in words that an operator can check."""

from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate

from service.domain.matching.handles import handles_of
from service.domain.matching.names import Name
from service.domain.matching.word_likeness import Likeness
from service.domain.matching.word_pairs import Pair, are_both_ends, merged, pairs_of


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


NO_FIT = NameFit(fit=Fit.NOTHING)
_SAME = NameFit(fit=Fit.EXACT, score=1.0, evidence=("same name",))
_REORDERED = NameFit(fit=Fit.REORDERED, score=0.95, evidence=("same name in another order",))
ENOUGH = 0.6
"""How alike two words must be, on average, if no word is the same."""
SPELT = "a user name or an e-mail address spells the name"
SPELT_IN_PART = "a user name or an e-mail address may be made of the name"
_SPELT_IN_PART = NameFit(fit=Fit.PLAUSIBLE, score=0.3, evidence=(SPELT_IN_PART,))
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
    found = _whole(sought, listed) or _by_words(sought.core, listed.core)
    if found.fit < Fit.PLAUSIBLE and (sought.core, listed.core) != (sought.words, listed.words):
        # What is a particle in one name is a given name in another: Van, Ben, Thi.
        found = max(found, _by_words(sought.words, listed.words), key=lambda fit: fit.order)
    if found.fit < Fit.PLAUSIBLE:
        return found
    if sought.generation != listed.generation:
        found = _doubted(found, "only one says junior, senior or a number")
        if sought.generation and listed.generation:
            return replace(found, is_contradicted=True)
    if sought.is_spelt_out != listed.is_spelt_out:
        found = _doubted(found, "one is written in another alphabet")
    elif found.fit > Fit.PLAUSIBLE and not _are_written_alike(sought, listed, found.fit):
        found = _doubted(found, "the same only if it is spelt out in Latin letters")
    return found


def compare_handle(sought: Name, handle: str) -> NameFit:
    """Compare a name with a user name or local part: all its letters, or as logins are made."""
    if len(handle) > 4 and handle in {sought.joined, "".join(sought.core[::-1])}:
        return NameFit(fit=Fit.EXACT, score=0.9, evidence=(SPELT,))
    return _SPELT_IN_PART if handle in handles_of(sought) else NO_FIT


def _doubted(found: NameFit, doubt: str) -> NameFit:
    return replace(
        found,
        fit=min(found.fit, Fit.PLAUSIBLE),
        score=found.score - 0.1,
        evidence=(*found.evidence, doubt),
    )


def _are_written_alike(sought: Name, listed: Name, fit: Fit) -> bool:
    """Compare the letters of another alphabet: many Han characters share a sound."""
    if fit is Fit.EXACT:
        return sought.written == listed.written
    return sorted(sought.written) == sorted(listed.written)


def _whole(sought: Name, listed: Name) -> NameFit | None:
    """Compare all letters in their order, then with the last words first."""
    if len(sought.joined) != len(listed.joined):
        return None
    for place in range(len(sought.words)):
        turned = sought.words[place:] + sought.words[:place]
        if "".join(turned) == listed.joined:
            return _parted(turned, listed.words, is_turned=place > 0)
    return _REORDERED if sorted(sought.words) == sorted(listed.words) else None


def _parted(ours: tuple[str, ...], theirs: tuple[str, ...], *, is_turned: bool) -> NameFit:
    """Distinguish words run together, as Joanne is Jo Anne, from Ann Easton and Anne Aston.

    An initial is not run together with the word before it.
    """
    one, other = set(accumulate(map(len, ours))), set(accumulate(map(len, theirs)))
    before_initials = {end for end in one ^ other if end + 1 in one | other}
    if before_initials or not (one <= other or other <= one):
        evidence = ("the same letters, split into other words",)
        return NameFit(fit=Fit.PLAUSIBLE, score=0.6, evidence=evidence)
    return _REORDERED if is_turned else _SAME


def _by_words(sought: tuple[str, ...], listed: tuple[str, ...]) -> NameFit:
    ours, theirs = merged(sought, listed), merged(listed, sought)
    pairs = pairs_of(ours, theirs)
    if not pairs:
        return NO_FIT
    shorter = min(len(ours), len(theirs))
    same = sum(pair.likeness is Likeness.SAME and len(ours[pair.sought]) > 1 for pair in pairs)
    alike = sum(_WEIGHT[pair.likeness] for pair in pairs if pair.likeness > Likeness.INITIAL)
    is_covered = len(pairs) == shorter or are_both_ends(pairs, len(ours), len(theirs))
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


def _evidence(ours: tuple[str, ...], theirs: tuple[str, ...], pairs: list[Pair]) -> tuple[str, ...]:
    phrases = [_phrase(ours[pair.sought], theirs[pair.listed], pair.likeness) for pair in pairs]
    if len(ours) + len(theirs) > 2 * len(pairs):
        phrases.append("one name has words that the other lacks")
    return tuple(dict.fromkeys(filter(None, phrases)))


def _phrase(ours: str, theirs: str, how: Likeness) -> str:
    if how is Likeness.NICKNAME:
        short, full = sorted((ours.title(), theirs.title()), key=len)
        return f"{short} may be a nickname of {full}"
    return _PHRASES.get(how, "")
