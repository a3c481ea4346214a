"""What stands beside a name in brackets and quotes: nicknames, tags, signs of namesakes."""

import re

from service.domain.matching.name_words import MAYBE_SURNAMES, POST_NOMINALS, TAGS
from service.domain.matching.spelling import split_words
from service.domain.text import folded

_ASIDE = re.compile(
    r"[(\[{]([^()\[\]{}]*)[)\]}]|[\"\u201c\u201d]([^\"\u201c\u201d]+)[\"\u201c\u201d]"
)
_QUOTED = re.compile(r"(?<!\w)['\u2018\u2019]([^\W\d_]{2,})['\u2018\u2019](?!\w)")


def without_asides(text: str) -> tuple[str, list[list[str]]]:
    """Part a name from its asides, each in words; a name that is an aside as a whole is none."""
    outside = _QUOTED.sub(" ", _ASIDE.sub(" ", text))
    found = [one or two for one, two in _ASIDE.findall(text)] + _QUOTED.findall(text)
    asides = [aside for aside in found if not is_tag(aside)]
    if asides and not split_words(outside):
        outside = asides.pop(0)
    return outside, [_untagged(aside) for aside in asides]


def is_tag(text: str) -> bool:
    """Say whether a text is about somebody's post or honours, and names nobody."""
    return all(word in POST_NOMINALS | MAYBE_SURNAMES for word in map(folded, _untagged(text)))


def _untagged(text: str) -> list[str]:
    return [word for word in split_words(text) if folded(word) not in TAGS]
