"""The words of which labels are made, after folding: no case, apostrophes, brackets or fillers."""

import re
from enum import Enum


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


_WHO = (
    r"(?:(?:departing|exiting|outgoing|leaving|named) )?"
    r"(?:leavers?|employees?|staff(?: members?)?|members? staff|colleagues?|users|individuals?"
    r"|which user|persons?|workers?|team members?|contractors?|civil servant|account holders?"
    r"|offboarders?)"
    r"(?: (?:who )?leavings?)?"
)
_WHO_ALONE = rf"(?:{_WHO}|who leaving|user|who leaver|offboard(?:ing)?|leaver (?:user|employee))"
_NAME = (
    r"(?:(?:(?:full|legal|official|complete|first last|first second) )?names?(?: full)?"
    r"|(?:first|given|fore) ?names? (?:surnames?|(?:last|family) ?names?))"
)
_FIRST = r"(?:(?:first|given|christian|fore) ?names?|name first)"
_LAST = r"(?:(?:surname|(?:last|family|second) ?name)s?|name last)"
_EMAIL = (
    r"(?:(?:work|official|business|corporate|company|organisation(?:al)?|departmental?|gov uk|govuk"
    r"|gds|dsit|cabinet office|co|signon|sign on|google|gsuite|g suite|workspace|current|primary"
    r"|digital|github|main|professional|office|login) ){0,3}"
    r"e?mails?(?: (?:address(?:es)?|id|account))?"
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
    r"|(?:date (?:leaving|departure|termination|exit|leave|leaves|left|finish|finishing)"
    r"|(?:they )?(?:leaving|leaves|leave|finishing|finishes|departing|departs))"
    r"(?: (?:gds|dsit|govuk|gov uk|cabinet office|department|organisation|post))?|effective date"
    rf"|{_TERM}(?: period)? (?:ends?|ending|finish|finishes|termination|expiry|leaving)"
    r"(?: (?:date|day))?"
    rf"|(?:end|date end|end date|last day|final day|last date) {_TERM}(?: date)?"
    rf"|(?:when|date) (?:they |{_WHO} )?(?:leaving|leaves|leave)|leaving date effective|leaving day"
    rf"|(?:when|date) {_TERM} ends"
)
_LAST_WORKING_DAY = (
    r"(?:date )?(?:last|final) (?:(?:working|actual|physical) ){0,2}day"
    r"(?: (?:working|work|worked|office|duty|site|gds|govuk|gov uk))?"
    r"|(?:date )?last working (?:date|day)|(?:date )?last (?:date )?worked|lwd"
    r"|when last (?:working )?day"
)
_LEAVER_SECTION = (
    rf"(?:(?:section|part)(?: [a-z])? )?(?:about )?{_WHO_ALONE}"
    r"(?: (?:details?|info(?:rmation)?|section|form|record|request|particulars))*"
    rf"|(?:details?|info(?:rmation)?) (?:about )?{_WHO_ALONE}"
)
SOMEBODY_ELSES = re.compile(
    r"\b(?:managers?|management|supervisors?|line manager|requesters?|requestors?|requested"
    r"|submitters?|submitted|submitting|completing|completed|filling|filled|approvers?|approved"
    r"|approval|approving|authori[sz]ed"
    r"|authori[sz]er|hr|hrbp|human resources|people team|sponsors?|your|my|you|signed|signature"
    r"|by|senders?|reporters?|reported|reporting|reports|raised|authors?|owners?|delegates?"
    r"|replacements?|replacing|successors?|handover|next of kin|next kin|emergency|personal"
    r"|private|home|forwarding|alternative|secondary|lead|leads|head|director|deputy|buddy"
    r"|mentor|agency|supplier|recruiter|contact(?! (?:details?|info))|referee|witness"
    r"|countersigning|budget|payroll|preferred|known as|aka|previous|former|maiden|nickname"
    r"|starter|joiner|new (?:employee|email|name)|phone|mobile|tel|telephone)\b"
)
WORDS_OF_SOMEBODY_ELSES_LABEL = re.compile(
    rf"{SOMEBODY_ELSES.pattern}|line|known|as|business|partner|kin|names?|emails?|address"
    r"|details?|info|information|section|contact"
    rf"|number|{_WHO}|who|person|member|staff|this|form|request|ticket|role|job|title"
)
OF_MAILS = {
    Detail.SENDER: re.compile(r"from"),
    Detail.SUBJECT: re.compile(r"subject|re|fwd?|title|ticket subject"),
    Detail.OTHER: re.compile(
        r"to|cc|bcc|sent|date|reply to|sender|importance|attachments?|received"
    ),
}
ANYBODYS = {
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
LEAVERS = {
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
AGREED = re.compile(
    r"(?<=date|.day) (?:agreed|approved|confirmed|given|provided)(?: (?:by|with|line|manager|hr))+"
)
FILLERS = frozenset(
    {"the", "of", "a", "an", "is", "are", "for", "please", "in", "at", "do", "does", "did"}
    | {"their", "his", "her", "s", "what", "and", "on"}
)
