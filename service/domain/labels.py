"""What the labels of a ticket mean: which detail, and whose."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from service.domain.lines import folded


class Detail(Enum):
    """What a label announces."""

    NAME = "name"
    USER_NAME = "user name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    EMAIL = "email"
    GITHUB = "github"
    LEAVING_DATE = "leaving date"
    LAST_WORKING_DAY = "last working day"
    SECTION = "section"
    SUBJECT = "subject"
    SENDER = "sender"
    OTHER = "other"


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


_WHO = (
    r"(?:(?:departing|exiting|outgoing|leaving|named) )?"
    r"(?:leavers?|employees?|staff(?: members?)?|members? staff|colleagues?|users|individuals?"
    r"|which user|persons?|workers?|team members?|contractors?|civil servant)"
    r"(?: (?:who )?leavings?)?"
)
_WHO_ALONE = rf"(?:{_WHO}|who leaving|user|who leaver|offboard(?:ing)?|leaver (?:user|employee))"
_NAME = r"(?:(?:full|legal|official|complete|first last|first second) )?names?(?: full)?"
_FIRST = r"(?:(?:first|given|christian|fore) ?names?|name first)"
_LAST = r"(?:(?:surname|(?:last|family|second) ?name)s?|name last)"
_EMAIL = (
    r"(?:(?:work|official|business|corporate|company|organisation(?:al)?|departmental?|gov uk|govuk"
    r"|gds|dsit|cabinet office|co|signon|sign on|google|gsuite|g suite|workspace|current|primary"
    r"|main|professional|office|login) ){0,3}e?mails?(?: (?:address(?:es)?|id|account))?"
)
_GITHUB = (
    r"(?:github|git hub)(?: (?:user|username|name|handle|id|account|login|profile|link|url)){0,3}"
)
_HEDGE = r"(?P<hedge>proposed|provisional|estimated|tentative|approximate|possible|likely) "
_SETTLED = (
    r"(?:expected|planned|official|actual|confirmed|agreed|contractual|formal|new|revised|updated"
    r"|amended|changed|original|final|effective) "
)
_TERM = r"(?:contract|employment|assignment|service|appointment|secondment|engagement)"
_LEAVING = (
    r"(?:leaving|leave|leavers?|end|finish|finishing|departure|exit|termination|off ?boarding|last)"
    r" date"
    r"|date (?:leaving|departure|termination|exit|leave|leaves|left|finish|finishing)"
    r"|(?:they )?(?:leaving|leaves|leave|finishing|finishes|departing|departs)"
    rf"|{_TERM}(?: period)? (?:ends?|ending|finish|finishes|termination|expiry|leaving)"
    r"(?: (?:date|day))?"
    rf"|(?:end|date end|end date|last day|final day|last date) {_TERM}(?: date)?"
    rf"|(?:when|date) (?:they |{_WHO} )?(?:leaving|leaves|leave)|leaving date effective|leaving day"
    rf"|(?:when|date) {_TERM} ends"
)
_LAST_WORKING_DAY = (
    r"(?:last|final) (?:(?:working|actual|physical) ){0,2}day"
    r"(?: (?:working|work|worked|office|duty|site|gds|govuk|gov uk))?"
    r"|(?:date )?last working (?:date|day)|(?:date )?last (?:date )?worked|lwd"
    r"|when last (?:working )?day"
)
_LEAVER_SECTION = (
    rf"(?:(?:section|part)(?: [a-z])? )?(?:about )?{_WHO_ALONE}"
    r"(?: (?:details?|info(?:rmation)?|section|form|record|request|particulars))*"
    rf"|(?:details?|info(?:rmation)?) (?:about )?{_WHO_ALONE}"
)
_ELSE = re.compile(
    r"\b(?:managers?|management|supervisors?|line manager|requesters?|requestors?|requested"
    r"|submitters?|submitted|submitting|completing|completed|filling|filled|approvers?|approved|approval|approving|authori[sz]ed"
    r"|authori[sz]er|hr|hrbp|human resources|people team|sponsors?|your|my|you|signed|signature"
    r"|by|senders?|reporters?|reported|reporting|reports|raised|authors?|owners?|delegates?"
    r"|replacements?|replacing|successors?|handover|next of kin|next kin|emergency|personal"
    r"|private|home|forwarding|alternative|secondary|lead|leads|head|director|deputy|buddy"
    r"|mentor|agency|supplier|recruiter|contact(?! (?:details?|info))|referee|witness"
    r"|countersigning|budget|payroll|preferred|known as|aka|previous|former|maiden|nickname"
    r"|starter|joiner|new (?:employee|email|name)|phone|mobile|tel|telephone)\b"
)
_ELSE_WORD = re.compile(
    rf"{_ELSE.pattern}|line|known|as|business|partner|kin|names?|emails?|address|details?|info|information|section|contact"
    rf"|number|{_WHO}|who|person|member|staff|this|form|request|ticket|role|job|title"
)
_HEADERS = {
    Detail.SENDER: re.compile(r"from"),
    Detail.SUBJECT: re.compile(r"subject|re|fwd?|title|ticket subject"),
    Detail.OTHER: re.compile(
        r"to|cc|bcc|sent|date|reply to|sender|importance|attachments?|received"
    ),
}
_ANY = {
    Detail.NAME: re.compile(_NAME),
    Detail.FIRST_NAME: re.compile(_FIRST),
    Detail.LAST_NAME: re.compile(_LAST),
    Detail.EMAIL: re.compile(_EMAIL),
    Detail.OTHER: re.compile(
        rf"(?:{_WHO} )?(?:job title|(?:job )?role|teams?|department|directorate|grade|location"
        r"|office|organisation|programme|project|position|profession|start date|cost centre"
        r"|reason(?: leaving)?|(?:employee|staff|payroll) (?:number|id|no)|username|notes"
        r"|comments?|additional (?:information|info|details|comments)|laptop|equipment|assets?)"
    ),
}
_LEAVERS = {
    Detail.NAME: re.compile(
        rf"{_WHO} {_NAME}|{_NAME} {_WHO}|{_NAME} user|user full name|{_WHO_ALONE}"
    ),
    Detail.USER_NAME: re.compile(r"user name"),
    Detail.GITHUB: re.compile(rf"(?:{_WHO} )?{_GITHUB}(?: {_WHO})?"),
    Detail.LEAVING_DATE: re.compile(
        rf"(?:{_WHO} )?(?:{_HEDGE}|{_SETTLED})?(?:{_LEAVING})(?: {_WHO})?"
    ),
    Detail.LAST_WORKING_DAY: re.compile(
        rf"(?:{_WHO} )?(?:{_HEDGE}|{_SETTLED})?(?:{_LAST_WORKING_DAY})(?: {_WHO})?"
    ),
    Detail.FIRST_NAME: re.compile(rf"{_WHO} {_FIRST}|{_FIRST} {_WHO}"),
    Detail.LAST_NAME: re.compile(rf"{_WHO} {_LAST}|{_LAST} {_WHO}"),
    Detail.EMAIL: re.compile(rf"(?:{_WHO}|user) {_EMAIL}|{_EMAIL} {_WHO}"),
    Detail.SECTION: re.compile(_LEAVER_SECTION),
}
_AGREED = re.compile(
    r"(?<=date|.day) (?:agreed|approved|confirmed|given|provided)(?: (?:by|with|line|manager|hr))+"
)
_FILLERS = frozenset(
    {"the", "of", "a", "an", "is", "are", "for", "please", "in", "at", "do", "does", "did"}
    | {"their", "his", "her", "s", "what", "and", "on"}
)
_MOST_WORDS = 8


@lru_cache(maxsize=4096)
def meaning_of(text: str, *, loosely: bool = False) -> Label | None:
    """Tell what a label means; None where it is not a label that we know.

    Args:
        text: the whole label.
        loosely: one word that points at somebody else is enough, whatever the other words are.
    """
    words = _words(text)
    if not words or len(words) > _MOST_WORDS:
        return None
    label = _AGREED.sub("", " ".join(words))
    for detail, pattern in _HEADERS.items():
        if pattern.fullmatch(label):
            return Label(detail, Whose.MAIL_HEADER)
    if _ELSE.search(label):
        known = loosely or all(_ELSE_WORD.fullmatch(word) for word in words)
        return Label(_detail_in(label), Whose.SOMEBODY_ELSE) if known else None
    return _leavers_or_anyones(label)


def points_at_somebody_else(text: str) -> bool:
    """Whether a text holds a word that a label of somebody else's would hold ("manager")."""
    return bool(_ELSE.search(" ".join(_words(text))))


def _leavers_or_anyones(label: str) -> Label | None:
    for detail, pattern in _LEAVERS.items():
        found = pattern.fullmatch(label)
        if found:
            return Label(detail, Whose.LEAVER, is_hedged=bool(found.groupdict().get("hedge")))
    for detail, pattern in _ANY.items():
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
    label = re.sub(r"(?<=[a-z]) (?:no\.?|number|#)? ?\d{1,2}\b", "", label)
    return [word for word in re.findall(r"[^\W_]+", label) if word not in _FILLERS]


def _detail_in(label: str) -> Detail:
    if "mail" in label:
        return Detail.EMAIL
    if re.search(r"\b(?:details|information|section|info)\b", label):
        return Detail.SECTION
    return Detail.OTHER if re.search(r"date|phone|mobile|tel", label) else Detail.NAME
