"""Where a text mentions somebody of the lists: by a full name, an address or a user name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from service.domain.access_lists.entries import Entry
from service.domain.matching.addresses import ADDRESS, read_addresses
from service.domain.matching.index import Directory, ParsedEntry
from service.domain.matching.name_words import PLAIN_WORDS, TITLES
from service.domain.matching.names import Name
from service.domain.matching.user_names import user_name
from service.domain.text import to_ascii

_LOGIN = re.compile(r"@?[^\W_](?:[\w.-]{0,38}\w)?")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2018\u2019`][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
MOST_HINTS = 20
"""Bearers of a first name that are looked at, at most."""
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
    HINT = "hint"
    """A first name alone, a surname with an initial or a title, or a user name that is a word like
    any other: it may be somebody's outside the lists, or nobody's."""


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


_Span = tuple[int, int, By, Entry]


def mentions_in(text: str, directory: Directory) -> tuple[Mention, ...]:
    """Find every entry that a text mentions, in the text's order.

    The text is read once, and each listed name is looked at only where its rarest word stands, so
    that the time depends on the text and hardly on the number of entries.
    """
    rest = ADDRESS.sub(lambda address: " " * len(address[0]), text)
    words = list(_WORD.finditer(rest))
    names = list(_names(words, directory))
    within = {place for start, end, _, _ in names for place in range(start, end)}
    hints = (hint for hint in _hints(words, directory) if hint[0] not in within)
    spans = (*names, *_addresses(text, directory), *_logins(rest, directory), *hints)
    found: dict[tuple[int, int, By], dict[Entry, None]] = {}
    for start, end, by, entry in spans:
        found.setdefault((start, end, by), {})[entry] = None
    return tuple(
        Mention(start=start, end=end, by=by, entries=tuple(entries))
        for (start, end, by), entries in sorted(found.items(), key=lambda item: item[0][:2])
    )


def _plain(words: Iterable[re.Match[str]]) -> list[str]:
    return [to_ascii(_POSSESSIVE.sub("", word[0])) for word in words]


def _names(found: list[re.Match[str]], directory: Directory) -> Iterator[_Span]:
    words = _plain(found)
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


def _addresses(text: str, directory: Directory) -> Iterator[_Span]:
    for found in ADDRESS.finditer(text):
        for address in read_addresses(found[0]):
            for one in directory.with_login(address.local):
                yield found.start(), found.end(), By.ADDRESS, one.entry


def _logins(text: str, directory: Directory) -> Iterator[_Span]:
    for found in _LOGIN.finditer(text):
        login = user_name(found[0])
        is_marked = found[0] in {text.strip(), f"@{login}"} or text[: found.start()].endswith("/")
        for one in directory.with_login(login):
            by = By.LOGIN if is_marked or _is_nobodys_word(login, one) else By.HINT
            yield found.start(), found.end(), by, one.entry


def _is_nobodys_word(login: str, one: ParsedEntry) -> bool:
    """Say whether a login holds a sign or some of its owner's name, so that no text has it else."""
    words = {word for name in one.name.readings for word in name.words if len(word) > 3}
    return not login.isalpha() or not words or any(word in login != word for word in words)


def _hints(found: list[re.Match[str]], directory: Directory) -> Iterator[_Span]:
    before = ""
    for one, word in zip(found, _plain(found), strict=True):
        if len(word) > 2 and (one[0][0].isupper() or word not in PLAIN_WORDS):
            for parsed in islice(directory.with_word(word), MOST_HINTS):
                if any(_is_hinted_at(name, word, before) for name in parsed.name.readings):
                    yield one.start(), one.start() + len(word), By.HINT, parsed.entry
        before = word


def _is_hinted_at(name: Name, word: str, before: str) -> bool:
    is_surname = len(name.core) > 1 and word == name.core[-1]
    return word == name.core[0] or (is_surname and before in {name.core[0][0], *TITLES})
