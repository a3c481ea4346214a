"""Names in running text, and whether a name there is plainly a manager's or a greeting's."""

import re

from service.domain.matching.name_words import PARTICLES, PLAIN_WORDS
from service.domain.matching.short_forms import is_given_name
from service.domain.reading.lines import folded
from service.domain.reading.values import without_addresses

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_SURNAMES = re.compile(
    rf"(?: (?:(?:{'|'.join(sorted(PARTICLES))}) ){{0,2}}[^\W\d_a-z][\w'\u2019-]*){{1,3}}"
)
# "Wioletta Krzeminska has resigned": a name by what is said of it.
_LEAVES = re.compile(
    r"[A-Z][\w'\u2019-]+ [A-Z][\w'\u2019-]+ (?:(?:is|has|will be|who) )?"
    r"(?:leaving|leaves|left|resigned|retir\w+|finish\w+|moving on|handed in)\b"
)

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
_GREETING = re.compile(
    r"\b(?:hi|hello|hey|dear|morning|afternoon|evening"
    r"|(?:thanks|thank you)(?: for [^,.!?]{1,60},)?) $"
)


def names_in_prose(sentence: str) -> list[str]:
    """Find what may be a leaver's name in a sentence: a known first name with what follows it.

    "Oracle Fusion" is written like a name, too, but Oracle is not a first name.
    """
    found: list[str] = []
    ends = 0
    for word in _WORD.finditer(sentence := without_addresses(sentence)):
        given = _POSSESSIVE.sub("", word[0])
        is_first = is_given_name(folded(given)) or _LEAVES.match(sentence, word.start())
        if word.start() < ends or not is_first or folded(given) in PLAIN_WORDS:
            continue
        surnames = _SURNAMES.match(sentence, word.end()) if given == word[0] else None
        ends = surnames.end() if surnames else word.start() + len(given)
        if not is_somebody_elses(sentence[: word.start()], sentence[ends:]):
            found.append(_POSSESSIVE.sub("", sentence[word.start() : ends]))
    return found


def is_somebody_elses(before: str, after: str) -> bool:
    """Return whether what stands around a name in a sentence says that it is not the leaver's."""
    before, after = folded(before), folded(after)
    if _BEFORE_OTHERS.search(before) or _AFTER_OTHERS.match(after):
        return True
    if before.endswith("@") and re.match(r",? (?:can|could|would|please|fyi)\b", after):
        return True
    return bool(_GREETING.search(before)) and not re.match(r" \w", after)
