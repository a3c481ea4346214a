"""Whether a comment on a processed ticket names another person as one who leaves.

By then it is known who the leaver is, so that "also" or "as well" need not be said: anybody else
who stands in the place of the one who leaves, or is to be removed, is another person.
"""

import re
from collections.abc import Iterable

from service.domain.identity import may_be_one_person
from service.domain.matching.name_words import PARTICLES
from service.domain.matching.short_forms import is_given_name
from service.domain.reading.lines import folded
from service.domain.reading.names_in_prose import is_somebody_elses
from service.domain.reading.values import is_no_word_of_names, spells_whole, words_of

_WORD = r"[^\W\d_a-z][^\W\d_]*(?:[-'\u2019][^\W\d_]{2,})*"
_NAME = (
    rf"\b(?P<name>{_WORD}(?: (?:(?:{'|'.join(sorted(PARTICLES))}) ){{0,2}}{_WORD}){{0,3}})"
    r"(?![\w-])"
)
# In "remove Trade Tariff access" and "remove GitHub Teams", it is a thing that is to be removed.
_THING = (
    r"(?i:access|accounts?|admin|apps?|channels?|groups?|licen[cs]es?|mailbox|permissions?"
    r"|projects?|roles?|services?|teams?|workspace)\b"
)
# "Remove Peter Parker", "disable access for Peter Parker", "I meant Peter Parker".
_IS_TO_BE_REMOVED = re.compile(
    r"\b(?i:remov|revok|disabl|delet|deactivat|suspend|off-?board|meant)\w*"
    rf"(?: (?:the |all )?(?:access|accounts?|permissions?)(?: (?:of|for|from))?)? {_NAME}"
    rf"(?! {_THING})"
)
# "Peter Parker has left", "Peter Parker's last day", "Peter Parker should be removed".
_LEAVES = re.compile(
    rf"{_NAME}(?:['\u2019]s? (?:last|final|leaving|notice)\b"
    r"|,?(?: (?:who|is|are|has|have|will|be|been|also|now|just))*"
    r" (?:leav(?:es?|ing)|left(?! (?:an?|the|his|her|their|my|it|them|me|us|some)\b)"
    r"|resign(?:s|ed|ing)|retir(?:es|ed|ing)|mov(?:es|ed|ing) on|depart(?:s|ed|ing)|handed in"
    r"|finish(?:es|ed|ing) (?:on|at|today|tomorrow|this|next|in))\b"
    r"|,?(?: (?:who|should|needs?|must|can|has|to|also|is|now))* (?:be|get|being)"
    r" (?:removed|off-?boarded|deactivated|disabled|deleted)\b)"
)
_ABOUT_THE_LEAVER = re.compile(r"\b(?:s?he|they|her|his|their|them|him|i|my|me|mine|hers)\b")


def names_another_leaver(sentences: Iterable[str], *, name: str | None, email: str | None) -> bool:
    """Return whether a sentence says that somebody but the leaver leaves, or is to be removed.

    Args:
        sentences: of what was said later.
        name: the leaver's, by the record.
        email: the leaver's, by the record.
    """
    return any(
        _is_person(found["name"], sentence, name)
        and not _is_leavers(found["name"], name, email)
        and not is_somebody_elses(sentence[: found.start("name")], sentence[found.end("name") :])
        for sentence in sentences
        for pattern in (_IS_TO_BE_REMOVED, _LEAVES)
        for found in pattern.finditer(sentence)
    )


def _is_person(words: str, sentence: str, leavers_name: str | None) -> bool:
    """Return whether words with capitals are a name: one with a known first name, or any full one.

    Beside a word about the leaver they may as well be what the leaver has: "remove Trade Tariff
    from her groups".
    """
    each = [folded(word) for word in words.split()]
    if any(is_given_name(word) for word in each):
        return True
    said = folded(sentence)
    own_words = set(words_of(leavers_name or ""))
    is_about_leaver = _ABOUT_THE_LEAVER.search(said) or not own_words.isdisjoint(
        re.findall(r"[^\W\d_]+", said)
    )
    is_no_name = re.search(rf"\b{_THING}", words) or any(map(is_no_word_of_names, each))
    return len(each) > 1 and not is_about_leaver and not is_no_name


def _is_leavers(words: str, name: str | None, email: str | None) -> bool:
    """Return whether a name may be the leaver's; a word before it may begin the sentence."""
    rest = words.split()
    while rest:
        said = " ".join(rest)
        if may_be_one_person(said, name) if name else spells_whole(email or "", said):
            return True
        if is_given_name(folded(rest.pop(0))):
            return False
        if len(rest) == 1 and not is_given_name(folded(rest[0])):
            return False
    return False
