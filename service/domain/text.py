"""Text as people paste it, made comparable: plain Latin letters, and what that took."""

import re
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

LONGEST = 300

INVISIBLE = "invisible characters were left out"
LOOK_ALIKE = "letters of another alphabet were read as the Latin ones they look like"

# Letters that look the same as Latin ones on a screen. https://www.unicode.org/reports/tr39/
_LOOK_ALIKES = str.maketrans(
    dict(
        zip(
            "аеорсухіјѕһԁӏԛԝьАВЕЅІЈКМНОРСТУХЗαορνικτυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
            "aeopcyxijshdlqwbABESIJKMHOPCTYX3aopviktuxyABEZHIKMNOPTYX",
            strict=True,
        )
    )
)
_WORD = re.compile(r"[^\s@.,;:<>()\[\]_/-]+")
_NOT_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
# Indic and Persian spelling needs joiners: https://www.unicode.org/reports/tr31/#Layout_and_Format
_JOINERS = re.compile("(?<=[\u0600-\u0dff])[\u200c\u200d]|^[\ufeff\u200e\u200f]+|[\u200e\u200f]+$")
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bc\u02bb\u02b9\uff07\u2032]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanText:
    """Text without anything a reader cannot see.

    Attributes:
        text: composed (NFKC), one kind of space, no control or format characters.
        oddities: what was changed that a reader would not notice, in words for an operator.
    """

    text: str
    oddities: tuple[str, ...] = ()


def clean(text: str | None) -> CleanText:
    """Drop what cannot be seen and turn look-alike letters inside Latin words into Latin ones."""
    if not text:
        return CleanText(text="")
    if text.isascii() and text.isprintable():
        return CleanText(text=" ".join(text[:LONGEST].split()))
    composed = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    seen = "".join(c for c in map(_visible, composed) if c)[:LONGEST]
    latin = _WORD.sub(_latin, seen)
    oddities = []
    if any(unicodedata.category(c) == "Cf" for c in _JOINERS.sub("", composed)):
        oddities.append(INVISIBLE)
    if latin != seen:
        oddities.append(LOOK_ALIKE)
    return CleanText(text=" ".join(latin.split()), oddities=tuple(oddities))


def to_ascii(text: str) -> str:
    """Reduce clean text to lower-case ASCII: accents, ligatures and other scripts spelt out."""
    without = _APOSTROPHES.sub("", text)
    if without.isascii():
        return without.lower()
    # Two capitals of Turkish and German fold to more than one character: once more after ASCII.
    return anyascii(unicodedata.normalize("NFC", without)).casefold()


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Zs", "Zl", "Zp", "Cs", "Co", "Cn"} else character


def _latin(word: re.Match[str]) -> str:
    text = word.group()
    if not _NOT_LATIN.search(text) or not re.search("[A-Za-z]", text):
        return text
    return text.translate(_LOOK_ALIKES)
