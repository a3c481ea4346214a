"""Takes the text of a date apart: the dates in it, its weekdays, and what is left over."""

import re
import unicodedata
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAY = r"(?<![\w/.:-])(?P<day>\d{1,2})\s?(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"['\u2019]?(?P<year>\d{4}|\d{2})(?![\d:]|\s?[ap]\.?m\b|(?:st|nd|rd|th)\b|[/.-]\d)"
_GAP = r"[\s,./-]{0,4}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"

_ISO = re.compile(
    r"(?<![\w/.:-])(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    rf"(?:t(?P<clock>{_CLOCK})\s?(?P<zone>z|[+-]\d\d:?\d\d)?)?(?![\w/-])"
)
_NUMERIC = re.compile(
    r"(?<![\w/.:-])(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"(?P<sep>\s?[/.-]\s?|\s)(?P<month>\d{1,2})(?P=sep)['\u2019]?(?P<year>\d{4}|\d{2})"
    r"(?![\w:]|[/-]\d|\.\d)"
)
_YEAR_FIRST = re.compile(
    rf"(?<![\w/.:-])(?P<year>\d{{4}}){_GAP}{_MONTH}{_GAP}(?P<day>\d{{1,2}})(?!\w)"
)
_DAY_FIRST = re.compile(rf"{_DAY}{_GAP}(?:day\s)?(?:of\s)?(?:the\s)?{_MONTH}(?:{_GAP}{_YEAR})?")
_MONTH_FIRST = re.compile(rf"(?<![a-z]){_MONTH}{_GAP}(?:the\s)?{_DAY}(?:[\s,]{{1,3}}{_YEAR})?")
_WITHOUT_YEAR = re.compile(
    r"(?<![\w/.:-])(?<!\bat )(?P<day>\d{1,2})[/.](?P<month>\d{1,2})(?![\w/.-]|\s?[ap]\.?m)"
)
_FORMS = (_ISO, _YEAR_FIRST, _NUMERIC, _DAY_FIRST, _MONTH_FIRST, _WITHOUT_YEAR)

_WEEKDAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|sday|nesday|nes|r|rs|rsday|urday|day)?\b\.?"
)
_GLUED = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?=\d)")
_TIME = re.compile(
    rf"(?<![\w:]){_CLOCK}\s?(?:[ap]\.?m\b\.?|hrs\b|h\b)?"
    r"|(?<!\w)\d{1,2}(?:\.\d\d)?\s?[ap]\.?m\b\.?|\bat \d{1,2}\.\d\d(?![\w.])"
    r"|\b\d{4}\s?hrs?\b|\b(?:gmt|utc|bst)\b(?:[+-]\d\d:?\d\d)?|(?<![\w])[+-]\d\d:?\d\d\b"
)
_DOUBTFUL = re.compile(
    r"\?|~|\b(?:tb[cda]|to be (?:confirmed|agreed|decided|advised|determined)|unknown|not known"
    r"|not (?:yet )?(?:sure|confirmed|agreed|decided)|unsure|unconfirmed|provisional(?:ly)?"
    r"|tentative(?:ly)?|approx(?:imately)?|around|about|circa|maybe|perhaps|probably|possibly"
    r"|draft|guess\w*|estimated?|expected|likely|awaiting|pending|subject to|unless"
    r"|depend(?:s|ing|ent)?)\b"
)
_RELATIVE = re.compile(
    r"\b(?:today|tomorrow|tonight|yesterday|asap|as soon as possible|immediate(?:ly)?|now|next|this"
    r"|last|coming|following|end of|start of|beginning of|mid|week|weeks|month|months|days?"
    r"|fortnight|already|urgent(?:ly)?|soon)\b"
)
_PLAIN = re.compile(
    r"\b(?:(?:confirmed|agreed) (?:with|by) \w+(?: manager)?|(?:with )?immediate(?:ly)?(?: effect)?"
    r"|today|(?:has )?(?:already )?left|her|his|their|she|he|they|leaves|[ap]m|c\.o\.[bp]\.?"
    r"|on|an?|effective|the|of|at|is|it|will|be|date|day|confirmed|inclusive|cob|cop|eod|noon|midday|midnight"
    r"|(?:many )?thanks|thank you|as (?:agreed|discussed)"
    r"|close of (?:business|play)|end of (?:business|play|(?:the )?(?:working )?day)"
    r"|(?:last|final) (?:working )?day(?: of (?:employment|service|(?:the )?contract))?"
    r"|leaving(?: on| date)?)\b"
)
# What a remark in brackets must hold to change the date beside it, or its certainty.
_REMARK = re.compile(r"\(([^()]*)\)")
_CHANGES = re.compile(
    r"\d|\b(?:by|before|after|from|since|until|till|to|or|not|no|was|were|unless|if|when|once|but"
    r"|instead|earliest|latest|least|weeks?|months?|w[/ ]?[ce]|commencing|beginning|start\w*|plus"
    r"|minus|less|may|might|could|should|chang\w+|mov\w+|exten\w+|original\w*|old|previous\w*"
    r"|notice|hop\w+|aim\w*|target|us|american|tomorrow|next|mm?\W{0,3}dd?\b)\b"
)
_MONTH_ALONE = re.compile(rf"(?<![a-z]){_MONTH}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A date as written: whether it exists is not known yet; the year may be missing."""

    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What stands beside the dates, by what it does to their certainty."""

    doubtful: bool
    relative: bool
    months: bool
    figures: bool
    other: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DateText:
    """A text taken apart.

    Attributes:
        dates: in the order of the forms, not of the text.
        weekdays: 0 is Monday.
        near_midnight: a date with a time in UTC that may be the next day in Britain.
        rest: what is left.
    """

    dates: tuple[Parts, ...]
    weekdays: tuple[int, ...]
    near_midnight: bool
    rest: Rest


def take_apart(text: str) -> DateText:
    """Take a text apart into dates, weekdays and the rest; any text will do."""
    rest = _REMARK.sub(_weighty, _fold(text))
    dates: list[Parts] = []
    near_midnight = False
    for form in _FORMS:
        for found in form.finditer(rest):
            dates.append(_parts(found))
            near_midnight |= _is_near_midnight(found)
        rest = form.sub(" ", rest)
    weekdays = tuple(_WEEKDAYS.index(name) for name in _WEEKDAY.findall(rest))
    rest = _TIME.sub(" ", _WEEKDAY.sub(" ", rest))
    return DateText(
        dates=tuple(dates), weekdays=weekdays, near_midnight=near_midnight, rest=_rest(rest)
    )


def _weighty(remark: re.Match[str]) -> str:
    """Keep a remark in brackets only if it may change the date: "(retirement)" does not."""
    changes = _CHANGES.search(remark[1]) or _DOUBTFUL.search(remark[1])
    return remark.group() if changes or _WEEKDAY.search(remark[1]) else " "


def is_a_date_alone(text: str) -> bool:
    """Return whether a text is one date and says nothing else."""
    written = take_apart(text)
    return len(written.dates) == 1 and not (written.rest.other or written.rest.figures)


def _fold(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", visible).casefold()
    folded = _GLUED.sub(r"\g<0> ", folded)
    return re.sub(r"\s+", " ", re.sub(r"[\u2010-\u2015\u2212\u2044]", "-", folded)).strip()


def _parts(found: re.Match[str]) -> Parts:
    groups = found.groupdict()
    month, year = groups["month"], groups.get("year")
    return Parts(
        day=int(groups["day"]),
        month=int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1,
        year=None if year is None else int(year) + (2000 if len(year) == 2 else 0),
    )


def _is_near_midnight(found: re.Match[str]) -> bool:
    groups = found.groupdict()
    return groups.get("zone") in {"z", "+00:00", "+0000"} and groups["clock"][:2] >= "22"


def _rest(text: str) -> Rest:
    beside = _PLAIN.sub(" ", text)
    return Rest(
        doubtful=bool(_DOUBTFUL.search(text)),
        relative=bool(_RELATIVE.search(text)),
        months=bool(_MONTH_ALONE.search(beside)),
        figures=any(c.isdigit() for c in beside),
        other=any(c.isalpha() for c in beside),
    )
