"""The directory: all entries, taken apart once, with an index that finds similar names quickly."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from service.domain.access_lists.entries import Entry
from service.domain.by_key import ByKey
from service.domain.matching.addresses import Address, read_addresses
from service.domain.matching.handles import handle_of, handles_of
from service.domain.matching.name_likeness import Fit, compare_names
from service.domain.matching.names import Name, WrittenName, name_of_words, read_name
from service.domain.matching.user_names import login_words, user_name
from service.domain.matching.vocabulary import Vocabulary, within_slips
from service.domain.text import clean

FEW = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """An entry, taken apart.

    Attributes:
        place: its place in the directory.
        entry: as the list has it.
        name: its name, read.
        addresses: its addresses; a placeholder such as ``tbc`` is none.
        github: its GitHub name, lower case, or nothing.
        user_name: the same of its ssh or other user name, unless several people share it.
        logins: its GitHub and user names, a name of one word, and what stands before an at sign.
        hints: names that its addresses and user names spell with dots or hyphens.
        handles: the letters of those that are one word.
        oddities: what a reader of the list would not notice in its name or address.
    """

    place: int
    entry: Entry
    name: WrittenName
    addresses: tuple[Address, ...]
    github: str
    user_name: str
    logins: tuple[str, ...]
    hints: tuple[Name, ...]
    handles: tuple[str, ...]
    oddities: tuple[str, ...]

    @property
    def all_names(self) -> tuple[Name, ...]:
        """The readings of its name, and the names that are spelt elsewhere."""
        return (*self.name.readings, *self.hints)

    @property
    def has_full_name(self) -> bool:
        """Whether the entry itself names somebody by two words or more."""
        return any(len(name.words) > 1 for name in self.name.readings)


class Directory:
    """The people of all lists.

    Args:
        entries: of all files, in any order: it makes no difference.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        apart = [_parse(place, entry) for place, entry in enumerate(self.entries)]
        self._parsed = tuple(_without_shared_logins(apart))
        self._by_id = ByKey[str, int]()
        self._by_word = ByKey[str, int]()
        self._by_pair = ByKey[str, int]()
        self._by_joined = ByKey[str, int]()
        self._by_local = ByKey[str, int]()
        self._by_person = ByKey[str, int]()
        self._by_login = ByKey[str, int]()
        self._by_handle = ByKey[str, int]()
        for parsed in self._parsed:
            self._add(parsed)
        self._words = Vocabulary(self._by_word.keys())
        self._by_rarest = ByKey[str, int]()
        for parsed in self._parsed:
            for word in dict.fromkeys(map(self._rarest_word, parsed.name.readings)):
                self._by_rarest.add(word, parsed.place)

    def by_id(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the entries that say what this id stands for; a person may stand in two files."""
        return tuple(self.entries[place] for place in self._by_id[entry_id])

    def bearers(self, surname: str) -> int:
        """Count the entries that have this word in their name or address."""
        return len(self._by_word[surname])

    def at_address(self, address: Address) -> Iterator[ParsedEntry]:
        """Yield entries with the same local part, but for a number or ``admin``, or near ones."""
        same = {*self._by_local[address.local], *self._by_person[address.person]}
        yield from self._at(same or self._near(address.local))

    def with_login(self, login: str) -> Iterator[ParsedEntry]:
        """Yield those who have a GitHub name, user name or local part of an address."""
        yield from self._at(self._by_login[login])

    def with_word(self, word: str) -> Iterator[ParsedEntry]:
        """Yield those whose name, address or user name holds this word."""
        yield from self._at(self._by_word[word])

    def by_rarest_word(self, word: str) -> Iterator[tuple[Name, Entry]]:
        """Yield each listed name of which this is the rarest word, so that a text finds it once."""
        for parsed in self._at(self._by_rarest[word]):
            for name in parsed.name.readings:
                if self._rarest_word(name) == word:
                    yield name, parsed.entry

    def spelt_by(self, handle: str) -> Iterator[ParsedEntry]:
        """Yield entries whose name a login may be made of, such as ``jdoe`` of Jane Doe."""
        words = {handle[:end] for end in range(2, len(handle) + 1)}
        words |= {handle[start:] for start in range(1, len(handle) - 1)}
        places = {place for word in words for place in self._by_word[word]}
        yield from self._at({*places, *self._by_joined[handle]})

    def similar(self, name: Name) -> Iterator[ParsedEntry]:
        """Yield entries whose name may be this one; the caller compares them in full."""
        hits: Counter[int] = Counter()
        few: set[int] = set()
        for word in dict.fromkeys(name.words):
            is_core = word in name.core
            found = self._with_word_like(word) if is_core else set(self._by_word[word])
            hits.update(found)
            if len(found) <= FEW or len(name.core) == 1:
                few |= found
        for pair in _pairs(name):
            few.update(self._by_word[pair])
        spelt = (name.joined, "".join(name.core[::-1]))
        joined = {place for letters in spelt for place in self._by_joined[letters]}
        several = {place for place, count in hits.items() if count >= 2}
        short = {place for one in handles_of(name) for place in self._by_handle[one]}
        yield from self._at(several | few | joined | short)

    def _rarest_word(self, name: Name) -> str:
        return min(name.core, key=self.bearers)

    def _with_word_like(self, word: str) -> set[int]:
        found = {place for one in self._words.like(word) for place in self._by_word[one]}
        return found.union(self._by_pair[word])

    def _near(self, local: str) -> set[int]:
        near = within_slips(local, self._by_local.keys(), 2)
        return {place for found in near for place in self._by_local[found]}

    def _at(self, places: Iterable[int]) -> Iterator[ParsedEntry]:
        for place in places:
            yield self._parsed[place]

    def _add(self, parsed: ParsedEntry) -> None:
        place, entry = parsed.place, parsed.entry
        self._by_id.add(entry.id, place)
        for handle in parsed.handles:
            self._by_joined.add(handle, place)
            if not parsed.has_full_name:
                self._by_handle.add(handle, place)
        for login in parsed.logins:
            self._by_login.add(login, place)
        for name in parsed.all_names:
            self._by_joined.add(name.joined, place)
        for word in {word for name in parsed.all_names for word in name.words}:
            self._by_word.add(word, place)
        for pair in {pair for name in parsed.all_names for pair in _pairs(name)}:
            self._by_pair.add(pair, place)
        for address in parsed.addresses:
            self._by_local.add(address.local, place)
            self._by_person.add(address.person, place)


def _parse(place: int, entry: Entry) -> ParsedEntry:
    addresses = read_addresses(entry.email)
    users = tuple(user.partition("@")[0] for user in (entry.ssh, entry.github) if user)
    is_login = entry.name.isalnum() or not (entry.name or entry.other_names)
    said = [address.local for address in addresses] + [*users, *([entry.name] * is_login)]
    spelt = dict.fromkeys(map(login_words, said))
    name = _name(entry)
    return ParsedEntry(
        place=place,
        entry=entry,
        name=name,
        addresses=addresses,
        github=user_name(entry.github),
        user_name=user_name(entry.ssh),
        logins=tuple(dict.fromkeys(filter(None, map(user_name, said)))),
        hints=tuple(name_of_words(words) for words in spelt if len(words) > 1),
        oddities=(*name.oddities, *clean(entry.email).oddities),
        handles=tuple(dict.fromkeys(filter(None, map(handle_of, spelt)))),
    )


def _name(entry: Entry) -> WrittenName:
    """Read the name, and as other readings of it what else the entry calls the person."""
    name = read_name(entry.name)
    if not entry.other_names:
        return name
    others = (reading for other in entry.other_names for reading in read_name(other).readings)
    return replace(name, readings=tuple(dict.fromkeys((*name.readings, *others))))


def _without_shared_logins(entries: list[ParsedEntry]) -> Iterator[ParsedEntry]:
    """Take user names off that entries of different people have: they identify nobody."""
    bearers: dict[str, set[Name]] = defaultdict(set)
    for parsed in entries:
        bearers[parsed.user_name].update(parsed.name.readings[:1] if parsed.user_name else ())
    shared = {login for login, names in bearers.items() if _are_several(names)}
    for parsed in entries:
        yield replace(parsed, user_name="") if parsed.user_name in shared else parsed


def _are_several(names: set[Name]) -> bool:
    ordered = sorted(names, key=lambda name: name.words)
    return any(compare_names(ordered[0], name).fit < Fit.PLAUSIBLE for name in ordered[1:])


def _pairs(name: Name) -> Iterator[str]:
    """Join neighbouring words, since ``Al-Rashdan`` is written ``Alrashdan`` as well."""
    for one, other in zip(name.words, name.words[1:], strict=False):
        yield one + other
