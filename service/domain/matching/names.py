"""A person's name as people write it, taken apart into words that can be compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.domain.matching.addresses import without_addresses
from service.domain.matching.name_words import (
    BIRTH_NAMES,
    GENERATIONS,
    MAYBE_FIRST_NAMES,
    MAYBE_SURNAMES,
    MAYBE_TITLES,
    NOBODY,
    PARTICLES,
    POST_NOMINALS,
    TAGS,
    TITLES,
)
from service.domain.matching.spelling import Word, plain_words, split_words
from service.domain.text import clean, to_ascii

MOST_WORDS = 12
# An accented letter that some system could not keep: ``Fran?oise``.
_LOST_LETTER = re.compile("(?<=[^\\W\\d_])[?\ufffd]+(?=[^\\W\\d_])")
# What stands beside a name: nicknames, tags, signs of namesakes.
_ASIDE = re.compile(
    r"[(\[{]([^()\[\]{}]*)[)\]}]|[\"\u201c\u201d]([^\"\u201c\u201d]+)[\"\u201c\u201d]"
)
_QUOTED = re.compile(r"(?<!\w)['\u2018\u2019]([^\W\d_]{2,})['\u2018\u2019](?!\w)")
_DASHED = re.compile(r"\s+[-\u2013\u2014|/]+\s+")
# Two initials without stops: ``JR``. Whether they are capitals makes no difference.
_INITIALS = re.compile(r"[b-df-hj-np-tv-xz]{2}")
# Most names of a large list are simple, and are read quickly.
_SIMPLE = re.compile("[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_LETTERS = POST_NOMINALS | MAYBE_SURNAMES
_SPECIAL = TITLES | MAYBE_TITLES | _LETTERS | GENERATIONS.keys() | BIRTH_NAMES


@dataclass(frozen=True, slots=True)
class Name:
    """One way to read a name.

    Attributes:
        words: lower-case ASCII, given names first if that is known.
        generation: ``jr``, ``sr``, ``ii``, ``iii`` or nothing.
        written: its letters in their own alphabet, if that is another one; nothing else.
    """

    words: tuple[str, ...]
    generation: str = ""
    written: str = ""

    @property
    def is_spelt_out(self) -> bool:
        """Whether its spelling here is one of several, and may be that of another name."""
        return self.written != ""

    @property
    def joined(self) -> str:
        """All letters in their order: spaces and hyphens make no difference."""
        return "".join(self.words)

    @property
    def core(self) -> tuple[str, ...]:
        """The words without particles, unless nothing else is left."""
        kept = (word for word in self.words[1:] if word not in PARTICLES)
        head = self.words[:1]
        is_particle = head and head[0] in PARTICLES - MAYBE_FIRST_NAMES
        return (*(() if is_particle else head), *kept) or self.words


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name with every way to read it, the likeliest first.

    Attributes:
        readings: none if there is no name: no word of two letters.
        beside: what stands in brackets or quotes, word by word; tags such as "contractor" do not.
        is_placeholder: ``unknown``, ``tbc`` and the like, though somebody may be called so.
        oddities: what was changed that a reader would not notice.
    """

    readings: tuple[Name, ...]
    beside: frozenset[str] = frozenset()
    oddities: tuple[str, ...] = ()
    is_placeholder: bool = False


def read_name(text: str | None) -> WrittenName:
    """Take a name apart; anything at all can be passed, and nothing raises."""
    cleaned = clean(text)
    readings, beside = _read(_LOST_LETTER.sub("", without_addresses(cleaned.text)))
    is_placeholder = any(set(name.words) <= NOBODY for name in readings)
    return WrittenName(readings, beside, cleaned.oddities, is_placeholder)


def name_of_words(words: tuple[str, ...]) -> Name:
    """Make a name of words that are plain already."""
    return Name(words[:MOST_WORDS])


def _read(text: str) -> tuple[tuple[Name, ...], frozenset[str]]:
    if _is_simple(text):
        return (name_of_words(tuple(text.lower().split())),), frozenset()
    outside, found = _without_asides(text)
    readings = filter(_is_a_name, _readings(_in_order(outside), found))
    beside = frozenset(to_ascii(word) for aside in found for word in aside) - BIRTH_NAMES
    return tuple(dict.fromkeys(readings)), beside


