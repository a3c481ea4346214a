"""A leaver whose entries are to be removed, read from the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.removal.deciding import Undone
from service.domain.removal.entries import Recorded
from service.domain.removal.refusals import RefusalCode, WhyNone
from service.domain.removal.seen import Own, RemovalState, Touch
from service.domain.ticket import recorded_details
from service.records.leaver import corrections_from_json
from service.records.removal_problems import IS_PRESENT
from service.records.watched import identity_of

_NEEDS_PERSON = {
    RemovalState.ASKED,
    RemovalState.DRAFT,
    RemovalState.OPEN,
    RemovalState.ALREADY_GONE,
}
_STATES = ", ".join(f"'{state}'" for state in sorted(_NEEDS_PERSON))
# Of `removals`: where a reason is for people to act on, since there can be no pull request, or
# an open one stays in conflict, or a similar entry is left.
NEEDS_PERSON = f"removals.state IN ({_STATES})"
# Of `removals` as `r`: where the last pull request ended, or there could be none, or it was merged
# and the leaver is listed all the same.
MAY_WANT_NEW = (
    "(r.state IN ('closed_by_person', 'withdrawn', 'already_gone', 'asked')"
    " OR (r.state = 'merged' AND EXISTS (SELECT FROM after_date AS d"
    " WHERE d.ticket_id = r.ticket_id AND d.status IN ('still_listed', 'done_but_listed'))))"
)

# Of `leavers` as `l`: the leaver is done with a card, and neither set aside nor asked about.
IS_WANTED = (
    "l.state = 'done' AND l.outcome IN ('tech_card', 'non_tech_card') AND NOT l.ended_in_dry_run"
    " AND l.erased_at IS NULL"
    " AND EXISTS (SELECT FROM cards WHERE cards.ticket_id = l.ticket_id AND card_id IS NOT NULL)"
)
SELECT = f"""
SELECT l.ticket_id, {IS_WANTED} AS is_wanted,
    l.state = 'done' AS is_settled, l.entry, l.person_keys,
    l.name, l.email, l.leaving_date, l.corrections, l.found,
    c.card_id, c.url AS card_url, c.due AS card_due,
    (SELECT d.due_at FROM after_date AS d WHERE d.ticket_id = l.ticket_id) AS seen_due,
    r.state, r.reason_code, r.file, r.line_number, r.at_commit, r.shared_with, r.attempt,
    r.branch, r.number, r.url, r.earlier, r.tips, r.texts, r.entry_keys, r.due_at, r.closing_as,
    r.touch, r.refreshed_at, r.is_announced, r.left_undone, r.wanted_by,
    CASE WHEN r.{IS_PRESENT} THEN r.problem END AS problem
