"""Whether running text speaks of another leaving date than the labels do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.date_grammar import take_apart
from service.domain.dates import dates_in
from service.domain.reasons import Reason, ReasonCode

DATE_MAY_CHANGE = Reason(
    ReasonCode.LEAVING_DATE_MAY_CHANGE, "The running text may change the leaving date."
)

_PARTING = r"(?! (?:do|drinks?|party|lunch|card|gift|present|collection|speech|meal|event)\b)"
LEAVES = re.compile(
    rf"\b(?:leaving{_PARTING}|leaves|last (?:working )?day|final (?:working )?day|end date"
    r"|finish(?:es|ing)?|departs?|departure|departing|contract ends)\b"
)
_LEAVES_ON = re.compile(
    r"\b(?:leaving|leaves)(?: (?:us|here|gds|gov\.?uk|the \w{1,20}|on|is|will be|at)){0,4} "
    r"(?P<date>.{6,40})"
)
_MOVES = re.compile(
    r"\b(?:(?:leaving|end) date|last (?:working )?day|contract|notice|departure|it|date)\b.{0,40}"
    r"\b(?:changed|moved|extended|postponed|delayed|brought forward|pushed back|now|instead)\b"
    r"|\b(?:new|revised|updated|correct(?:ed)?) (?:leaving|end) date\b"
    r"|\b(?:days?|weeks?|months?) (?:earlier|later|sooner|longer)\b|\b(?:earlier|later) than\b"
    r"|^(?:please )?(?:bring|brought|pushed?|put|moved?) (?:\w+ )?(?:forward|back)\b"
)
LAST_DAY = re.compile(r"\b(?:last|final) (?:working )?day\b")
_PROLONGS = re.compile(
    r"\b(?:exten(?:d|ds|ded|ding|sion)|renew(?:ed|al|s)?|until|till|(?:put|pushed|moved) back"
    r"|delayed|postponed|contract ends?|will now|is now|be now)\b"
)
# "She keeps the laptop until March"
_OF_THINGS = re.compile(
    r"\b(?:laptop|phone|pass|equipment|mailbox|files?|documents?|paid|salary|office|cover)\b"
)
_A_DATE = (
    r"\W*(?:on )?(?:the )?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?(?:the )?"
    r"(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d)"
)
_CORRECTS = re.compile(
    r"\b(?:wrong|incorrect|correction|corrected|change of plans?|typo|actually|instead"
    rf"|should (?:be|read|say|have (?:been|said))(?={_A_DATE}))\b"
)
# What is done on a day of its own, in a comment: "Laptop returned on 11/12/2026".
_SOMETHING_ELSE = re.compile(
    r"\b(?:done|completed?|resolved|returned|collected|handed|sent|received|raised|submitted|logged"
    r"|approved|assigned|booked|chas(?:ed?|ing|er)|remind(?:er|ed)?|meeting|call|actioned|closed"
    r"|wrote|drinks?|party|lunch|speech|meal|collection|removed|disabled|revoked|deleted"
    r"|wiped|suspended|reset|started?|joined|holiday|(?:annual|my|on) leave"
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


_IS_PROLONGED = re.compile(
    r"\b(?:leaver|contract|notice|secondment) extension\b|^(?:reason: )?extension\W*$"
    r"|\b(?:contract|notice|secondment|assignment)\b.{0,20}\b(?:extended|renewed|prolonged)\b"
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


def changes_the_date(sentence: str, dates: Dates, *, today: date) -> bool:
    """Whether a folded sentence corrects or prolongs what the labels say."""
    if _UNSETTLED.search(sentence):
        return True
    corrects = _CORRECTS.search(sentence)
    others = _others(sentence, dates, today=today)
    if corrects and (others or _is_another_day(sentence, dates)):
        return True
    if _IS_PROLONGED.search(sentence) and not dates_in(sentence, today=today):
        return True
    prolongs = _PROLONGS.search(sentence) and not _OF_THINGS.search(sentence)
    return bool(prolongs) and any(day > dates.leaving for day in others)


def comment_moves_the_date(sentence: str, dates: Dates, *, today: date) -> bool:
    """Whether a sentence of a comment brings in another date, or speaks of moving the date.

    A date is another one unless it is plainly that of something else which was done.
    """
    days = dates_in(sentence, today=today)
    if _MOVES.search(sentence) and not days:
        return True
    if _SOMETHING_ELSE.search(sentence) or _OF_THINGS.search(sentence) or LAST_DAY.search(sentence):
        return False
    if days:
        return any(day not in dates.known for day in days)
    months = {day.month for day in dates.known}
    named = {_MONTHS.split().index(found["month"]) + 1 for found in _MONTH.finditer(sentence)}
    given = {(day.day, day.month) for day in dates.known}
    without_year = {(parts.day, parts.month) for parts in take_apart(sentence).dates}
    return bool(named - months or without_year - given) or _is_another_day(sentence, dates)


def gives_another_date(sentence: str, dates: Dates, *, today: date) -> bool:
    """Whether a sentence such as "she leaves us on 17 December 2026" speaks against the labels."""
    found = (dates_in(leaves["date"], today=today) for leaves in _LEAVES_ON.finditer(sentence))
    return any(days and not set(days) & set(dates.known) for days in found)


def gives_a_later_last_day(sentence: str, dates: Dates, *, today: date) -> bool:
    """Whether a sentence mentions a last day that comes after the leaving date."""
    if not LAST_DAY.search(sentence):
        return False
    return any(day > dates.leaving for day in _others(sentence, dates, today=today))


def _others(sentence: str, dates: Dates, *, today: date) -> list[date]:
    return [day for day in dates_in(sentence, today=today) if day not in dates.known]


def _is_another_day(sentence: str, dates: Dates) -> bool:
    """Whether "actually the 19th" names another day of the month."""
    days = {day.day for day in dates.known}
    return any(int(found["day"]) not in days for found in _ORDINAL.finditer(sentence))
