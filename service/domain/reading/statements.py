"""The labelled values of a text that are, or may be, the leaver's."""

from dataclasses import dataclass

from service.domain.reading.attribution import Attribution
from service.domain.reading.label_words import Detail
from service.domain.reading.labels import Whose
from service.domain.reading.sources import Source
from service.domain.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A labelled value that is, or may be, the leaver's.

    Attributes:
        detail: what it is.
        value: as written.
        where: for an operator to look it up.
        rank: 0 for custom fields, 1 for the description, 2 for the subject, then the comments.
        is_sure: False if it may be somebody else's, so that it can only suggest.
        is_own: something says in so many words that it is the leaver's: a label such as "Leaver
            name", a section about the leaver, a custom field, "… is leaving" in running text.
        is_theirs: it stands right after somebody else's name.
        doubt: why the label makes a date uncertain, or None.
    """

    detail: Detail
    value: str
    where: str
    rank: int
    is_sure: bool = True
    is_own: bool = True
    is_theirs: bool = False
    doubt: Reason | None = None


def statements_in(source: Source) -> list[Statement]:
    """Read the labelled values of a text."""
    items = source.items
    attribution = Attribution.of(items)
    found: list[Statement] = []
    for position, item in enumerate(items):
        sure = attribution.step(items, position)
        if sure is None or item.label is None or not item.value:
            continue
        found.append(
            Statement(
                detail=Detail.NAME if item.label.detail is Detail.SECTION else item.label.detail,
                value=item.value,
                where=f"line {item.line.number} of {source.name}",
                rank=source.rank,
                is_sure=sure,
                is_own=item.label.whose is Whose.LEAVER,
                is_theirs=not sure and attribution.after_somebody_else,
                doubt=item.label.doubt,
            )
        )
    return found
