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
    OTHER_NAME = "other name"
    SECTION = "section"
    SUBJECT = "subject"
    SENDER = "sender"
    OTHER = "other"


_PERSON = (
    r"(?:leavers?|employees?|staff(?: members?)?|members? staff|colleagues?|users|individuals?"
    r"|which user|persons?|workers?|team members?|contractors?|civil servant|account holders?"
    r"|offboarders?|secondees?|interns?|consultants?|apprentices?|trainees?|freelancers?)"
)
# With "name" beside them these are people; alone they may be companies, machines and posts.
_MAYBE_PERSON = (
    rf"(?:{_PERSON}|user|members?|vendors?|resources?|associates?|interims?|movers?|temps?|fellows?"
    r"|graduates?|volunteers?)"
)
_LEAVING_NOW = r"(?:departing|exiting|outgoing|leaving|named) "
_REMOVED = r" to (?:be )?(?:remov|offboard|off board|disabl|delet|deactivat|revok)\w*"
_WHO = (
    rf"(?:{_LEAVING_NOW})?(?:(?:user|leavers?) (?:or )?)?{_PERSON}(?: (?:or )?{_PERSON})?"
    r"(?: (?:who )?leavings?)?"
)
_ANY_WHO = (
    rf"(?:{_LEAVING_NOW})?{_MAYBE_PERSON}(?: (?:or )?{_MAYBE_PERSON}){{0,2}}"
    rf"(?: (?:who )?leavings?(?: (?:organisation|department|post|us))?|{_REMOVED})?"
)
_WHO_ALONE = (
    rf"(?:{_WHO}|(?:{_WHO}|user){_REMOVED}|who leaving|user|who leaver|offboard(?:ing)?"
    r"|leaver (?:user|employee))"
)
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
HEDGES = frozenset(
    {"proposed", "provisional", "estimated", "tentative", "approximate", "possible", "likely"}
)
# Of the labels of dates, which hold nothing but such words, in whatever order.
LEAVES = frozenset(
    {"leaving", "leaves", "leave", "finish", "finishes", "finishing", "departing", "departs"}
    | {"ends", "retires", "retiring"}
)
ENDS = frozenset(
    {"end", "ending", "exit", "departure", "termination", "separation", "retirement", "expiry"}
    | {"offboarding", "boarding", "off", "rolloff", "roll", "leaver", "leavers", "left"}
)
TERMS = frozenset(
    {"contract", "employment", "assignment", "service", "appointment", "secondment", "engagement"}
    | {"placement"}
)
WORKS = frozenset({"day", "working", "work", "worked", "office", "site", "duty"})
BESIDE_DATES = HEDGES | frozenset(
    {"expected", "planned", "official", "actual", "confirmed", "agreed", "contractual", "formal"}
    | {"new", "revised", "updated", "amended", "changed", "original", "effective", "physical"}
    | {"gds", "dsit", "govuk", "gov", "uk", "cabinet", "office", "department", "organisation"}
    | {"post", "us", "they", "period", "by"}
)
WHO = re.compile(_PERSON)
_LEAVER_SECTION = (
    rf"(?:(?:section|part)(?: [a-z])? )?(?:about )?{_WHO_ALONE}"
    r"(?: (?:details?|info(?:rmation)?|section|form|record|request|particulars))*"
    rf"|(?:details?|info(?:rmation)?) (?:about )?{_WHO_ALONE}"
)
# People beside the leaver, by what they are to the leaver or to the ticket.
OTHER_PEOPLE = re.compile(
    r"\b(?:managers?|lm|management|supervisors?|requesters?|requestors?|submit(?:s|ters?|ting)"
    r"|complet(?:es|ing)|fill(?:s|ing)|approvers?|approving|authori[sz]er|hr|hrbp"
    r"|human resources|people team|sponsors?|yours?|my|mine|you|signature|by(?! e?mail)|senders?"
    r"|reporters?|reporting|reports|authors?|owners?|delegates?|replacements?|replacing"
    r"|successors?|handover|next of kin|next kin|emergency|leads?|head|director|deputy|buddy"
    r"|mentor|agency|supplier|recruiter|contact(?! (?:details?|info))|referee|witness"
    r"|countersigning|budget|payroll|starter|joiner|new (?:employee|email|name))\b| to$"
)
# "Person raising this", and not "person leaving".
DOES_SOMETHING_ELSE = re.compile(
    rf"\b(?:{_PERSON}|who) (?:who )?(?:is |has )?(?!leav|left|depart|exit|off|be |being|remov|end)"
    r"\w+(?:ing|ed|s)\b"
)
# What else the leaver goes by: it may find the leaver, and is not the name to go by.
OTHER_NAMES = re.compile(
    r"\b(?:preferred|known as|aka|previous|former|maiden|birth|nickname|other names?)\b"
)
SOMEBODY_ELSES = re.compile(
    rf"{OTHER_PEOPLE.pattern}|{OTHER_NAMES.pattern}|\b(?:personal|private|home|forwarding"
    r"|alternative|secondary|phone|mobile|tel|telephone)\b"
)
WORDS_OF_SOMEBODY_ELSES_LABEL = re.compile(
    rf"{SOMEBODY_ELSES.pattern}|line|known|as|point|business|partner|kin|names?|emails?|address"
    r"|details?|info|information|section|contact|first|also|birth"
    r"|requested|submitted|completed|filled|approved|approval|authori[sz]ed|signed|reported|raised"
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
        rf"{_ANY_WHO} full {_NAME}|(?!user name){_ANY_WHO} {_NAME}|{_NAME} {_ANY_WHO}|{_WHO_ALONE}"
    ),
    Detail.USER_NAME: re.compile(r"user name"),
    Detail.GITHUB: re.compile(rf"(?:{_WHO} )?{_GITHUB}(?: {_WHO})?"),
    Detail.FIRST_NAME: re.compile(rf"{_WHO} {_FIRST}|{_FIRST} {_WHO}"),
    Detail.LAST_NAME: re.compile(rf"{_WHO} {_LAST}|{_LAST} {_WHO}"),
    Detail.EMAIL: re.compile(rf"(?:{_WHO}|user) {_EMAIL}|{_EMAIL} {_WHO}"),
    Detail.SECTION: re.compile(_LEAVER_SECTION),
}
FILLERS = frozenset(
    {"the", "of", "a", "an", "is", "are", "for", "please", "in", "at", "do", "does", "did"}
    | {"their", "his", "her", "s", "what", "and", "on"}
)
