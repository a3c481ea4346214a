"""All words of all names in the lists, found by sound, beginning, ending, short form and slips."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from service.domain.matching.short_forms import nickname_kin, stem
from service.domain.matching.word_likeness import slips_allowed, sounds_like


class Vocabulary:
    """Finds every word that `likeness` would call like a given one, and few others.

    Args:
        words: each once.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted = sorted(words)
        self._backwards = sorted(word[::-1] for word in self._sorted)
        self._known = frozenset(self._sorted)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_gap: dict[str, list[str]] = defaultdict(list)
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._by_letters: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for word in self._sorted:
            self._by_sound[sounds_like(word)].append(word)
            self._by_shape[word[0], len(word)].append(word)
            for gap in _gaps(word):
                self._by_gap[gap].append(word)
            self._by_letters["".join(sorted(word))].append(word)
            if stem(word) != word:
                self._by_stem[stem(word)].append(word)

    def like(self, word: str) -> set[str]:
        """Return the words that may stand for this one."""
        found = {word[:end] for end in (1, *range(2, len(word) + 1))} & self._known
        if len(word) == 1:
            return found | set(_beginning(self._sorted, word))
        found.update(self._by_sound.get(sounds_like(word), ()))
        found.update(self._by_letters.get("".join(sorted(word)), ()))
        return found | self._short_forms(word) | self._within_slips(word)

    def _short_forms(self, word: str) -> set[str]:
        found = set(nickname_kin(word) & self._known)
        plain = word.replace("ph", "f")
        for end in range(2, len(plain)):
            found.update(self._by_stem.get(plain[:end], ()))
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

        Words a slip apart become the same by leaving out a letter of one or of both.
        """
        found = set(self._by_gap.get(word, ()))
        for gap in _gaps(word):
            found.update(self._by_gap.get(gap, ()))
        found |= set(_gaps(word)) & self._known
        for length in range(len(word) - 2, len(word) + 3):
            if slips_allowed(max(length, len(word))) == 2:
                alike = self._by_shape.get((word[0], length), ())
                near = extract_iter(word, alike, scorer=OSA.distance, score_cutoff=2)
                found.update(match for match, _, _ in near)
        return found


def _gaps(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _beginning(words: list[str], start: str) -> Iterator[str]:
    for place in range(bisect_left(words, start), len(words)):
        if not words[place].startswith(start):
            return
        yield words[place]
