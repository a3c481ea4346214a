"""Full names in running text, without those that are plainly a manager's, or a system's."""

import re
from collections.abc import Iterator

from service.domain.reading.lines import folded
from service.domain.reading.values import is_a_subject_name, is_no_word_of_names

# What looks like a name in a sentence about access: systems, courtesies, weekdays, verbs.
_NO_NAME = re.compile(
    r"(?:access|account|remov|revok|disabl|delet|deactivat|leav|finish|cancel|extend|confirm)\w*"
    r"|github|google|workspace|slack|aws|amazon|web|trade|tariff|zendesk|sign-?on|whitehall|notify"
    r"|publisher|jira|trello|confluence|microsoft|teams?|drive|vpn|grafana|sentry|kibana|logit"
    r"|fastly|heroku|pager|pagerduty|production|integration|staging|local|links|search"
    r"|publishing|router|frontend|backend|api|admin|analytics|pivotal|tracker|figma|miro|outlook|windows|visual|studio"
    r"|hi|hello|hey|dear|morning|afternoon|evening|thanks?|cheers|wishes|many"
    r"|mr|mrs|ms|dr|also|and|or|but|if|when|we|i|it|he|she|you|his|her|our|my|could|shall|do"
    r"|not|no|yes|as|so|since|because|after|until|once|all|any|new|note|nb|fyi|ps|update|urgent"
    r"|saturday|sunday|january|february|march|july|september|october|november|december|today"
    r"|ministry|foreign|council|agency|hm|hmrc|business|scrum|owner|performance|interaction"
    r"|members?|persons?|people|colleagues?|individuals?|everyone|somebody|someone|one"
    r"|sorry|wrong|correct(?:ion)?|actually|apologies|instead|same|too|affected|behalf|status"
)
_WORD = re.compile(r"[^\W\d_][\w'\u2019.-]*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_MOST_WORDS = 4

_ROLE = (
    r"(?:line )?(?:managers?|supervisor|lead|head|director|deputy|sponsor|approver|requester|owner"
    r"|contact|replacement|successor|buddy|hr)"
)
_BEFORE_OTHERS = re.compile(
    rf"\b(?:{_ROLE}|(?:raised|approved|requested|submitted|agreed|managed|authori[sz]ed|signed off"
    r"|confirmed|sent) by|(?:agreed|discussed|confirmed|checked) with|report(?:s|ed|ing)? to"
    r"|(?:transfer|pass|hand|forward|reassign)[a-z]*\b[^.:;]{0,60} to|let|tell|asked?"
    r"|cc(?:ing|ed|'d)?|copy(?:ing)?|copied in|speak to|spoken to|replaced by|the)"
    r"[\s,:(-]{1,3}(?:is |are |was )?$"
)
_AFTER_OTHERS = re.compile(
    rf"[\s,(-]{{1,3}}(?:(?:is|was|as|the|her|his|their|my|our|your) ){{0,2}}{_ROLE}\b"
    r"|['\u2019]s (?:team|reports?|line reports?)\b"
    r"| (?:has |have |is |will |will be )?(?:approved|authori[sz]ed|signed off|replac(?:es|ing)"
    r"|tak(?:es|ing|e) over|covers?|covering|manages)\b"
    r"| (?:team|service|project|department|programme|app|site|tool|system|group|repo)\b"
)
# "access to Trade Tariff and Content Data", "remove them from …", "is leaving us for …"
_BEFORE_SYSTEMS = re.compile(
    r"\b(?:access|accounts?|log-?ins?|permissions?) (?:to|in|on|at) (?!be\b)(?P<list>[^.:;]{0,80})$"
    r"|\b(?:them|her|him|users?|leaver|person|removed?|deleted?) from (?P<more>[^.:;]{0,80})$"
    r"|\b(?:leav(?:e|es|ing)|mov(?:e|es|ing)) (?:(?:us|gds|dsit|here|over|across) ){0,2}"
    r"(?:for|to|(?:to )?join) (?:the )?$"
)
_ENDS_THE_LIST = re.compile(r"\b(?:for|from|of|by|as|since|is|are|should|must|needs?|when|who)\b")
_ASKED = re.compile(r",? (?:can|could|would|please|fyi)\b")
_GREETING = re.compile(r"\b(?:hi|hello|hey|dear|morning|afternoon|evening) $")


def names_in_prose(sentence: str) -> list[str]:
    """Find the full names in a sentence that may be a leaver's."""
    return [
        sentence[begins:ends].replace(",", "")
        for begins, ends in _capitalised(sentence)
        if not _is_excused(folded(sentence[:begins]), folded(sentence[ends:]))
    ]


def _capitalised(sentence: str) -> Iterator[tuple[int, int]]:
    """Find runs of two to four capitalised words that are no words of forms or systems."""
    runs: list[list[tuple[int, int]]] = [[]]
    for begins, ends in _words(sentence):
        gap = sentence[runs[-1][-1][1] : begins] if runs[-1] else " "
        if gap != " " and not (gap == ", " and _is_a_surname_in_capitals(sentence, runs[-1])):
            runs.append([])
        runs[-1].append((begins, ends))
    for run in runs:
        if 2 <= len(run) <= _MOST_WORDS:
            begins, ends = run[0][0], run[-1][1]
            if is_a_subject_name(sentence[begins:ends]):
                yield begins, ends


def _is_a_surname_in_capitals(sentence: str, run: list[tuple[int, int]]) -> bool:
    """Whether a run is the beginning of "DOE, Jane"."""
    word = sentence[run[0][0] : run[0][1]]
    return len(run) == 1 and len(word) > 1 and word.isupper()


def _words(sentence: str) -> Iterator[tuple[int, int]]:
    """Find the capitalised words that may be of a name, each without "'s" and full stop."""
    for found in _WORD.finditer(sentence):
        word = _POSSESSIVE.sub("", found.group().rstrip(".-"))
        plain = folded(word)
        if word[:1].isupper() and not (_NO_NAME.fullmatch(plain) or is_no_word_of_names(plain)):
            yield found.start(), found.start() + len(word)


def _is_excused(before: str, after: str) -> bool:
    """Whether what stands around a name says that it is not a leaver's."""
    if _BEFORE_OTHERS.search(before) or _AFTER_OTHERS.match(after):
        return True
    if before.endswith("@") and _ASKED.match(after):
        return True
    if _GREETING.search(before) and not re.match(r" \w", after):
        return True
    systems = _BEFORE_SYSTEMS.search(before)
    listed = (systems["list"] or systems["more"] or "") if systems else ""
    return systems is not None and not _ENDS_THE_LIST.search(listed)
