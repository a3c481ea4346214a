"""What the labels of a ticket mean: which detail, and whose."""

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

from service.domain.date_grammar import take_apart
from service.domain.dates import MONTH_FIRST, NOT_SETTLED
from service.domain.reading.label_words import (
    ANYBODYS,
    BESIDE_DATES,
    DOES_SOMETHING_ELSE,
    ENDS,
    FILLERS,
    HEDGES,
    LEAVERS,
    LEAVES,
    OF_MAILS,
    OTHER_NAMES,
    OTHER_PEOPLE,
    SOMEBODY_ELSES,
    TERMS,
    WHO,
    WORDS_OF_SOMEBODY_ELSES_LABEL,
    WORKS,
    Detail,
)
from service.domain.reading.lines import folded
from service.domain.reasons import Reason


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
        doubt: why the label itself makes a date uncertain ("proposed", "(mm/dd/yyyy)"), or None.
    """

    detail: Detail
    whose: Whose
    doubt: Reason | None = None


DATES = frozenset({Detail.LEAVING_DATE, Detail.LAST_WORKING_DAY})

_MOST_WORDS = 8
# "Could you remove the access of this leaver:" says nothing about the addressee's details.
_ASKED_KINDLY = re.compile(r"\b(?:please )?(?:can|could|would|will) (?:you|we)\b(?: please)?")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_MONTH_FIRST = re.compile(r"\bmm?\W{0,3}dd?\b|\b(?:us|usa|american|month first)\b")
_TO_WHERE = re.compile(r"\b(?:for|to)\b")
# Who fills a form in says nothing about whose details it asks for.
_FILLED_IN = re.compile(r"\b(?:complet|fill)\w*")


# The readers of a ticket ask about the same lines, and a long ticket repeats its own.
@lru_cache(maxsize=4_096)
def meaning_of(text: str, *, loosely: bool = False) -> Label | None:
    """Return what a label means; None if it is not a known label.

    What stands in its brackets is part of it: "Name (of requester)", "Leaving date (TBC)".

    Args:
        text: the whole label.
        loosely: one word that points at somebody else is enough, whatever the other words are.
    """
    asides = " ".join(_BRACKETS.findall(text)).strip() if "(" in text or "[" in text else ""
    whole = _meaning(text, loosely=loosely and not asides)
    if not asides or (whole and whole.detail not in DATES and not _FILLED_IN.search(asides)):
        return whole
    bare = _meaning(_BRACKETS.sub(" ", text), loosely=loosely)
    return replace(bare, **_changes(bare, folded(asides))) if bare else whole


def _changes(label: Label, aside: str) -> dict[str, Any]:
    """Say what a label's brackets make of it."""
    if label.detail in DATES:
        if _MONTH_FIRST.search(aside):
            return {"doubt": MONTH_FIRST}
        may_move = take_apart(aside).rest.doubtful or re.search(r"\b(?:may|might|could)\b", aside)
        return {"doubt": NOT_SETTLED} if may_move else {}
    is_others = OTHER_PEOPLE.search(aside) and not _FILLED_IN.search(aside)
    is_active = DOES_SOMETHING_ELSE.search(aside)
    if label.whose is Whose.ANYONE and (OTHER_PEOPLE.search(aside) or is_active):
        return {"whose": Whose.SOMEBODY_ELSE}
    own = _meaning(aside, loosely=False) if is_others else None
    return {"whose": own.whose} if own and own.whose is Whose.SOMEBODY_ELSE else {}


def _meaning(text: str, *, loosely: bool) -> Label | None:
    words = _words(text)
    if not words or len(words) > _MOST_WORDS:
        return None
    label = " ".join(words)
    for detail, pattern in OF_MAILS.items():
        if pattern.fullmatch(label):
            return Label(detail, Whose.MAIL_HEADER)
    if SOMEBODY_ELSES.search(label):
        known = loosely or all(WORDS_OF_SOMEBODY_ELSES_LABEL.fullmatch(word) for word in words)
        return _somebody_elses(label) if known else None
    return _leavers_or_anyones(label, is_place=bool(_TO_WHERE.search(folded(text))))


def points_at_somebody_else(text: str) -> bool:
    """Return whether a text holds a word that a label of somebody else's would hold ("manager")."""
    return bool(OTHER_PEOPLE.search(" ".join(re.findall(r"[^\W_]+", folded(text)))))


def _somebody_elses(label: str) -> Label:
    """Distinguish other people's details from what else the leaver goes by."""
    detail = _detail_in(label)
    if OTHER_PEOPLE.search(label) or not OTHER_NAMES.search(label):
        return Label(detail, Whose.SOMEBODY_ELSE)
    if detail is Detail.NAME:
        return Label(Detail.OTHER_NAME, Whose.LEAVER)
    return Label(Detail.OTHER, Whose.ANYONE)


def _leavers_or_anyones(label: str, *, is_place: bool) -> Label | None:
    for detail, pattern in LEAVERS.items():
        if pattern.fullmatch(label):
            return Label(detail, Whose.LEAVER)
    if date := _date(label, is_place=is_place):
        return date
    for detail, pattern in ANYBODYS.items():
        if pattern.fullmatch(label):
            return Label(detail, Whose.ANYONE)
    return None


def _date(label: str, *, is_place: bool) -> Label | None:
    """Read the label of a date, in whatever order its words stand; "Leaving for" is of none."""
    bare = WHO.sub(" ", label)
    words = set(bare.split())
    doubt = NOT_SETTLED if words & HEDGES else None
    is_dated = bool(words & {"date", "day", "when"})
    is_last = bool(words & {"last", "final"})
    core = words - BESIDE_DATES - {"date", "day", "when", "last", "final"}
    if {"lwd"} == core or (is_last and core <= WORKS and words & WORKS):
        return Label(Detail.LAST_WORKING_DAY, Whose.LEAVER, doubt)
    if {"dol"} == core:
        return Label(Detail.LEAVING_DATE, Whose.LEAVER, doubt)
    if not core <= LEAVES | ENDS | TERMS:
        return None
    by_verb = core & LEAVES and (is_dated or (bare == label and not is_place))
    by_noun = core & ENDS and (is_dated or core & TERMS)
    by_last = is_last and is_dated and (core & TERMS or "date" in words)
    if by_verb or by_noun or by_last or label == "effective date":
        return Label(Detail.LEAVING_DATE, Whose.LEAVER, doubt)
    return None


def _words(text: str) -> list[str]:
    """Split a label into its significant words: no case, brackets, apostrophes or filler words."""
    if len(text) > 100:
        return []
    label = re.sub(r"\b(who|what|when)['\u2019]s\b", r"\1", folded(text))
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
