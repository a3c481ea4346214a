"""What the labels of a ticket mean: which detail, and whose."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from service.domain.reading.label_words import (
    AGREED,
    ANYBODYS,
    FILLERS,
    LEAVERS,
    OF_MAILS,
    SOMEBODY_ELSES,
    WORDS_OF_SOMEBODY_ELSES_LABEL,
    Detail,
)
from service.domain.reading.lines import folded


class Whose(Enum):
    """Whose detail a label announces, as far as the label itself says."""

    LEAVER = "leaver"
    ANYONE = "anyone"
    SOMEBODY_ELSE = "somebody else"
    MAIL_HEADER = "mail header"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Label:
    """The meaning of one label.

    Attributes:
        detail: what it announces.
        whose: whose it is.
        is_hedged: the label itself says that the value is not settled ("proposed leaving date").
    """

    detail: Detail
    whose: Whose
    is_hedged: bool = False


_MOST_WORDS = 8
# "Could you remove the access of this leaver:" says nothing about the details of whoever is asked.
_ASKED_KINDLY = re.compile(r"\b(?:please )?(?:can|could|would|will) (?:you|we)\b(?: please)?")


# The readers of a ticket ask about the same lines, and a long ticket repeats its own.
@lru_cache(maxsize=4_096)
def meaning_of(text: str, *, loosely: bool = False) -> Label | None:
    """Tell what a label means; None where it is not a label that we know.

    Args:
        text: the whole label.
        loosely: one word that points at somebody else is enough, whatever the other words are.
    """
    words = _words(text)
    if not words or len(words) > _MOST_WORDS:
        return None
    label = AGREED.sub("", " ".join(words))
    for detail, pattern in OF_MAILS.items():
        if pattern.fullmatch(label):
            return Label(detail, Whose.MAIL_HEADER)
    if SOMEBODY_ELSES.search(label):
        known = loosely or all(WORDS_OF_SOMEBODY_ELSES_LABEL.fullmatch(word) for word in words)
        return Label(_detail_in(label), Whose.SOMEBODY_ELSE) if known else None
    return _leavers_or_anyones(label)


def points_at_somebody_else(text: str) -> bool:
    """Whether a text holds a word that a label of somebody else's would hold ("manager").

    Unlike in a label, what stands in brackets counts: "sam.hill@… (line manager)".
    """
    return bool(SOMEBODY_ELSES.search(" ".join(re.findall(r"[^\W_]+", folded(text)))))


def _leavers_or_anyones(label: str) -> Label | None:
    for detail, pattern in LEAVERS.items():
        found = pattern.fullmatch(label)
        if found:
            return Label(detail, Whose.LEAVER, is_hedged=bool(found.groupdict().get("hedge")))
    for detail, pattern in ANYBODYS.items():
        if pattern.fullmatch(label):
            return Label(detail, Whose.ANYONE)
    return None


def _words(text: str) -> list[str]:
    """Split a label into its telling words: no case, brackets, apostrophes or filler words."""
    if len(text) > 100:
        return []
    label = re.sub(r"\((?!(?:first|last)\))[^()]*\)", " ", folded(text))
    label = re.sub(r"\b(who|what|when)['\u2019]s\b", r"\1", label)
    label = re.sub(r"['\u2019\u2018`\u00b4]", "", label)
    label = re.sub(r"\be[- ]mail", "email", label)
    label = _ASKED_KINDLY.sub(" ", label)
    label = re.sub(r"(?<=[a-z]) (?:no\.?|number|#)? ?\d{1,2}\b", "", label)
    return [word for word in re.findall(r"[^\W_]+", label) if word not in FILLERS]


def _detail_in(label: str) -> Detail:
    if "mail" in label:
        return Detail.EMAIL
    if re.search(r"\b(?:details|information|section|info)\b", label):
        return Detail.SECTION
    return Detail.OTHER if re.search(r"date|phone|mobile|tel", label) else Detail.NAME
