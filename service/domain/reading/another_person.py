"""Whether running text speaks of somebody else than the person taken for the leaver."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.reading.label_words import SOMEBODY_ELSES
from service.domain.reading.lines import folded
from service.domain.reading.names_in_prose import names_in_prose
from service.domain.reading.values import (
    addresses_in,
    mailbox,
    may_be_one,
    spells_whole,
    words_of,
)

_REMOVES = re.compile(
    r"\b(?:remov|revok|disabl|delet|deactivat|suspend|off-?board|leaver|leaving|finish|resign"
    r"|depart(?:ing|ed|s)\b|terminat|clos(?:e|ing))\w*"
    r"|\b(?:leaves?|left|no longer|mov(?:es|ed|ing) on|handed in|gives? notice"
    r"|(?:last|final) (?:working )?day|affected|subject of)\b|^on behalf of\W"
)
_AS_WELL = re.compile(
    r"\b(?:wrong|instead|also|as well|too|same (?:for|with|applies)|not the leaver)\b"
)
# "Apologies, it's Jane Smith not Doe", in a comment.
_CORRECTS_WHO = re.compile(
    r"\b(?:[Mm]eant|[Mm]isspel\w+|[Tt]ypo|[Ss]pelling|[Ss]pelt)\b"
    r"|\b[Ww]rong (?:name|person|leaver|user|one)\b"
    r"|\b(?:[Ii]t['\u2019]?s|is|[Nn]ame|should be|should read)\b.{0,40}\bnot [A-Z][a-z]+"
)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|both|several|multiple|[2-9]|\d\d) leavers\b"
    r"|\b(?:is|are|also) (?:also )?(?:be )?leaving too\b|\balso (?:be )?leaving\b"
    r"|\b(?:another|second|third) leaver\b|\bboth (?:are |of them |be )*leaving\b"
    r"|(?:\+|&|\band|\bplus) (?:\d{1,2}|one|two|three|four|several|some) (?:others?|more)\b"
)
# "Any questions, ask me at …" gives an address that is not the leaver's.
_ABOUT_ITSELF = re.compile(
    r"\b(?:me|us|questions?|quer(?:y|ies)|reply|cc|copy|i am|i['\u2019]m|from|notify)\b"
)
_QUESTIONS = re.compile(r"\b(?:questions?|quer(?:y|ies))\b")
# In a mail that is passed on, it is the mail's author who leaves.
_I_LEAVE = re.compile(
    r"\bmy (?:last|final|leaving|resignation)\b|\bi(?:['\u2019]m| am| will be) leaving\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedLeaver:
    """Who is taken for the leaver.

    Attributes:
        name: None if only an address is known.
        email: None if only a name is known.
        is_own: something says in so many words that this is the leaver, not only "Name: …".
    """

    name: str | None
    email: str | None
    is_own: bool


def speaks_of_another(sentences: Iterable[str], leaver: AssumedLeaver) -> bool:
    """Return whether a sentence that stands outside the form speaks against the leaver.

    Any other address does, unless it is plainly somebody else's, and "please also remove John
    Smith". A mere "Name: Sam Hill" may have filled the form in, so any other name does in a
    sentence about leaving or removing.
    """
    return any(_is_against(sentence, leaver) for sentence in sentences)


def corrects_who(sentence: str) -> bool:
    """Return whether a comment's sentence says that another person or spelling was meant."""
    return bool(_CORRECTS_WHO.search(sentence))


def says_as_well(sentence: str) -> bool:
    """Return whether a sentence adds to what the labels say, or puts another in their place."""
    return bool(_AS_WELL.search(folded(sentence)))


def says_several(sentence: str) -> bool:
    """Return whether a sentence speaks of more than one leaver."""
    return bool(_SEVERAL.search(folded(sentence)))


def _is_against(sentence: str, leaver: AssumedLeaver) -> bool:
    plain = folded(sentence)
    others = [a for a in addresses_in(sentence) if not _is_address_of(a, leaver)]
    if others and not (SOMEBODY_ELSES.search(plain) or _ABOUT_ITSELF.search(plain)):
        return True
    if not leaver.is_own and _I_LEAVE.search(plain):
        return True
    if leaver.is_own and not says_as_well(sentence):
        return False
    removes, is_question = _REMOVES.search(plain), _QUESTIONS.search(plain)
    if others and removes and not is_question:
        return True
    names = names_in_prose(sentence) if removes or says_as_well(sentence) else []
    return any(not _is_name_of(name, leaver) for name in names)


def _is_name_of(name: str, leaver: AssumedLeaver) -> bool:
    if leaver.name is None:
        return leaver.email is not None and spells_whole(leaver.email, name)
    if " " not in name:  # "Kate" may be Katherine
        return any(word[:2] == name.casefold()[:2] for word in words_of(leaver.name))
    return may_be_one(name, leaver.name)


def _is_address_of(address: str, leaver: AssumedLeaver) -> bool:
    """Return whether an address is the leaver's, as far as its letters show."""
    if leaver.email is not None:
        if mailbox(address) == mailbox(leaver.email):
            return True
        if _number(address) != _number(leaver.email):  # john.smith2 is another John Smith
            return False
    return leaver.name is not None and spells_whole(address, leaver.name)


def _number(address: str) -> str:
    return "".join(c for c in mailbox(address) if c.isdigit())
