"""Running text without labels: it may suggest and raise doubts, and never decides."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from service.domain.dates import dates_in
from service.domain.reading.form import Item
from service.domain.reading.label_words import Detail
from service.domain.reading.lines import folded
from service.domain.reading.mail import is_sign_off
from service.domain.reading.sources import Source
from service.domain.reading.statements import Statement
from service.domain.reading.values import addresses_in, is_a_subject_name
from service.domain.ticket import Found

CANCELLED = "The ticket says that the leaver may be staying after all."
DATE_MAY_CHANGE = "A comment may change the leaving date."

_WORD = r"[^\W\d_][\w'\u2019.-]{0,30}"
_NAME_LEAVES = re.compile(
    rf"(?P<name>{_WORD}(?: {_WORD}){{1,3}}?)(?: \([^()]{{0,80}}\))?,?"
    r"(?:(?:['\u2019]s)?"
    r" (?:(?:(?:is|will be|who is|are) )?(?:due to leave|leaving)|leaves|has left|left"
    r"|has resigned|is due to leave|(?:last|final) (?:working )?day|leaving date|contract ends))"
)
_ACCESS_OF = re.compile(
    rf"\b(?:access (?:for|of)|off-?board|account (?:for|of)|leaver is|remove)"
    rf" (?P<name>{_WORD}(?: {_WORD}){{1,3}})"
)
_LEAVES = re.compile(
    r"\b(?:leaving|leaves|last (?:working )?day|final (?:working )?day|end date|finish(?:es|ing)?"
    r"|departs?|departure|departing|contract ends)\b"
)
_LEAVES_ON = re.compile(
    r"\b(?:leaving|leaves)(?: (?:us|here|gds|gov\.?uk|the \w{1,20}|on|is|will be|at)){0,4} "
    r"(?P<date>.{6,40})"
)
_MOVES = re.compile(
    r"\b(?:(?:leaving|end) date|last (?:working )?day|contract|notice|departure|it|date)\b.{0,40}"
    r"\b(?:changed|moved|extended|postponed|delayed|brought forward|pushed back|now|instead)\b"
    r"|\b(?:new|revised|updated|correct(?:ed)?) (?:leaving|end) date\b"
)
_LAST_WORKING = re.compile(r"\b(?:last|final) (?:working )?day\b")
_REVOKED = (
    r"(?! .{0,30}\b(?:access|accounts?|pass(?:es)?|licen[cs]es?|subscriptions?|meetings?|cards?"
    r"|permits?|memberships?|invites?|contract|phone|bookings?)\b)"
)
_CANCELLED = re.compile(
    r"\b(?:not|never|isn['\u2019]?t|no longer) (?:actually |now |currently |in fact )?leaving\b"
    r"|\bleaver (?:(?:is|was|has|been|request|now) ){0,3}(?:withdrawn|cancell?ed)\b"
    r"|\b(?:is|are|will be|be|now) (?:now )?staying\b(?! (?:in|within) (?:the )?"
    r"(?:civil|government|public|uk|touch|another))|\bstaying (?:on|after all)\b"
    r"|\bdecided (?:to stay|not to leave)\b|\bchanged (?:his|her|their) mind\b"
    r"|\b(?:withdrawn|withdrew|retracted|rescinded|withdraws)\b.{0,20}\b(?:resignation|notice)\b"
    r"|\b(?:resignation|notice|request|ticket)\b.{0,20}"
    r"\b(?:withdrawn|retracted|rescinded|cancell?ed)\b"
    rf"|\b(?:please|to|can you|could you|pls) (?:cancel|ignore|disregard|withdraw)\b{_REVOKED}"
    r"|\b(?:raised|opened|sent) (?:in error|by mistake)\b"
    r"|\b(?:request|ticket|this) is no longer (?:needed|required)\b"
)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|both|several|multiple|[2-9]|\d\d) leavers\b"
    r"|\b(?:is|are|also) (?:also )?(?:be )?leaving too\b|\balso (?:be )?leaving\b"
    r"|\b(?:another|second|third) leaver\b|\bboth (?:are |of them |be )*leaving\b"
    r"|(?:\+|&|\band|\bplus) (?:\d{1,2}|one|two|three|four|several|some) (?:others?|more)\b"
)
_CONDITION = re.compile(r"\b(?:if|unless|in case|should you)\b")


def says_cancelled(source: Source) -> bool:
    """Whether a text says that the leaver stays; "if …" is a form's own small print."""
    return any(
        not _CONDITION.search(sentence[: found.start()])
        for sentence in source.sentences
        for found in _CANCELLED.finditer(sentence)
    )


def says_several(sentence: str) -> bool:
    """Whether a sentence speaks of more than one leaver."""
    return bool(_SEVERAL.search(folded(sentence)))


def may_change_the_date(source: Source, *, known: Sequence[date], today: date) -> bool:
    """Whether a comment speaks of another leaving date than those that are known."""
    for sentence in source.sentences:
        moves = bool(_MOVES.search(sentence))
        leaves = bool(_LEAVES.search(sentence)) and not _LAST_WORKING.search(sentence)
        days = dates_in(sentence, today=today) if moves or leaves else ()
        if any(day not in known for day in days) or (moves and not days):
            return True
    return False


def gives_another_date(source: Source, *, known: Sequence[date], today: date) -> bool:
    """Whether a sentence such as "she leaves us on 17 December 2026" speaks against the labels."""
    for sentence in source.sentences:
        for found in _LEAVES_ON.finditer(sentence):
            days = dates_in(found["date"], today=today)
            if days and not set(days) & set(known):
                return True
    return False


def suggested_dates(source: Source, *, today: date) -> list[Found[date]]:
    """Find the dates of sentences that speak of leaving."""
    return [
        Found(value=day, where=f"the running text of {source.name}")
        for sentence in source.sentences
        if _LEAVES.search(sentence)
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
    for pattern in (_NAME_LEAVES, _ACCESS_OF):
        for found in pattern.finditer(text):
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
