"""The directory: all entries, taken apart once, with an index that finds similar names quickly."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from service.domain.access_lists.entries import Entry
from service.domain.matching.addresses import Address, addresses_in
from service.domain.matching.name_likeness import Fit, compare_names
from service.domain.matching.names import Name, WrittenName, name_of_words, read_name
from service.domain.matching.user_names import user_name, words_of
from service.domain.matching.vocabulary import Vocabulary
from service.domain.text import clean

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
        user_name: the same of its ssh or other user name, unless several people share it.
        hints: names that its addresses and user names spell with dots or hyphens.
        handles: the letters of those that spell it in one word.
        oddities: what a reader of the list would not notice in its name or address.
    """

    place: int
    entry: Entry
    name: WrittenName
    addresses: tuple[Address, ...]
    github: str
    user_name: str
    hints: tuple[Name, ...]
    handles: tuple[str, ...]
    oddities: tuple[str, ...]

    @property
    def all_names(self) -> tuple[Name, ...]:
        """The readings of its name, and the names that are spelt elsewhere."""
        return (*self.name.readings, *self.hints)


class Directory:
    """The people of all lists.

    Args:
        entries: of all files, in any order: it makes no difference.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        profiles = [_profile(place, entry) for place, entry in enumerate(self.entries)]
        self._profiles = tuple(_without_shared_logins(profiles))
        self._by_id: dict[str, list[Entry]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        self._by_joined: dict[str, list[int]] = defaultdict(list)
        self._by_local: dict[str, list[int]] = defaultdict(list)
        self._by_person: dict[str, list[int]] = defaultdict(list)
        self._by_github: dict[str, list[int]] = defaultdict(list)
        for profile in self._profiles:
            self._add(profile)
        self._words = Vocabulary(self._by_word)

    def by_id(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the entries that say what this id stands for; a person may stand in two files."""
        return tuple(self._by_id.get(entry_id, ()))

    def bearers(self, surname: str) -> int:
        """Count the entries that have this word in their name or address."""
        return len(self._by_word.get(surname, ()))

    def at_address(self, address: Address) -> Iterator[Profile]:
        """Yield entries with the same local part, but for a number or ``admin``, or near ones."""
        same = {*self._by_local.get(address.local, ()), *self._by_person.get(address.person, ())}
        yield from self._at(same or self._near(address.local))

    def with_github(self, name: str) -> Iterator[Profile]:
        """Yield the bearers of a GitHub name."""
        yield from self._at(self._by_github.get(name, ()))

    def similar(self, name: Name) -> Iterator[Profile]:
        """Yield entries whose name may be this one; the caller compares them in full."""
        hits: Counter[int] = Counter()
        few: set[int] = set()
        for word in dict.fromkeys(name.core):
            found = self._with_word_like(word)
            hits.update(found)
            if len(found) <= FEW or len(name.core) == 1:
                few |= found
        for pair in _pairs(name):
            few.update(self._by_word.get(pair, ()))
        spelt = (name.joined, "".join(name.core[::-1]))
        joined = {place for letters in spelt for place in self._by_joined.get(letters, ())}
        several = {place for place, count in hits.items() if count >= 2}
        yield from self._at(several | few | joined)

    def _with_word_like(self, word: str) -> set[int]:
        like = self._words.like(word)
        found = {place for one in like for place in self._by_word[one]}
        return found.union(self._by_pair.get(word, ()))

    def _near(self, local: str) -> set[int]:
        near = extract_iter(local, self._by_local.keys(), scorer=OSA.distance, score_cutoff=2)
        return {place for found, _, _ in near for place in self._by_local[found]}

    def _at(self, places: Iterable[int]) -> Iterator[Profile]:
        for place in places:
            yield self._profiles[place]

    def _add(self, profile: Profile) -> None:
        place, entry = profile.place, profile.entry
        self._by_id[entry.id].append(entry)
        for handle in profile.handles:
            self._by_joined[handle].append(place)
        for name in profile.all_names:
            self._by_joined[name.joined].append(place)
        for word in {word for name in profile.all_names for word in name.core}:
            self._by_word[word].append(place)
        for pair in {pair for name in profile.all_names for pair in _pairs(name)}:
            self._by_pair[pair].append(place)
        for address in profile.addresses:
            self._by_local[address.local].append(place)
            self._by_person[address.person].append(place)
        if profile.github:
            self._by_github[profile.github].append(place)


def _profile(place: int, entry: Entry) -> Profile:
    addresses = addresses_in(entry.email)
    users = (user.partition("@")[0] for user in (entry.ssh, entry.github) if user)
    spelt = dict.fromkeys(map(words_of, (*(address.local for address in addresses), *users)))
    name = read_name(entry.name)
    return Profile(
        place=place,
        entry=entry,
        name=name,
        addresses=addresses,
        github=user_name(entry.github),
        user_name=user_name(entry.ssh),
        hints=tuple(name_of_words(words) for words in spelt if len(words) > 1),
        oddities=(*name.oddities, *clean(entry.email).oddities),
        handles=tuple(words[0] for words in spelt if len(words) == 1 and len(words[0]) > 4),
    )


def _without_shared_logins(profiles: list[Profile]) -> Iterator[Profile]:
    """Take user names off that entries of different people have: they are nobody's own."""
    bearers: dict[str, set[Name]] = defaultdict(set)
    for profile in profiles:
        bearers[profile.user_name].update(profile.name.readings[:1] if profile.user_name else ())
    shared = {login for login, names in bearers.items() if _are_several(names)}
    for profile in profiles:
        yield replace(profile, user_name="") if profile.user_name in shared else profile


def _are_several(names: set[Name]) -> bool:
    ordered = sorted(names, key=lambda name: name.words)
    return any(compare_names(ordered[0], name).fit < Fit.PLAUSIBLE for name in ordered[1:])


def _pairs(name: Name) -> Iterator[str]:
    """Join neighbouring words, since ``Al-Rashdan`` is written ``Alrashdan`` as well."""
    for one, other in zip(name.words, name.words[1:], strict=False):
        yield one + other
