"""Running text without labels: it may suggest when somebody leaves, and never decides."""

import re
from datetime import date

from service.domain.dates import dates_in
from service.domain.reading.lines import folded
from service.domain.reading.moved_dates import LEAVES
from service.domain.reading.sources import Source
from service.domain.ticket import Found

_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|both|several|multiple|[2-9]|\d\d) leavers\b"
    r"|\b(?:is|are|also) (?:also )?(?:be )?leaving too\b|\balso (?:be )?leaving\b"
    r"|\b(?:another|second|third) leaver\b|\bboth (?:are |of them |be )*leaving\b"
    r"|(?:\+|&|\band|\bplus) (?:\d{1,2}|one|two|three|four|several|some) (?:others?|more)\b"
)


def says_several(sentence: str) -> bool:
    """Whether a sentence speaks of more than one leaver."""
    return bool(_SEVERAL.search(folded(sentence)))


def suggested_dates(source: Source, *, today: date) -> list[Found[date]]:
    """Find the dates of sentences that speak of leaving."""
    return [
        Found(value=day, where=f"the running text of {source.name}")
        for sentence in source.sentences
        if LEAVES.search(sentence)
        for day in dates_in(sentence, today=today)
    ]
