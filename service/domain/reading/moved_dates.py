"""Whether running text speaks of another leaving date than the labels do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.date_grammar import take_apart
from service.domain.dates import dates_in
from service.domain.reading.sources import Source
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import Found

DATE_MAY_CHANGE = Reason(
    ReasonCode.LEAVING_DATE_MAY_CHANGE, "The running text may change the leaving date."
)

_PARTING = r"(?! (?:do|drinks?|party|lunch|card|gift|present|collection|speech|meal|event)\b)"
_LEAVES = re.compile(
    rf"\b(?:leaving{_PARTING}|leaves|last (?:working )?day|final (?:working )?day"
    r"|(?<!access )end date|finish(?:es|ing)?|departs?|departure|departing|contract ends)\b"
)
_LAST_DAY = re.compile(r"\b(?:last|final) (?:working )?day\b")
_UNTIL = re.compile(r"\b(?:until|till)\b")
_MOVES = re.compile(
    r"\b(?:(?:leaving|end) date|last (?:working )?day|contract|notice|departure|secondment|date"
    r"|it(?:['\u2019]s| is| has| will| was))\b.{0,40}\b(?:changed|moved|extended|renewed|prolonged"
    r"|postponed|delayed|brought forward|pushed back|now|instead)\b"
    r"|\b(?:new|revised|updated|correct(?:ed)?) (?:leaving|end) date\b"
    r"|\b(?:days?|weeks?|months?) (?:earlier|later|sooner|longer)\b|\b(?:earlier|later) than\b"
    r"|\b(?:bring|brought|pushed?|put|moved?) (?:(?:her|his|their|the|it|this|that) )?(?:\w+ )?"
    r"(?:forward|back)\b"
    r"|\b(?:leaver|contract|notice|secondment) extension\b|^extension\W*$"
)
_A_DATE = (
    r"\W*(?:on )?(?:the )?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?(?:the )?"
    r"(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d)"
)
_CHANGES = re.compile(
    r"\b(?:wrong|incorrect|correction|corrected|change of plans?|typo|actually|instead"
    rf"|should (?:be|read|say|have (?:been|said))(?={_A_DATE})"
    r"|exten(?:d|ds|ded|ding|sion)|renew(?:ed|al|s)?|(?:put|pushed|moved) back|delayed|postponed"
    r"|contract ends?|will now|is now|be now)\b"
)
# "She keeps the laptop until March", and what is done on a day of its own: "Pass returned on …".
OF_THINGS = re.compile(
    r"\b(?:laptop|phone|pass|equipment|mailbox|files?|documents?|paid|salary|office|cover)\b"
)
_SOMETHING_ELSE = re.compile(
    r"\b(?:done|completed?|resolved|returned|collected|handed|sent|received|raised|submitted|logged"
    r"|approved|assigned|booked|chas(?:ed?|ing|er)|remind(?:er|ed)?|meeting|call|actioned|closed"
    r"|wrote|drinks?|party|lunch|speech|meal|collection|removed|disabled|revoked|deleted"
    r"|wiped|suspended|reset|started?|joined|gave notice|holiday|(?:annual|my|on) leave"
    r"|out of (?:the )?office|(?:i|we)(?:['\u2019](?:m|re|ll)| am| are| will))\b"
)
_MONTHS = "january february march april may june july august september october november december"
_MONTH = re.compile(rf"\b(?!may\b)(?P<month>{_MONTHS.replace(' ', '|')})\b")
_ORDINAL = re.compile(r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b")
_UNSETTLED = re.compile(
    r"(?:\b(?:leaving|leave|leaver|end|finish|exit|the|this|that|her|his|their|last) date|^date)\b"
    r"(?: (?:is|was|has|have|been|are|may|might|could|still|yet|be)){0,4} (?:wrong|incorrect|change"
    r"|not (?:yet |been |quite |fully ){0,2}(?:confirmed|certain|final|fixed|agreed|settled|known"
    r"|right|correct)|unconfirmed|to be (?:confirmed|agreed)|tb[cda]|provisional|subject to change)"
    r"\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What the labels say.

    Attributes:
        leaving: the date on which the leaver leaves.
        known: that date and the last working day, as far as they are given.
    """

    leaving: date
    known: Sequence[date]


def suggested_dates(source: Source, *, today: date) -> list[Found[date]]:
    """Find the dates of sentences that speak of leaving."""
    return [
        Found(value=day, where=f"the running text of {source.name}")
        for sentence in source.sentences
        if _LEAVES.search(sentence)
        for day in dates_in(sentence, today=today)
    ]


def may_move_the_date(sentence: str, dates: Dates, *, today: date, is_comment: bool) -> bool:
    """Return whether a folded sentence names another leaving date, or says that it may move.

    In a comment any other day counts, unless it is plainly that of something else; elsewhere only
    beside words about leaving or about a change.
    """
    days = dates_in(sentence, today=today)
    if _UNSETTLED.search(sentence) or (not days and _MOVES.search(sentence)):
        return True
    if not _CHANGES.search(sentence):
        if OF_THINGS.search(sentence) or _SOMETHING_ELSE.search(sentence):
            return False
        if not (is_comment or _LEAVES.search(sentence) or _UNTIL.search(sentence)):
            return False
        if days and _LAST_DAY.search(sentence):  # it may come before the leaving date
            return any(day > dates.leaving for day in days)
    return _is_another_day(sentence, days, dates)


def _is_another_day(sentence: str, days: Sequence[date], dates: Dates) -> bool:
    """Return whether a sentence names a day, "the 19th", or a month that no label gives."""
    if days:
        return any(day not in dates.known for day in days)
    named = {_MONTHS.split().index(found["month"]) + 1 for found in _MONTH.finditer(sentence)}
    without_year = {(parts.day, parts.month) for parts in take_apart(sentence).dates}
    ordinals = {int(found["day"]) for found in _ORDINAL.finditer(sentence)}
    return bool(
        named - {day.month for day in dates.known}
        or without_year - {(day.day, day.month) for day in dates.known}
        or ordinals - {day.day for day in dates.known}
    )
