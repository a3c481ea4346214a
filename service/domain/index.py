"""The directory: all entries, taken apart once, with an index that finds similar names quickly."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from service.domain.addresses import Address, addresses_in, github_name, local_words
from service.domain.directory import Entry
from service.domain.names import Name, WrittenName, name_of_words, read_name
from service.domain.word_likeness import nickname_kin, slips_allowed, sounds_like

FEW = 60
MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An entry, taken apart.

    Attributes:
        place: its place in the directory.
        entry: as the list has it.
        name: its name, read.
        addresses: its addresses; a placeholder such as ``tbc`` is none.
        github: its GitHub name, lower case, or nothing.
        hints: names that its addresses and user names spell.
    """

    place: int
    entry: Entry
    name: WrittenName
    addresses: tuple[Address, ...]
    github: str
    hints: tuple[Name, ...]


class Directory:
    """The people of all lists.

    Args:
        entries: of all files, in any order: it makes no difference.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._profiles = tuple(_profile(place, entry) for place, entry in enumerate(self.entries))
        self._by_id: dict[str, list[Entry]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_joined: dict[str, list[int]] = defaultdict(list)
        self._by_local: dict[str, list[int]] = defaultdict(list)
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._by_github: dict[str, list[int]] = defaultdict(list)
        for profile in self._profiles:
            self._add(profile)
        self._words = _Vocabulary(self._by_word)

    def by_id(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the entries that say what this id stands for; a person may stand in two files."""
        return tuple(self._by_id.get(entry_id, ()))

    def at_address(self, address: Address) -> Iterator[Profile]:
        """Yield entries whose address has the same local part, but perhaps for a number."""
        yield from self._at({*self._by_local[address.local], *self._by_stem[address.stem]})

    def with_github(self, name: str) -> Iterator[Profile]:
        """Yield the bearers of a GitHub name."""
        yield from self._at(self._by_github.get(name, ()))

    def similar(self, name: Name) -> Iterator[Profile]:
        """Yield entries whose name may be this one; the caller compares them in full."""
        hits: Counter[int] = Counter()
        rare: set[int] = set()
        for word in dict.fromkeys(name.core):
            found = {place for like in self._words.like(word) for place in self._by_word[like]}
            hits.update(found)
            if len(found) <= FEW or len(name.core) == 1:
                rare |= found
        joined = set(self._by_joined.get(name.joined, ()))
        several = {place for place, count in hits.items() if count >= 2}
        yield from self._at(several | rare | joined)

    def _at(self, places: Iterable[int]) -> Iterator[Profile]:
        for place in places:
            yield self._profiles[place]

    def _add(self, profile: Profile) -> None:
        place, entry = profile.place, profile.entry
        self._by_id[entry.id].append(entry)
        for name in (*profile.name.readings, *profile.hints):
            self._by_joined[name.joined].append(place)
        for word in {
            word for name in (*profile.name.readings, *profile.hints) for word in _keys(name)
        }:
            self._by_word[word].append(place)
        for address in profile.addresses:
            self._by_local[address.local].append(place)
            self._by_stem[address.stem].append(place)
        if profile.github:
            self._by_github[profile.github].append(place)


class _Vocabulary:
    """All words of all names, found by sound, by beginning, by nickname and by slips."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted = sorted(words)
        self._known = frozenset(self._sorted)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._sorted:
            self._by_sound[sounds_like(word)].append(word)
            self._by_length[len(word)].append(word)

    def like(self, word: str) -> set[str]:
        """Return the words that may stand for this one."""
        found = {word[:1]} & self._known
        if len(word) == 1:
            return found | set(self._beginning(word))
        found |= set(self._by_sound.get(sounds_like(word), ()))
        found |= nickname_kin(word) & self._known
        found |= set(self._beginning(word)) if len(word) >= 3 else set()
        found |= {word[:end] for end in range(3, len(word) + 1)} & self._known
        return found | self._within_slips(word)

    def _beginning(self, start: str) -> Iterator[str]:
        for place in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[place].startswith(start):
                return
            yield self._sorted[place]

    def _within_slips(self, word: str) -> set[str]:
        found: set[str] = set()
        for length in range(len(word) - 2, len(word) + 3):
            allowed = slips_allowed(max(length, len(word)))
            if abs(length - len(word)) <= allowed:
                near = extract_iter(
                    word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=allowed
                )
                found.update(match for match, _, _ in near)
        return found


def _profile(place: int, entry: Entry) -> Profile:
    addresses = addresses_in(entry.email)
    locals_ = [local_words(address.local) for address in addresses]
    users = [local_words(user.partition("@")[0]) for user in (entry.ssh, entry.github) if user]
    return Profile(
        place=place,
        entry=entry,
        name=read_name(entry.name),
        addresses=addresses,
        github=github_name(entry.github),
        hints=tuple(
            dict.fromkeys(
                name_of_words(words) for words in (*locals_, *users) if len("".join(words)) > 4
            )
        ),
    )


def _keys(name: Name) -> Iterator[str]:
    yield from name.core
    for one, other in zip(name.words, name.words[1:], strict=False):
        yield one + other
