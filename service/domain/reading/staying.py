"""Whether running text says that the leaver stays, or that the ticket is not to be worked on."""

import re

from service.domain.reading.moved_dates import OF_THINGS
from service.domain.reasons import Reason, ReasonCode

CANCELLED = Reason(
    ReasonCode.MAY_BE_STAYING, "The ticket says that the leaver may be staying after all."
)

# "Please cancel her accounts" ends no leaver: what may be revoked or handed back.
_REVOKED = (
    r"(?! .{0,30}\b(?:access|accounts?|pass(?:es)?|licen[cs]es?|subscriptions?|meetings?|cards?"
    r"|permits?|memberships?|invites?|contract|phone|bookings?|seats?|log-?ins?)\b)"
)
_NEGATION = r"(?:not|never|no longer|\w+n['\u2019]t|wont|isnt)"
_BETWEEN = r"(?: (?!on\b|annual|sick|any\b|tak|her\b|his\b|their\b|the\b)[\w'\u2019]+){0,3}"
_PARTING = r"(?:do|drinks?|party|lunch|card|gift|present|collection|speech|meal|event|date)"
_THING = r"(?:access|accounts?|open|it|this|that|ticket|laptop|these|those|anything|behind)"
_NOT_LEAVING = re.compile(
    rf"\b{_NEGATION}{_BETWEEN} (?:leaving(?! {_PARTING}\b)|going(?! (?:to|through|back|into|on)\b))"
    rf"(?! (?:(?:the|her|his|their|any) )?{_THING}\b)"
    rf"|\b(?<!do )(?<!please ){_NEGATION}{_BETWEEN}(?<!don't)(?<!don\u2019t) leave\b"
    rf"(?! (?:(?:the|her|his|their|any) )?{_THING}\b)"
)
_STAYS = re.compile(
    r"\b(?:is|are|be|been|now|she|he|they|will|may|might|would|could|['\u2019]ll|to|(?:she|he)['\u2019]s"
    r"|they['\u2019]re)"
    r" (?:(?:be|now|actually|instead) )?(?:stay(?:ing|s)?|remain(?:ing|s)?)\b"
    r"|\bstaying (?:on|after all)\b"
    r"|\b(?:changed|has a change of) (?:his|her|their )?\s?(?:mind|heart|plans?)\b"
    r"|\b(?:keeps?|retains?) (?:\w+ ){0,3}(?:access|accounts?)\b"
    r"|\b(?:carry|carries|carrying) on as\b"
)
_WITHDRAWN = re.compile(
    r"\bleaver (?:(?:is|was|has|been|request|now) ){0,3}(?:withdrawn|cancell?ed)\b"
    r"|\b(?:withdrawn|withdrew|retracted|rescinded|withdraws)\b.{0,20}\b(?:resignation|notice)\b"
    r"|\b(?:resignation|notice|request|ticket|offboarding)\b.{0,20}"
    r"\b(?:withdrawn|retracted|rescinded|cancell?ed)\b"
    rf"|\b(?:please|to|can you|could you|pls) (?:cancel|ignore|disregard|withdraw)\b{_REVOKED}"
    r"|\b(?:raised|opened|sent) (?:in error|by mistake|twice)\b|^duplicate of\b"
    r"|\b(?:is|as) a duplicate\b"
    r"|\b(?:request|ticket|this|it|offboarding)(?: is|['\u2019]s) no longer (?:needed|required)\b"
)
_OPENING = (
    r"^(?:(?:please|pls|sorry|hi|hello|all|update|edit|status|request|note|re|fwd?|fw|urgent"
    r"|can you|could you)\W{1,3}|\[[^\]]{0,40}\] ?){0,4}"
)
_IT = (
    r"(?:this|it|that|the (?:request|ticket|leaver|offboarding|process|removal)|leaver|request"
    r"|ticket|offboarding|off|fire|on|please|pls|for now|everything|processing|until|as|since)"
)
_STOPPED = re.compile(
    rf"{_OPENING}(?:cancel(?:l?ed|lation)?|withdrawn?|(?:put )?(?:this |it )?on hold|hold|stop"
    rf"|paused?|ignore|disregard|scrap|abort|duplicate|postponed|no longer (?:needed|required)"
    rf"|not (?:needed|required) any ?more)"
    rf"(?:\W*$|\s?[.,:!(\u2013-]|\s(?={_IT}\b)|\s(?:thanks?|thx))"
    rf"{_REVOKED}(?!.{{0,40}}\buntil (?:the )?\d)"
    r"|\b[,.-] no longer (?:needed|required)\W*$|\bput (?:this|it|the \w+)? ?on hold\b"
    r"|\bbe (?:held|paused)\b"
)
_BUT_NOT_YET = (
    r"(?!.{0,80}\b(?:until|before|till|prior to|earlier than)(?! (?:i|we|further|told)\b))"
)
_NOT_TO_BE_DONE = re.compile(
    r"\b(?:do not|don['\u2019]?t|please not|should not|must not)(?: yet)? (?:process|action|proceed"
    r"|go ahead|offboard|start|(?:remove|revoke|disable) (?:any|all|her|his|their|the) (?:\w+ )?"
    rf"(?:access|accounts?))\b{_BUT_NOT_YET}"
)
# Somebody who comes back, moves within the organisation or keeps some access may not be a leaver.
_COMES_BACK = re.compile(
    r"\b(?<!please )(?<!to )(?:returns?|returning|re-?joins?|re-?joining)"
    r"(?! (?:\w+ ){0,3}(?:laptop|equipment|kit|pass(?:es)?|phone|badge|keys?|devices?|assets?)\b)"
    r"(?= (?:to|from|in|on|us|next|after|early|late|\d|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\W*$)"
    r"|\b(?:be|comes?|coming) back\b(?! (?:in touch|to (?:you|me|us))\b)"
    r"|(?<!covering )(?<!cover for )\b(?:(?:maternity|paternity|parental|adoption|unpaid|study"
    r"|special|extended|long.?term) leave|career break|sabbatical|leave of absence)\b(?! cover)"
)
_MOVES_WITHIN = re.compile(
    r"\binternal (?:move|transfer|promotion)\b"
    r"|\b(?:mov(?:es?|ing)|transfer(?:s|ring)?|joining) (?:\S+ ){0,6}?"
    r"(?:within|internally|another (?:\S+ )?team)\b"
)
_KEEPS_ACCESS = re.compile(
    r"\bstill (?:\w+ ){0,2}(?:needs?|requires?)\b.{0,30}\baccess\b"
    r"|\b(?<!no )access\b.{0,20}\b(?:still (?:needed|required)|to be (?:kept|retained)"
    r"|(?:must|should|needs? to|to) (?:stay|remain)(?!.{0,20} until))\b"
)
_SIGNS = (
    *(_NOT_LEAVING, _STAYS, _WITHDRAWN, _STOPPED, _NOT_TO_BE_DONE),
    *(_COMES_BACK, _MOVES_WITHIN, _KEEPS_ACCESS),
)
_CONDITION = re.compile(r"\b(?:if|unless|in case|should you|whether)\b")


def says_cancelled(sentence: str) -> bool:
    """Return whether a folded sentence says that the leaver stays; "if …" is a form's own text."""
    return any(
        not _CONDITION.search(sentence[: found.start()])
        and not (sign in {_STAYS, _COMES_BACK} and OF_THINGS.search(sentence[: found.start()]))
        for sign in _SIGNS
        for found in sign.finditer(sentence)
    )
