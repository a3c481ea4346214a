"""The words of two names in pairs: which word of one stands for which of the other."""

from dataclasses import dataclass

from service.domain.matching.word_likeness import Likeness, likeness


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that stand for each other, by their places."""

    sought: int
    listed: int
    likeness: Likeness


def merged(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Join two neighbours that the other name writes as one word."""
    for place in range(len(words) - 1):
        both = words[place] + words[place + 1]
        if both in others and words[place] not in others:
            return merged((*words[:place], both, *words[place + 2 :]), others)
    return words


def pairs_of(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[Pair]:
    """Pair each word with the likeliest of the other name, the likeliest pairs first."""
    found = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            how = likeness(one, other)
            if how and not _is_misplaced(how, (i, j), (len(ours) - 1, len(theirs) - 1)):
                found.append((-how, abs(i - j), i, j))
    pairs: list[Pair] = []
    for how_not, _, i, j in sorted(found):
        if all(pair.sought != i and pair.listed != j for pair in pairs):
            pairs.append(Pair(i, j, Likeness(-how_not)))
    return sorted(pairs, key=lambda pair: pair.sought)


def are_both_ends(pairs: list[Pair], ours: int, theirs: int) -> bool:
    """Say whether first and last word are paired, in either order."""
    places = {(pair.sought, pair.listed) for pair in pairs}
    return {(0, 0), (ours - 1, theirs - 1)} <= places or {(0, theirs - 1), (ours - 1, 0)} <= places


def _is_misplaced(how: Likeness, places: tuple[int, int], last: tuple[int, int]) -> bool:
    """Say whether short forms, which are of first names, are seen between surnames."""
    if how is Likeness.START:
        return max(places) > 0
    return how in {Likeness.NICKNAME, Likeness.PREFIX} and min(places) > 0 and places == last
