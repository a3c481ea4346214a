"""A name's words in plain Latin letters, with how another alphabet writes them."""

import re
import unicodedata
from typing import NamedTuple

from service.domain.text import to_ascii

_APOSTROPHES = "'`\u2018\u2019\u02bc"
_BREAK = re.compile(r"[^0-9A-Za-z'`\u0080-\U0010ffff]+")
_ACCENTS = re.compile("[\u0300-\u036f]")


class Word(NamedTuple):
    """A word of a name.

    Attributes:
        plain: in lower-case ASCII.
        written: in its own letters, if another alphabet has them; nothing else.
    """

    plain: str
    written: str = ""


def split_words(text: str) -> list[str]:
    """Split a text at whatever is part of no word."""
    spaced = text if text.isascii() else "".join(map(_part_of_word, text))
    return [word for word in _BREAK.split(spaced) if any(c.isalnum() for c in word)]


def plain_words(words: list[str]) -> list[Word]:
    """Spell words out in plain letters; one word of Han characters becomes a word for each."""
    alone = len(words) == 1 and any("CJK" in unicodedata.name(c, "") for c in words[0])
    spelt = (_word(part) for word in words for part in (word if alone else (word,)))
    return [word for word in spelt if word.plain]


def _part_of_word(character: str) -> str:
    """Keep letters, digits and the vowel signs of other alphabets."""
    is_part = unicodedata.category(character)[0] in "LMN" or character in _APOSTROPHES
    return character if is_part else " "


def _word(text: str) -> Word:
    if text.isascii():
        return Word(to_ascii(text))
    plain = re.sub(r"\W", "", to_ascii(text))
    return Word(plain, _in_own_letters(text) if any(map(_is_foreign, text)) else "")


def _is_foreign(character: str) -> bool:
    """Say whether a letter is of another alphabet; some apostrophes count as letters of none."""
    category = unicodedata.category(character)
    return category in {"Lu", "Ll", "Lt", "Lo"} and "LATIN" not in unicodedata.name(character, "")


def _in_own_letters(text: str) -> str:
    """Take case and accents off, but no vowel signs, which are letters in their scripts."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in _ACCENTS.sub("", apart) if unicodedata.category(c)[0] in "LM")
