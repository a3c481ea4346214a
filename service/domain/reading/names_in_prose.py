"""Full names in running text, and whether a name there is plainly a manager's, or a system's."""

import re
from collections.abc import Iterator

from service.domain.matching.short_forms import is_given_name
from service.domain.reading.lines import folded
from service.domain.reading.values import is_no_word_of_names

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_MOST_WORDS = 4

_ROLE = (
    r"(?:line )?(?:managers?|supervisor|lead|head|director|deputy|sponsor|approver|requester|owner"
    r"|contact|replacement|successor|buddy|hr)"
)
_BEFORE_OTHERS = re.compile(
    rf"\b(?:{_ROLE}|(?:i|we|have|has)(?:['\u2019]ve)? (?:now |already |just )?"
    r"(?:removed|deleted|disabled|added|asked|told|chased|emailed|contacted|spoken to|assigned)"
    r"|assigned to|(?:raised|approved|requested|submitted|agreed|managed|authori[sz]ed|signed off"
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
_GREETING = re.compile(
    r"\b(?:hi|hello|hey|dear|morning|afternoon|evening"
    r"|(?:thanks|thank you)(?: for [^,.!?]{1,60},)?) $"
)


def names_in_prose(sentence: str) -> list[str]:
    """Find the full names in a sentence that may be a leaver's: what follows a known first name.

    "Oracle Fusion" is written like a name, too, but Oracle is not a first name.
    """
    words = [
        (found.start(), found.start() + len(word), folded(word))
        for found in _WORD.finditer(sentence)
        if (word := _POSSESSIVE.sub("", found.group()))
    ]
    return [
        sentence[begins:ends].replace(",", "")
        for begins, ends in _names(sentence, words)
        if not is_somebody_elses(sentence[:begins], sentence[ends:])
    ]


def _names(sentence: str, words: list[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Find "Jane Doe" and "Jane van Doe" by their first word, "DOE, Jane" by its last."""
    position = 0
    while position < len(words) - 1:
        end = position
        while end < len(words) - 1 and end - position < _MOST_WORDS - 1:
            gap = sentence[words[end][1] : words[end + 1][0]]
            is_turned = gap == ", " and end == position and is_given_name(words[end + 1][2])
            if not (gap == " " or is_turned) or not _may_be_of_one(sentence, words[end + 1]):
                break
            end += 1
            if is_turned:
                break
        given = words[end if sentence[words[position][1]] == "," else position]
        if end > position and is_given_name(given[2]) and _may_be_of_one(sentence, words[position]):
            yield words[position][0], words[end][1]
            position = end
        position += 1


def _may_be_of_one(sentence: str, word: tuple[int, int, str]) -> bool:
    return sentence[word[0]].isupper() and not is_no_word_of_names(word[2])


def is_somebody_elses(before: str, after: str) -> bool:
    """Whether what stands around a name in a sentence says that it is not the leaver's."""
    before, after = folded(before), folded(after)
    if _BEFORE_OTHERS.search(before) or _AFTER_OTHERS.match(after):
        return True
    if before.endswith("@") and _ASKED.match(after):
        return True
    if _GREETING.search(before) and not re.match(r" \w", after):
        return True
    systems = _BEFORE_SYSTEMS.search(before)
    listed = (systems["list"] or systems["more"] or "") if systems else ""
    return systems is not None and not _ENDS_THE_LIST.search(listed)
