"""The sentences of a text: all of them, or those that stand outside forms and signatures."""

import re
from collections.abc import Iterator, Sequence

from service.domain.reading.attribution import Attribution
from service.domain.reading.form import Item
from service.domain.reading.label_words import Detail
from service.domain.reading.labels import Label, Whose
from service.domain.reading.mail import begins_another_mail
from service.domain.reading.values import (
    addresses_in,
    is_a_subject_name,
    without_addresses,
)

_SENTENCE_END = re.compile(r"(?<=[^\W\d]{3}[.!?])\s+|[;\n]+")
# A line that breaks off goes on in the next one: "Please remove:", or a mail that was wrapped.
_GOES_ON = re.compile(
    r"(?:[:,]|\b(?:for|of|from|by|to|and|is|are|that|remove|revoke|disable|delete|users?|accounts?))$"
    r"|^.{60,}[^.!?]$",
    re.IGNORECASE,
)
# Below a signature such a line is not part of it.
_SAYS_MORE = re.compile(
    r"\b(?:please|leav(?:ing|es|er)|left|remov\w+|is|has|was|also|can)\b"
    r"|(?:\S+\s+){9}",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[,(|;\u2013-]")


def sentences_in(text: str) -> list[str]:
    """Split a text at the ends of sentences and lines."""
    return [" ".join(part.split()) for part in _SENTENCE_END.split(text) if part.strip()]


def free_sentences(items: Sequence[Item]) -> list[str]:
    """Find what a text says outside labelled details, signatures and the heads of mails."""
    text = ""
    for piece in _pieces(items):
        if piece is None or (not piece and not text.endswith(": ")):
            text += "\n"
        elif piece:
            text += f"{piece} " if _GOES_ON.search(piece) else f"{piece}\n"
    return sentences_in(text)


def _pieces(items: Sequence[Item]) -> Iterator[str | None]:
    """Give the lines that may hold prose, and None if a label parts them."""
    attribution = Attribution.of(items)
    for position, item in enumerate(items):
        attribution.step(items, position)
        if attribution.in_signature and (item.label or not _SAYS_MORE.search(item.line.text)):
            continue
        if item.label is not None:
            yield item.value if _may_be_prose(item.label, item.value) else None
        elif not _is_somebody_elses(item.line.text, attribution):
            yield item.line.text


def _may_be_prose(label: Label, value: str) -> bool:
    """Return whether the value of a label may say anything ("Notes: …", "What do you need? …")."""
    if label.whose is Whose.SOMEBODY_ELSE:
        return not (addresses_in(value) or is_a_subject_name(_ASIDE.split(value)[0]))
    if label.whose is Whose.MAIL_HEADER:
        return label.detail is Detail.SUBJECT
    return label.detail is Detail.OTHER


def _is_somebody_elses(line: str, attribution: Attribution) -> bool:
    """Return whether a line only adds an address to somebody else's details, or heads a mail."""
    rest = without_addresses(line)
    is_bare = rest != line and (not any(c.isalpha() for c in rest) or is_a_subject_name(rest))
    follows = attribution.after_somebody_else or attribution.section is Whose.SOMEBODY_ELSE
    return begins_another_mail(line) or (is_bare and follows)
