"""Where a text mentions somebody of the lists: by a full name, an address or a user name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from service.domain.access_lists.entries import Entry
from service.domain.matching.addresses import addresses_in
from service.domain.matching.index import Directory
from service.domain.matching.names import Name
from service.domain.matching.user_names import user_name
from service.domain.text import folded

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'|]+@[^\s<>()\[\],;:\"'|@]+")
_LOGIN = re.compile(r"@?[^\W_](?:[\w.-]{0,38}\w)?")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2018\u2019`][^\W\d_]+)*")
_BETWEEN = 1
"""Words that may stand between two words of a name, such as a middle name."""


class By(Enum):
    """What somebody is mentioned by."""

    NAME = "name"
    """All words of a full name, in any order."""
    ADDRESS = "address"
    """The same local part; the domain may differ."""
    LOGIN = "login"
    """A GitHub or user name, or a name of one word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a text that is somebody's name, address or user name.

    Attributes:
        start: where it begins in the text, in characters.
        end: where it ends.
        by: what it is.
        entries: whose it is, in the lists' order.
    """

    start: int
    end: int
    by: By
    entries: tuple[Entry, ...]


def mentions_in(text: str, directory: Directory) -> tuple[Mention, ...]:
    """Find every entry that a text mentions, in the text's order.

    The text is read once, and each listed name is looked at only where its rarest word stands, so
    that the time depends on the text and hardly on the number of entries.
    """
    found: dict[tuple[int, int, By], list[Entry]] = {}
    rest = _ADDRESS.sub(lambda address: " " * len(address[0]), text)
    spans = (*_addresses(text, directory), *_names(rest, directory), *_logins(rest, directory))
    for start, end, by, entry in spans:
        entries = found.setdefault((start, end, by), [])
        if entry not in entries:
            entries.append(entry)
    return tuple(
        Mention(start=start, end=end, by=by, entries=tuple(entries))
        for (start, end, by), entries in sorted(found.items(), key=lambda item: item[0][:2])
    )


def _names(text: str, directory: Directory) -> Iterator[tuple[int, int, By, Entry]]:
    found = list(_WORD.finditer(text))
    words = [folded(one[0]) for one in found]
    for place, word in enumerate(words):
        for name, entry in directory.by_rarest_word(word):
            if len(name.core) > 1 and (span := _span(name, words, place)):
                yield found[span[0]].start(), found[span[1]].end(), By.NAME, entry


def _span(name: Name, words: list[str], place: int) -> tuple[int, int] | None:
    """Return the first and last place of a name's words around one of them, if all are near."""
    reach = len(name.words) + _BETWEEN
    near = range(max(0, place - reach + 1), min(len(words), place + reach))
    places = {words[place]: place}
    for word in name.core:
        there = [each for each in near if words[each] == word]
        if not there:
            return None
        places.setdefault(word, min(there, key=lambda each: abs(each - place)))
    first, last = min(places.values()), max(places.values())
    return (first, last) if last - first < reach else None


def _addresses(text: str, directory: Directory) -> Iterator[tuple[int, int, By, Entry]]:
    for found in _ADDRESS.finditer(text):
        for address in addresses_in(found[0]):
            for one in directory.with_login(address.local):
                yield found.start(), found.end(), By.ADDRESS, one.entry


def _logins(text: str, directory: Directory) -> Iterator[tuple[int, int, By, Entry]]:
    for found in _LOGIN.finditer(text):
        for one in directory.with_login(user_name(found[0])):
            yield found.start(), found.end(), By.LOGIN, one.entry
