"""All words of all names in the lists, found by sound, beginning, ending, short form and slips."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from service.domain.by_key import ByKey
from service.domain.matching.short_forms import nickname_kin, stem
from service.domain.matching.word_likeness import slips_allowed, sounds_like


class Vocabulary:
    """Finds every word that `likeness` would call like a given one, and few others.

    Args:
        words: of all names; kept, not copied.
    """

    def __init__(self, words: Set[str]) -> None:
        self._known = words
        self._sorted = sorted(words)
        self._backwards = sorted(word[::-1] for word in self._sorted)
        self._by_sound = ByKey[str, str]()
        self._by_shape = ByKey[tuple[str, int], str]()
        self._by_letters = ByKey[str, str]()
        self._by_stem = ByKey[str, str]()
        for word in self._sorted:
            self._by_sound.add(sounds_like(word), word)
            self._by_shape.add((word[0], len(word)), word)
            self._by_letters.add("".join(sorted(word)), word)
            if stem(word) != word:
                self._by_stem.add(stem(word), word)

    def like(self, word: str) -> set[str]:
        """Return the words that may stand for this one."""
        found = {word[:end] for end in (1, *range(2, len(word) + 1))} & self._known
        if len(word) == 1:
            return found | set(_beginning(self._sorted, word))
        found.update(self._by_sound[sounds_like(word)])
        found.update(self._by_letters["".join(sorted(word))])
        return found | self._short_forms(word) | self._within_slips(word)

    def _short_forms(self, word: str) -> set[str]:
        found = set(nickname_kin(word) & self._known)
        plain = word.replace("ph", "f")
        for end in range(2, len(plain)):
            found.update(self._by_stem[plain[:end]])
        starts = {word, word[:4] if len(word) >= 5 else word}
        if len(stem(word)) >= 2:
            starts |= {stem(word), stem(word).replace("f", "ph")}
        for start in starts:
            found.update(_beginning(self._sorted, start))
        if len(word) >= 4:
            found.update(other[::-1] for other in _beginning(self._backwards, word[::-1]))
        found.update({word[start:] for start in range(1, len(word) - 3)} & self._known)
        return found

    def _within_slips(self, word: str) -> set[str]:
        """Find one slip anywhere, and two slips after the first letter.

        One slip leaves either half of the word as it is, unless it swaps the letters between them.
        """
        half = len(word) // 2
        start, end = word[:half], word[half:]
        found = {start[:-1] + end[0] + start[-1] + end[1:]} & self._known
        found.update(within_slips(word, _beginning(self._sorted, start), 1))
        backwards = within_slips(word[::-1], _beginning(self._backwards, end[::-1]), 1)
        found.update(other[::-1] for other in backwards)
        for length in range(len(word) - 2, len(word) + 3):
            if slips_allowed(max(length, len(word))) == 2:
                found.update(within_slips(word, self._by_shape[word[0], length], 2))
        return found


def within_slips(word: str, words: Iterable[str], slips: int) -> Iterator[str]:
    """Yield the words of which at most so many letters are wrong, missing, added or swapped."""
    near = extract_iter(word, words, scorer=OSA.distance, score_cutoff=slips)
    return (other for other, _, _ in near)


def _beginning(words: list[str], start: str) -> list[str]:
    return words[bisect_left(words, start) : bisect_left(words, start + "\U0010ffff")]