def _is_simple(text: str) -> bool:
    words = text.lower().split()
    is_plain = _SIMPLE.fullmatch(text) and not any(map(_INITIALS.fullmatch, words))
    return bool(is_plain) and _SPECIAL.isdisjoint(words)


def _readings(name: Name, asides: list[list[str]]) -> Iterator[Name]:
    """Yield the name as it stands, and what else it may be."""
    yield name
    yield from (replace(name, words=words) for words in _other_words(name.words))
    for aside in asides:
        yield from (replace(name, words=words) for words in _other_names(name.words, aside))


def _other_names(words: tuple[str, ...], aside: list[str]) -> Iterator[tuple[str, ...]]:
    """Read what somebody is called besides: ``Simon``, ``known as Simon``, ``aka Simon Wang``.

    Capitals separate the name from the words about it; if no word has one, all may be the name.
    """
    called = [to_ascii(word) for word in aside if word[0].isupper()] or list(map(to_ascii, aside))
    called = [word for word in called if len(word) > 1 and word not in BIRTH_NAMES][:MOST_WORDS]
    yield from ((word, *words[1:]) for word in called)
    yield from ((*words[:1], word) for word in called if to_ascii(aside[0]) in BIRTH_NAMES)
    if len(called) > 1:
        yield tuple(called)
        yield tuple(called[-2:])


def _other_words(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Leave out what may be a title, or letters after the name; take two initials apart."""
    if len(words) > 2 and words[0] in MAYBE_TITLES:
        yield words[1:]
    kept = words
    while len(kept) > 2 and kept[-1] in _LETTERS:
        kept = kept[:-1]
    yield kept
    apart = (word if _INITIALS.fullmatch(word) else (word,) for word in words[:-1])
    yield (*(part for parts in apart for part in parts), *words[-1:])[:MOST_WORDS]


def _without_asides(text: str) -> tuple[str, list[list[str]]]:
    """Return a name without its asides, and their words; a name that is all aside is none."""
    outside = _QUOTED.sub(" ", _ASIDE.sub(" ", text))
    found = [one or two for one, two in _ASIDE.findall(text)] + _QUOTED.findall(text)
    asides = [aside for aside in found if not _is_tag(aside)]
    if asides and not split_words(outside):
        outside = asides.pop(0)
    return outside, [_untagged(aside) for aside in asides]


def _is_tag(text: str) -> bool:
    """Say whether a text is about somebody's post or honours, and names nobody."""
    return all(word in POST_NOMINALS | MAYBE_SURNAMES for word in map(to_ascii, _untagged(text)))


def _untagged(text: str) -> list[str]:
    return [word for word in split_words(text) if to_ascii(word) not in TAGS]


def _in_order(text: str) -> Name:
    """Put ``Surname, First`` in order and drop what is not a name at either end."""
    first, *rest = _DASHED.split(text.strip(" -|/"))
    kept = [first, *(part for part in rest if not _is_tag(part))]
    head, *tails = " ".join(kept).split(",")
    tails = [tail for tail in tails if tail.strip() and not _is_tag(tail)]
    generation = ""
    for tail in list(tails):
        if to_ascii(tail.strip(" .")) in GENERATIONS:
            generation = GENERATIONS[to_ascii(tail.strip(" ."))]
            tails.remove(tail)
    parts = (*tails[:1], head, *tails[1:])
    words = plain_words([word for part in parts for word in _untitled(split_words(part))])
    while len(words) > 1 and words[-1].plain in POST_NOMINALS | GENERATIONS.keys():
        last = words.pop().plain
        generation = generation or GENERATIONS.get(last, "")
    return _name(words[:MOST_WORDS], generation)


def _name(words: list[Word], generation: str) -> Name:
    is_foreign = any(word.written for word in words)
    written = "".join(word.written or word.plain for word in words) if is_foreign else ""
    return Name(tuple(word.plain for word in words), generation, written)


def _untitled(words: list[str]) -> list[str]:
    while len(words) > 1 and to_ascii(words[0]) in TITLES:
        words = words[1:]
    return words


def _is_a_name(name: Name) -> bool:
    return any(len(word) > 1 and not word.isdigit() for word in name.words)
