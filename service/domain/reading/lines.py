"""A text as people and forms send it, turned into plain numbered lines."""

import html
import re
import unicodedata
from dataclasses import dataclass

from service.domain.reading.html_text import text_from_html

_LONGEST_LINE = 2_000
_NEW_LINE = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LOOKALIKES = str.maketrans({"\uff1a": ":", "\uff1d": "=", "\uff5c": "|", "\u2502": "|"})
_SPACE = re.compile(r"[^\S\t]")
_QUOTED = re.compile(r"^\s{0,8}(?:>\s{0,2}){1,20}")
_BULLET = re.compile(r"^\s*(?:[-*+\u2022\u2023\u25aa\u25e6\u25cf\u2043\u00b7o\u2013]\s+|#{1,6}\s+)")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}|[a-h])[.)]\s+(?=[^\W\d])")
_CHECKBOX = re.compile(r"^\s*\[[ xX]?\]\s*")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\((?:mailto:)?([^()\s]{1,300})\)")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
# "Leaver name* Jane Doe": a form's star for what must be filled in, and no emphasis.
_STARRED = re.compile(r"(?<=[\w)])\s?\*\s?:?(?=\s)")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+(?=\w)|(?<=[\w:.])_+(?!\w)")

# A line drawn under a heading says nothing; "--" begins a signature.
_DRAWN = re.compile(r"\s*[=~#\u2500\u2550]{3,}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line without its decoration.

    Attributes:
        number: counted from 1, as an operator would count in the ticket.
        text: without bullets, emphasis, quote marks and odd spaces; tabs are kept.
        depth: how many times it is quoted.
        is_listed: it had a bullet or a number before it.
    """

    number: int
    text: str
    depth: int = 0
    is_listed: bool = False


def plain_lines(text: str) -> list[Line]:
    """Turn a text (plain, Markdown or HTML) into lines."""
    plain = html.unescape(text_from_html(text))
    return [_line(number, raw) for number, raw in enumerate(_NEW_LINE.split(plain), start=1)]


def one_line(text: str) -> str:
    """Turn a subject or a field into one plain line."""
    return " ".join(line.text for line in plain_lines(text) if line.text)


def folded(text: str) -> str:
    """Fold case, width and invisible characters away, for comparing our own words with a text."""
    if text.isascii():
        return text.casefold()
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", visible).casefold()


def _line(number: int, raw: str) -> Line:
    if not raw:
        return Line(number=number, text="")
    text = _SPACE.sub(" ", raw[:_LONGEST_LINE].translate(_LOOKALIKES)).strip("\ufeff\u200b ")
    depth = 0
    quoted = _QUOTED.match(text)
    if quoted:
        depth = quoted.group().count(">")
        text = text[quoted.end() :]
    bare = _CHECKBOX.sub("", _NUMBERED.sub("", _BULLET.sub("", text)))
    is_listed = bare != text
    bare = _STARRED.sub(":", bare) if bare.count("*") == 1 else bare
    text = _EMPHASIS.sub("", _MAILTO.sub("", _LINK.sub(_link, bare)))
    text = "" if _DRAWN.fullmatch(text) else text
    return Line(number=number, text=text.strip(), depth=depth, is_listed=is_listed)


def _link(found: re.Match[str]) -> str:
    shown, target = found.groups()
    return shown if "@" in shown or "@" not in target else f"{shown} <{target}>"
