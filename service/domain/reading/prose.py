"""Running text without labels: it may suggest who leaves and when, and never decides."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from service.domain.dates import dates_in
from service.domain.reading.form import Item
from service.domain.reading.free_text import sentences_in
from service.domain.reading.label_words import Detail
from service.domain.reading.lines import folded
from service.domain.reading.mail import is_sign_off
from service.domain.reading.moved_dates import LEAVES
from service.domain.reading.sources import Source
from service.domain.reading.statements import Statement
from service.domain.reading.values import addresses_in, is_a_subject_name
from service.domain.ticket import Found

_WORD = r"[^\W\d_][\w'\u2019.-]{0,30}"
_NAME_LEAVES = re.compile(
    rf"(?P<name>{_WORD}(?: {_WORD}){{1,3}}?)(?: \([^()]{{0,80}}\))?,?"
    r"(?:(?:['\u2019]s)?"
    r" (?:(?:(?:is|will be|who is|are) )?(?:due to leave|leaving)|leaves|has left|left"
    r"|has resigned|is due to leave|(?:last|final) (?:working )?day|leaving date|contract ends))"
)
_ACCESS_OF = re.compile(
    rf"\b(?:access (?:for|of)|off-?board|account (?:for|of)|leaver is)"
    rf" (?P<name>{_WORD}(?: {_WORD}){{1,3}})"
)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|both|several|multiple|[2-9]|\d\d) leavers\b"
    r"|\b(?:is|are|also) (?:also )?(?:be )?leaving too\b|\balso (?:be )?leaving\b"
    r"|\b(?:another|second|third) leaver\b|\bboth (?:are |of them |be )*leaving\b"
    r"|(?:\+|&|\band|\bplus) (?:\d{1,2}|one|two|three|four|several|some) (?:others?|more)\b"
)


def says_several(sentence: str) -> bool:
    """Whether a sentence speaks of more than one leaver."""
    return bool(_SEVERAL.search(folded(sentence)))


def suggested_dates(source: Source, *, today: date) -> list[Found[date]]:
    """Find the dates of sentences that speak of leaving."""
    return [
        Found(value=day, where=f"the running text of {source.name}")
        for sentence in source.sentences
        if LEAVES.search(sentence)
        for day in dates_in(sentence, today=today)
    ]


def suggested_people(source: Source) -> list[Statement]:
    """Find who may be the leaver: names by what is said of them, addresses outside signatures."""
    where = f"the running text of {source.name}"
    return [
        Statement(
            detail=detail, value=value, where=where, rank=source.rank, is_sure=False, is_own=is_own
        )
        for item in _unsigned(source.items)
        for detail, value, is_own in _people_in(item)
    ]


def _people_in(item: Item) -> Iterator[tuple[Detail, str, bool]]:
    text = item.line.text
    for pattern, sentence in product((_NAME_LEAVES, _ACCESS_OF), sentences_in(text)):
        for found in pattern.finditer(sentence):
            name = re.sub(r"['\u2019]s$", "", _capitalised_end(found["name"]))
            if is_a_subject_name(name):
                yield Detail.NAME, name, pattern is _NAME_LEAVES
    addresses = addresses_in(text)
    if item.label is None and len(addresses) == 1:
        yield Detail.EMAIL, addresses[0], False


def _unsigned(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        if is_sign_off(item.line.text):
            return
        yield item


def _capitalised_end(words: str) -> str:
    """Keep the capitalised words at the end of "we hear that Jane Doe"."""
    kept: list[str] = []
    for word in reversed(words.split()):
        if not word[0].isupper():
            break
        kept.insert(0, word)
    return " ".join(kept)
