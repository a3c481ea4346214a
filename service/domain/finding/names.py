"""A person's name as people write it, taken apart into words that can be compared."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.finding.addresses import without_addresses
from service.domain.finding.name_words import (
    BIRTH_NAMES,
    GENERATIONS,
    MAYBE_FIRST_NAMES,
    MAYBE_TITLES,
    NOBODY,
    PARTICLES,
    POST_NOMINALS,
    TAGS,
    TITLES,
)
from service.domain.text import clean, folded

MOST_WORDS = 12
# An accented letter that some system could not keep: ``Fran?oise``.
_LOST_LETTER = re.compile("(?<=[^\\W\\d_])[?\ufffd]+(?=[^\\W\\d_])")
# Most names of a large list are simple, and are read quickly.
_SIMPLE = re.compile("[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_SPECIAL = TITLES | MAYBE_TITLES | POST_NOMINALS | GENERATIONS.keys() | BIRTH_NAMES
_ASIDE = re.compile(
    r"[(\[{]([^()\[\]{}]*)[)\]}]|[\"\u201c\u201d]([^\"\u201c\u201d]+)[\"\u201c\u201d]"
)
_QUOTED = re.compile(r"(?<!\w)['\u2018\u2019]([^\W\d_]{2,})['\u2018\u2019](?!\w)")
_DASHED = re.compile(r"\s+[-\u2013\u2014|/]+\s+")
_APOSTROPHES = "'`\u2018\u2019\u02bc"
_BREAK = re.compile(r"[^0-9A-Za-z'`\u0080-\U0010ffff]+")
_INITIALS = re.compile(r"(?<![A-Za-z])([B-DF-HJ-NP-TV-XZ]{2})(?![A-Za-z])|(?<=\b[A-Z]\.)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Name:
    """One way to read a name.

    Attributes:
        words: lower-case ASCII, given names first where that is known.
        generation: ``jr``, ``sr``, ``ii``, ``iii`` or nothing.
        is_spelt_out: it was written in another alphabet, so its spelling here is one of several.
    """

    words: tuple[str, ...]
    generation: str = ""
    is_spelt_out: bool = False

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
        readings: none where there is no name: no word of two letters.
        is_placeholder: ``unknown``, ``tbc`` and the like, though somebody may be called so.
        oddities: what was changed that a reader would not notice.
    """

    readings: tuple[Name, ...]
    oddities: tuple[str, ...] = ()
    is_placeholder: bool = False


def read_name(text: str | None) -> WrittenName:
    """Take a name apart; anything at all can be passed, and nothing raises."""
    cleaned = clean(text)
    plain = _LOST_LETTER.sub("", without_addresses(cleaned.text))
    readings = tuple(dict.fromkeys(filter(_is_a_name, _readings(plain))))
    is_placeholder = any(set(name.words) <= NOBODY for name in readings)
    return WrittenName(readings, cleaned.oddities, is_placeholder)


def name_of_words(words: tuple[str, ...]) -> Name:
    """Make a name of words that are plain already."""
    return Name(words[:MOST_WORDS])


def _readings(text: str) -> Iterator[Name]:
    if _SIMPLE.fullmatch(text):
        simple = tuple(text.lower().split())
        if _SPECIAL.isdisjoint(simple):
            yield Name(simple[:MOST_WORDS])
            return
    asides = [one or two for one, two in _ASIDE.findall(text)] + _QUOTED.findall(text)
    main = _in_order(_QUOTED.sub(" ", _ASIDE.sub(" ", text)))
    name, maiden = _split_birth_name(main)
    yield from _titled(name)
    for aside in asides:
        words = [word for word in _split(aside) if folded(word) not in TAGS]
        if not words or not name.words:
            continue
        if folded(words[0]) in BIRTH_NAMES:
            maiden = maiden or tuple(map(folded, words[1:]))
        elif len(words) == 1 and len(words[0]) > 1:
            yield Name((folded(words[0]), *name.words[1:]), name.generation, name.is_spelt_out)
    if maiden and name.words:
        yield Name((name.words[0], *maiden), name.generation, name.is_spelt_out)


def _in_order(text: str) -> Name:
    """Put ``Surname, First`` in order and drop what is no name at either end."""
    first, *rest = _DASHED.split(text.strip(" -|/"))
    kept = [first, *(part for part in rest if not _is_tag(part))]
    head, *tails = " ".join(kept).split(",")
    tails = [tail for tail in tails if tail.strip() and not _is_tag(tail)]
    generation = ""
    for tail in list(tails):
        if folded(tail.strip(" .")) in GENERATIONS:
            generation = GENERATIONS[folded(tail.strip(" ."))]
            tails.remove(tail)
    words = [word for part in (*tails[:1], head, *tails[1:]) for word in _untitled(_split(part))]
    plain, is_spelt_out = _plain(words)
    while len(plain) > 1 and (plain[-1] in POST_NOMINALS or plain[-1] in GENERATIONS):
        generation = generation or GENERATIONS.get(plain[-1], "")
        plain.pop()
    return Name(tuple(plain[:MOST_WORDS]), generation, is_spelt_out)


def _untitled(words: list[str]) -> list[str]:
    while len(words) > 1 and folded(words[0]) in TITLES:
        words = words[1:]
    return words


def _split(text: str) -> list[str]:
    apart = (
        _INITIALS.sub(lambda m: " ".join(m.group()) + " ", text) if text != text.upper() else text
    )
    spaced = apart if apart.isascii() else "".join(map(_part_of_word, apart))
    return [word for word in _BREAK.split(spaced) if any(c.isalnum() for c in word)]


def _part_of_word(character: str) -> str:
    """Keep letters, digits and the vowel signs of other alphabets."""
    is_part = unicodedata.category(character)[0] in "LMN" or character in _APOSTROPHES
    return character if is_part else " "


def _plain(words: list[str]) -> tuple[list[str], bool]:
    plain: list[str] = []
    is_spelt_out = False
    for word in words:
        if word.isascii():
            plain.append(folded(word))
            continue
        is_foreign = any(c.isalpha() and "LATIN" not in unicodedata.name(c, "") for c in word)
        is_spelt_out |= is_foreign
        plain += (
            _syllables(word)
            if is_foreign and len(words) == 1
            else [re.sub(r"\W", "", folded(word))]
        )
    return [word for word in plain if word], is_spelt_out


def _syllables(word: str) -> list[str]:
    """Spell out a name that is one word in another alphabet; Han characters become a word each."""
    if any("CJK" in unicodedata.name(c, "") for c in word):
        return [re.sub(r"\W", "", folded(character)) for character in word]
    return [re.sub(r"\W", "", folded(word))]


def _is_tag(text: str) -> bool:
    words = [folded(word) for word in _split(text)]
    return all(word in TAGS or word in POST_NOMINALS for word in words)


def _split_birth_name(name: Name) -> tuple[Name, tuple[str, ...]]:
    for place, word in enumerate(name.words):
        if word in {"nee", "formerly"} and 0 < place < len(name.words) - 1:
            current = Name(name.words[:place], name.generation, name.is_spelt_out)
            return current, name.words[place + 1 :]
    return name, ()


def _titled(name: Name) -> Iterator[Name]:
    yield name
    if len(name.words) > 2 and name.words[0] in MAYBE_TITLES:
        yield Name(name.words[1:], name.generation, name.is_spelt_out)


def _is_a_name(name: Name) -> bool:
    return any(len(word) > 1 and not word.isdigit() for word in name.words)
