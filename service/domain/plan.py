"""What a leaver needs, by the ticket and the lists: a card, a note, a question, or nothing."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.cards import KnownCard, WantedCard
from service.domain.corrections import Corrections
from service.domain.dates import due_at
from service.domain.identity import is_protected, person_keys
from service.domain.matching.match_person import Candidate, Candidates, Match, NoMatch
from service.domain.reasons import Reason, text_of
from service.domain.removed import Removal
from service.domain.ticket import About, LeaverDetails, Ticket


class NoAccessAction(StrEnum):
    """What to do when nobody plausible is found."""

    SOLVE = "solve"
    NON_TECH_CARD = "non_tech_card"
    ASK = "ask"


class Outcome(StrEnum):
    """How a leaver ends."""

    TECH_CARD = "tech_card"
    NON_TECH_CARD = "non_tech_card"
    NO_ACCESS = "no_access"
    SET_ASIDE = "set_aside"


class Role(StrEnum):
    """Which template card a leaver gets."""

    TECH = "tech"
    NON_TECH = "non_tech"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings that decide about a leaver.

    Attributes:
        leaver_tag: what makes a ticket a leaver ticket.
        ticket_link: the link to a ticket, with ``{}`` for its number.
        tech_file: path in the repository; a person in it is in a tech role.
        no_access_action: see `NoAccessAction`.
        due_time: local time of day of a card's due date.
        timezone: where that is local.
        commit_link: the link to a commit of the lists, with ``{}`` for its name.
        protected: addresses and user names, in lower case, for which a person is always asked.
    """

    leaver_tag: str
    ticket_link: str
    tech_file: str
    no_access_action: NoAccessAction
    due_time: time
    timezone: str
    commit_link: str = ""
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is known about a leaver before anybody is looked for.

    Attributes:
        ticket: as it was last read.
        details: what it says, with the operators' corrections in place.
        corrections: what operators have said.
        operator_override: an operator asked for this ticket, whatever its tags.
        was_handed_to_person: a person was asked about this leaver before, or it had failed.
        is_operators: an operator asked for this very run.
    """

    ticket: Ticket
    details: LeaverDetails
    corrections: Corrections
    operator_override: bool
    was_handed_to_person: bool
    is_operators: bool = False

    def with_finding(
        self, finding: Match | Candidates | NoMatch, removal: Removal | None = None
    ) -> "Facts":
        """Return what is known once the person has been looked for."""
        return Facts(
            ticket=self.ticket,
            details=self.details,
            corrections=self.corrections,
            operator_override=self.operator_override,
            was_handed_to_person=self.was_handed_to_person,
            is_operators=self.is_operators,
            finding=finding,
            removal=removal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Request):
    """All that is known about a leaver.

    Attributes:
        finding: the result of searching the access lists, and then those who left them lately.
        removal: if the leaver left them lately: when, and by which commit.
    """

    finding: Match | Candidates | NoMatch
    removal: Removal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What every kind of draft has.

    Attributes:
        outcome: how the leaver ends; None if a person is asked.
        reasons: for the operator; they name nobody. Empty if there is nothing to say.
        entries: the person's, those in the tech list first; empty if nobody was found.
        candidates: the entries that the operator may choose from, best first.
    """

    outcome: Outcome | None = None
    reasons: tuple[Reason, ...] = ()
    entries: tuple[Entry, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def reason(self) -> str:
        """The reasons' sentences; empty if there is nothing to say."""
        return text_of(self.reasons)

    @property
    def questions(self) -> tuple[Reason, ...]:
        """What a person is asked; empty where nothing is."""
        return self.reasons if self.outcome is None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCard(_Draft):
    """Make the card and solve the ticket.

    Attributes:
        card: as it is wanted.
        was_removed: whether the entries are in the lists no more: nothing is left to remove.
    """

    card: WantedCard
    was_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAccess(_Draft):
    """Solve the ticket with a note that no entry was found."""

    outcome: Outcome = Outcome.NO_ACCESS


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedCard:
    """A card that an operator may choose."""

    url: str
    title: str
    list_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTicketsCard:
    """The open card that the person has by another ticket.

    Attributes:
        url: its short link.
        ticket_id: the other ticket.
        due: as it is on the board, in UTC, or None.
    """

    url: str
    ticket_id: int
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(_Draft):
    """Leave the ticket open and ask a person.

    Attributes:
        reasons: at least one.
        note: for the ticket, where departments read them: nothing in them shows whether anybody
            has access. Empty if the reasons themselves may stand there.
        cards: made by people, of which the operator may choose one.
        other_card: that of the person's other ticket, where the two say different dates; or None.
        is_later: it is about what was said after the ticket had been processed.
        prepared_date: the leaving date that was named then, to be confirmed; or None.
    """

    reasons: tuple[Reason, ...]
    note: tuple[Reason, ...] = ()
    cards: tuple[OfferedCard, ...] = ()
    other_card: OtherTicketsCard | None = None
    is_later: bool = False
    prepared_date: date | None = None

    @property
    def said_in_ticket(self) -> tuple[Reason, ...]:
        """What the ticket's internal note says."""
        return self.note or self.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(_Draft):
    """Write nothing anywhere; `clears_tag`: but take the tag that asks off the ticket."""

    reasons: tuple[Reason, ...]
    outcome: Outcome = Outcome.SET_ASIDE
    clears_tag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveSettled(_Draft):
    """The ticket was processed, and that holds: nothing is new, or a person has settled it.

    Attributes:
        outcome: the one that the leaver had.
        settled_by: who settled a question, ``operator`` or ``person``; None where none was asked.
    """

    outcome: Outcome
    settled_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowSource(_Draft):
    """Point a follow-up ticket at the card of the ticket that it follows, and solve it.

    Attributes:
        outcome: that ticket's.
        source_ticket_id: that ticket's number.
        known_card: that ticket's card, or None.
        due: when the card is due.
        moves_due: whether that is an operator's word, which the card follows.
        name: the leaver's.
        email: the leaver's.
        leaving_date: the leaver's.
    """

    outcome: Outcome
    source_ticket_id: int
    known_card: KnownCard | None
    due: datetime
    moves_due: bool
    name: str | None
    email: str | None
    leaving_date: date | None


# What a ticket needs that was not processed before, and what any ticket may need.
FirstDraft = MakeCard | NoAccess | Ask | SetAside
Draft = FirstDraft | LeaveSettled | FollowSource


def draft_plan(facts: Facts, policy: Policy) -> FirstDraft:
    """Decide what a leaver needs, before the board is looked at.

    The same facts always give the same draft.
    """
    if aside := set_aside(facts, policy):
        return aside
    draft = _draft(facts, policy)
    if _must_ask(facts, policy):
        draft = _ask_about_protected(facts, draft)
    if isinstance(draft, Ask) and is_solved_by_hand(facts):
        return SetAside(reasons=(wording.SOLVED_BY_HAND,))
    return draft


def set_aside(facts: Request, policy: Policy) -> SetAside | None:
    """Return why there is nothing to do, independent of who the leaver is; None if there is."""
    if facts.corrections.set_aside:
        return SetAside(
            reasons=(wording.SET_ASIDE[facts.corrections.set_aside],),
            clears_tag=bool(facts.corrections.clear_tag),
        )
    if policy.leaver_tag not in facts.ticket.tags and not facts.operator_override:
        return SetAside(reasons=(wording.no_leaver_tag(policy.leaver_tag),))
    if is_solved_by_hand(facts) and not facts.corrections:
        return SetAside(reasons=(wording.SOLVED_BY_HAND,))
    return None


def _must_ask(facts: Facts, policy: Policy) -> bool:
    """Whether the leaver is protected, and no operator has said yet who it is."""
    is_decided = bool(facts.corrections.entry or facts.corrections.no_access)
    return not is_decided and is_protected(facts.details, facts.finding, policy.protected)


def _ask_about_protected(facts: Facts, draft: FirstDraft) -> Ask:
    ask = draft if isinstance(draft, Ask) else _ask(facts)
    return replace(
        ask,
        reasons=(*ask.reasons, wording.PROTECTED),
        note=ask.note or ask.reasons or (wording.WHO_IS_UNCERTAIN,),
    )


def is_solved_by_hand(facts: Request) -> bool:
    """Whether a person solved the ticket while the service waited for an answer or a fix."""
    is_over = facts.ticket.status in {"solved", "closed"}
    return facts.was_handed_to_person and is_over and wording.PROCESSED_TAG not in facts.ticket.tags


def _draft(facts: Facts, policy: Policy) -> FirstDraft:
    is_doubtful = any(q.about is not About.DATE for q in facts.details.questions)
    match facts.finding:
        case _ if facts.corrections.no_access:
            return NoAccess()
        case _ if is_doubtful:
            return _ask(facts)
        case Match(entries=entries, by_name_alone=by_name_alone):
            return _card_or_question(facts, policy, entries, by_name_alone=by_name_alone)
        case Candidates():
            return _ask(facts)
        case NoMatch():
            return _nobody(facts, policy)


def _nobody(facts: Facts, policy: Policy) -> FirstDraft:
    match policy.no_access_action:
        case NoAccessAction.SOLVE:
            return NoAccess()
        case NoAccessAction.ASK:
            return Ask(reasons=(wording.NOBODY_FOUND,))
        case NoAccessAction.NON_TECH_CARD:
            return _card_or_question(facts, policy, entries=(), by_name_alone=False)


def _card_or_question(
    facts: Facts, policy: Policy, entries: tuple[Entry, ...], *, by_name_alone: bool
) -> MakeCard | Ask:
    leaving_date = facts.details.leaving_date
    if leaving_date is None or any(q.about is About.DATE for q in facts.details.questions):
        return _ask(facts)
    entries = tuple(sorted(entries, key=lambda entry: entry.file != policy.tech_file))
    is_tech = any(entry.file == policy.tech_file for entry in entries)
    role = Role.TECH if is_tech else Role.NON_TECH
    return MakeCard(
        outcome=Outcome.TECH_CARD if is_tech else Outcome.NON_TECH_CARD,
        card=WantedCard(
            ticket_id=facts.ticket.id,
            role=role,
            name=wording.card_name(_spelling(entries, facts.details), role),
            due=due_at(leaving_date.value, due_time=policy.due_time, timezone=policy.timezone),
            head=_head(facts, policy, by_name_alone=by_name_alone),
            ticket_link=policy.ticket_link.format(facts.ticket.id),
            names=_names(entries, facts.details),
            person_keys=person_keys(entries, facts.details),
        ),
        entries=entries,
        was_removed=facts.removal is not None,
    )


def _names(entries: tuple[Entry, ...], details: LeaverDetails) -> frozenset[str]:
    names = [name for entry in entries for name in (entry.name, *entry.other_names) if name]
    if details.name:
        names.append(details.name.value)
    return frozenset(names)


def _head(facts: Facts, policy: Policy, *, by_name_alone: bool) -> str:
    link = policy.ticket_link.format(facts.ticket.id)
    head = wording.card_head(link, by_name_alone=by_name_alone)
    if facts.removal is None:
        return head
    return f"{head}\n\n{facts.removal.warning(policy.commit_link, policy.timezone)}"


def _spelling(entries: tuple[Entry, ...], details: LeaverDetails) -> str:
    """The name as the list spells it; the ticket's where the list has none."""
    listed = next(filter(None, map(_full_name, entries)), None)
    said = details.name or details.email
    return listed or (said.value if said else "")


def _full_name(entry: Entry) -> str:
    """The entry's name; the full name beside it where that is a login."""
    full = (name for name in entry.other_names if " " in name)
    return next(full, entry.name) if entry.name.islower() else entry.name


def _ask(facts: Facts) -> Ask:
    reasons = [question.reason for question in facts.details.questions]
    candidates: tuple[Candidate, ...] = ()
    if isinstance(facts.finding, Candidates):
        candidates = facts.finding.candidates
        reasons.append(facts.finding.reason)
    elif isinstance(facts.finding, Match):
        candidates = tuple(
            Candidate(entry=entry, evidence=facts.finding.evidence)
            for entry in facts.finding.entries
        )
    return Ask(
        reasons=tuple(dict.fromkeys(reasons)), candidates=candidates, note=_note_to_ask(facts)
    )


def _note_to_ask(facts: Facts) -> tuple[Reason, ...]:
    """What the lists made doubtful is shown to operators; in the ticket it would reveal access."""
    if not isinstance(facts.finding, Candidates):
        return ()
    reasons = [question.reason for question in facts.details.questions]
    if not any(each.about is About.PERSON for each in facts.details.questions):
        reasons.append(wording.WHO_IS_UNCERTAIN)
    return tuple(dict.fromkeys(reasons))


def with_corrections(details: LeaverDetails, corrections: Corrections) -> LeaverDetails:
    """Put what operators said in place of what the ticket says."""
    by_operator = corrections.as_found()
    settled = {
        About.PERSON: corrections.decides_person,
        About.DATE: bool(corrections.leaving_date),
        About.LEAVING: bool(corrections.leaving_date or corrections.entry),
    }
    questions = tuple(each for each in details.questions if not settled[each.about])
    return replace(details, questions=questions, **by_operator)