FROM leavers AS l LEFT JOIN cards AS c USING (ticket_id) LEFT JOIN removals AS r USING (ticket_id)
"""  # noqa: S608 - made of constants alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A pull request of the leaver's that ended, and was followed by another one."""

    branch: str
    number: int
    url: str
    entry_keys: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removing:
    """A leaver whose entries are to be removed, as the record has it.

    Attributes:
        ticket_id: whose.
        is_wanted: the leaver is done with a card, and neither set aside nor asked about.
        is_settled: no run is under way, and nobody is asked: what `is_wanted` says will stay.
        recorded: by which the entries are found again.
        person_keys: see `service.domain.identity.person_keys`.
        leaving_date: by the record.
        card_id: of the card.
        card_url: its short link.
        card_due: its due date as the service set it.
        seen_due: the due time that counted at the last look after the date, or None.
        state: how far the removal is.
        reason: why there is no pull request, or None.
        shared_with: the ticket of the same person whose pull request this leaver shares.
        attempt: counts the branches.
        branch: of the pull request, once one is to be opened.
        number: of the pull request, once it is opened.
        url: of its page.
        earlier: those before it.
        own: see `Own`.
        entry_keys: digests of the entries that the pull request removes.
        due_at: the due time that the pull request's text names.
        touch: what a person did to it.
        left_undone: what is left to people, see `service.domain.removal.deciding.left_undone`.
        is_announced: reviewers, label and the card's attachment are there.
        wanted_by: the operator who wants a new one.
        problem: what somebody has to fix before it goes on, or None.
    """

    ticket_id: int
    is_wanted: bool
    is_settled: bool
    recorded: Recorded
    person_keys: frozenset[str]
    leaving_date: date | None
    card_id: str | None
    card_url: str | None
    card_due: datetime | None
    seen_due: datetime | None
    state: RemovalState
    reason: WhyNone | None
    shared_with: int | None
    attempt: int
    branch: str | None
    number: int | None
    url: str | None
    earlier: tuple[Earlier, ...]
    own: Own
    entry_keys: frozenset[str]
    due_at: datetime | None
    touch: Touch | None
    left_undone: Undone | None
    is_announced: bool
    wanted_by: str | None
    problem: str | None

    @property
    def needs_person(self) -> bool:
        """Whether `reason` says what a person has to do by hand."""
        return self.state in _NEEDS_PERSON

    @property
    def operator(self) -> str | None:
        """Who asked for it, so that the day's limit does not hold it back."""
        return self.wanted_by

    @property
    def request_number(self) -> int:
        """By which the day's limit counts each attempt once."""
        return self.attempt


def why_none(row: Mapping[str, Any]) -> WhyNone | None:
    """Read why a leaver has no pull request out of a row that has these columns of the table."""
    if not row.get("reason_code"):
        return None
    return WhyNone(
        code=RefusalCode(row["reason_code"]),
        file=row["file"],
        line=row["line_number"],
        commit=row["at_commit"],
    )


def reason_columns(why: WhyNone | None) -> dict[str, Any]:
    """Return the columns of the table that say why there is no pull request; undoes `why_none`."""
    return {
        "reason_code": why.code if why else None,
        "file": why.file if why else None,
        "line_number": why.line if why else None,
        "at_commit": why.commit if why else None,
    }


def removing_of(row: dict[str, Any]) -> Removing:
    """Read a leaver out of a row of `SELECT`."""
    return Removing(
        ticket_id=row["ticket_id"],
        is_wanted=row["is_wanted"],
        is_settled=row["is_settled"],
        recorded=_recorded(row),
        person_keys=frozenset(row["person_keys"]),
        leaving_date=row["leaving_date"],
        card_id=row["card_id"],
        card_url=row["card_url"],
        card_due=row["card_due"],
        seen_due=row["seen_due"],
        state=RemovalState(row["state"] or RemovalState.NONE),
        reason=why_none(row),
        shared_with=row["shared_with"],
        attempt=row["attempt"] or 1,
        branch=row["branch"],
        number=row["number"],
        url=row["url"],
        earlier=tuple(Earlier(**each) for each in row["earlier"] or ()),
        own=Own(
            tips=tuple(row["tips"] or ()),
            texts=tuple(row["texts"] or ()),
            closing_as=RemovalState(row["closing_as"]) if row["closing_as"] else None,
            refreshed_at=row["refreshed_at"],
        ),
        entry_keys=frozenset(row["entry_keys"] or ()),
        due_at=row["due_at"],
        touch=Touch(row["touch"]) if row["touch"] else None,
        left_undone=Undone(row["left_undone"]) if row["left_undone"] else None,
        is_announced=bool(row["is_announced"]),
        wanted_by=row["wanted_by"],
        problem=row["problem"],
    )


def _recorded(row: Mapping[str, Any]) -> Recorded:
    found = row["found"] or {}
    return Recorded(
        identity=identity_of(row),
        details=recorded_details(name=row["name"], email=row["email"]),
        corrections=corrections_from_json(row["corrections"]),
        is_by_name_alone=bool(found.get("is_by_name_alone")),
        was_removed=bool(found.get("was_removed")),
    )
