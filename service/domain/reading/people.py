"""Who the leaver is, from all that a ticket says: one name, one address, or a question."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from service.domain.reading.another_person import AssumedLeaver, speaks_of_another
from service.domain.reading.label_words import Detail
from service.domain.reading.labels import points_at_somebody_else
from service.domain.reading.statements import Statement
from service.domain.reading.values import (
    addresses_in,
    github_in,
    is_absent,
    mailbox,
    may_be_one,
    names_in,
    spells_whole,
    without_addresses,
)
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import About, Found, Question, value_of

NOBODY = Reason(
    ReasonCode.NO_NAME_OR_EMAIL,
    "No label in the ticket gives the name or the e-mail address of the leaver.",
)
SEVERAL = Reason(
    ReasonCode.SEVERAL_LEAVERS,
    "The ticket seems to be about several leavers: make a ticket for each of them.",
)
TWO_NAMES = Reason(ReasonCode.NAMES_DIFFER, "The ticket gives two different names for the leaver.")
TWO_ADDRESSES = Reason(
    ReasonCode.EMAILS_DIFFER, "The ticket gives two different e-mail addresses for the leaver."
)
BROKEN_ADDRESS = Reason(
    ReasonCode.EMAIL_UNREADABLE,
    "The leaver's e-mail address is not one that can be read: write it out in full.",
)
ANOTHER_LEAVER = Reason(
    ReasonCode.OTHER_LEAVER_IN_TEXT, "The running text names another leaver than the labels do."
)
NOT_SURE = Reason(
    ReasonCode.PERSON_UNCLEAR,
    "The ticket does not say clearly that the person it names is the leaver:"
    ' write it as "Leaver name:" or "Leaver email:".',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPerson:
    """Who the ticket says the leaver is, and what is to be asked about that."""

    name: Found[str] | None
    email: Found[str] | None
    github: Found[str] | None
    questions: tuple[Question, ...]
    is_own: bool


def person_in(statements: Sequence[Statement], *, sentences: Sequence[str]) -> StatedPerson:
    """Decide who the leaver is; what contradicts itself is asked, with the first value kept.

    Args:
        statements: what labels say.
        sentences: the running text outside forms and signatures.
    """
    said = _with_joined_names(statements)
    sure = [s for s in said if s.is_sure]
    name = _first(sure, _names)
    email = _first(sure, _addresses) or _fitting_address(said, name)
    asked = _contradictions(sure)
    read = _names if name else _addresses
    leaver = AssumedLeaver(
        name=value_of(name), email=value_of(email), is_own=any(s.is_own and read(s) for s in sure)
    )
    if (name or email) and not asked and speaks_of_another(sentences, leaver):
        asked.append(ANOTHER_LEAVER)
    if name is None and email is None:
        doubtful = [s for s in said if not s.is_sure]
        name, email = _first(doubtful, _names), _first(doubtful, _addresses)
        asked.append(NOT_SURE if name or email else NOBODY)
    return StatedPerson(
        name=name,
        email=email,
        github=_first(sure, _github),
        questions=tuple(Question(about=About.PERSON, reason=one) for one in dict.fromkeys(asked)),
        is_own=leaver.is_own,
    )


def _names(statement: Statement) -> list[str]:
    if statement.detail is Detail.NAME:
        return names_in(statement.value)
    if statement.detail is Detail.EMAIL and addresses_in(statement.value):
        return [n for n in names_in(without_addresses(statement.value)) if " " in n]
    return []


def _addresses(statement: Statement) -> list[str]:
    if statement.detail not in {Detail.NAME, Detail.EMAIL}:
        return []
    found = addresses_in(statement.value)
    if found and _may_be_somebody_elses(statement):
        return [a for a in found for name in names_in(statement.value)[:1] if spells_whole(a, name)]
    return found


def _may_be_somebody_elses(statement: Statement) -> bool:
    """Return whether a remark beside an address says whose else it is ("line manager")."""
    return points_at_somebody_else(without_addresses(statement.value))


def _github(statement: Statement) -> list[str]:
    found = github_in(statement.value) if statement.detail is Detail.GITHUB else None
    return [found] if found else []


def _first(
    statements: Sequence[Statement], read: Callable[[Statement], list[str]]
) -> Found[str] | None:
    """Take the first value; a full name rather than a first name alone."""
    found = (Found(value=value, where=s.where) for s in statements for value in read(s)[:1])
    return max(found, key=lambda one: " " in one.value, default=None)


def _fitting_address(said: Sequence[Statement], name: Found[str] | None) -> Found[str] | None:
    """Find an address that may be somebody else's, but spells the leaver's name."""
    if name is None:
        return None
    fits = (
        Found(value=address, where=s.where)
        for s in said
        if s.detail in {Detail.NAME, Detail.EMAIL}
        for address in addresses_in(s.value)
        if spells_whole(address, name.value)
    )
    return next(fits, None)


def _contradictions(sure: Sequence[Statement]) -> list[Reason]:
    names = [names for s in sure if (names := _names(s))]
    addresses = [found for s in sure if (found := _addresses(s))]
    two_names = any(not may_be_one(names[0][0], name) for each in names for name in each)
    two_addresses = len({mailbox(address) for each in addresses for address in each}) > 1
    several_in_one = any(len(each) > 1 for each in [*names, *addresses])
    asked: list[Reason] = []
    if several_in_one or (two_names and two_addresses):
        asked.append(SEVERAL)
    elif two_names:
        asked.append(TWO_NAMES)
    elif two_addresses:
        asked.append(TWO_ADDRESSES)
    emails = [s.value for s in sure if s.detail is Detail.EMAIL and "@" in s.value]
    if not addresses and any(not addresses_in(value) for value in emails):
        asked.append(BROKEN_ADDRESS)
    return asked


def _with_joined_names(statements: Sequence[Statement]) -> list[Statement]:
    """Join first and last names that stand apart, in their order, at the first one's place."""
    last_names: dict[int, Iterator[str]] = {
        rank: iter([s.value for s in same if s.detail is Detail.LAST_NAME])
        for rank, same in groupby(statements, key=attrgetter("rank"))
    }
    joined: list[Statement] = []
    for s in statements:
        is_alone = s.detail is Detail.NAME and len(s.value.split()) == 1
        if s.detail is Detail.USER_NAME and " " in s.value:  # "jdoe" is not a person's name
            joined.append(replace(s, detail=Detail.NAME))
        elif (s.detail is Detail.FIRST_NAME or is_alone) and not is_absent(s.value):
            last = next(last_names[s.rank], "")
            full = s.value if is_absent(last) else f"{s.value} {last}"
            joined.append(replace(s, detail=Detail.NAME, value=full))
        else:
            joined.append(s)
    return joined
