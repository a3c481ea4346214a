"""What is to be done about a leaver, decided and not done: a card, a note, or a question."""

from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.cards import WantedCard
from service.domain.corrections import Corrections
from service.domain.dates import due_at
from service.domain.identity import is_protected, person_keys
from service.domain.matching.match_person import Candidate, Candidates, Match, NoMatch
from service.domain.ticket import About, LeaverDetails, Ticket
from service.domain.wording import digest


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
        protected: addresses and user names, in lower case, about whom a person is always asked.
    """

    leaver_tag: str
    ticket_link: str
    tech_file: str
    no_access_action: NoAccessAction
    due_time: time
    timezone: str
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known about a leaver when the plan is made.

    Attributes:
        ticket: as read just now.
        details: what it says, with the operators' corrections in place.
        finding: whom the access lists give.
        corrections: what operators have said.
        is_wanted_by_operator: an operator asked for this ticket, whatever its tags.
        was_asked: a person was asked about this leaver before, or it had failed.
    """

    ticket: Ticket
    details: LeaverDetails
    finding: Match | Candidates | NoMatch
    corrections: Corrections
    is_wanted_by_operator: bool = False
    was_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCard:
    """Make the card and solve the ticket. `entries` is empty where nobody was found."""

    outcome: Outcome
    card: WantedCard
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry | None:
        """The entry that the record shows."""
        return self.entries[0] if self.entries else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAccess:
    """Solve the ticket with a note that no entry was found."""

    outcome: Outcome = Outcome.NO_ACCESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Leave the ticket open and ask a person.

    Attributes:
        reason: sentences for the operator; they name nobody.
        candidates: whom the operator may choose from, best first.
        note: sentences for the ticket, where departments read them: nothing in them tells whether
            anybody has access. Empty where the reason itself may stand there.
    """

    reason: str
    candidates: tuple[Candidate, ...] = ()
    note: str = ""

    @property
    def said_in_ticket(self) -> str:
        """What the ticket's internal note says."""
        return self.note or self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Write nothing anywhere."""

    reason: str
    outcome: Outcome = Outcome.SET_ASIDE


Plan = MakeCard | NoAccess | Ask | SetAside


def make_plan(facts: Facts, policy: Policy) -> Plan:
    """Decide what is to be done about a leaver. The same facts always give the same plan."""
    if aside := set_aside(facts, policy):
        return aside
    plan = _plan(facts, policy)
    if _must_ask(facts, policy):
        plan = _ask_about_protected(facts, plan)
    if isinstance(plan, Ask) and _is_solved_by_hand(facts):
        return SetAside(reason=wording.SOLVED_BY_HAND)
    return plan


def set_aside(facts: Facts, policy: Policy) -> SetAside | None:
    """Return why there is nothing to do, whoever the leaver may be; None where there is."""
    if facts.corrections.set_aside:
        return SetAside(reason=wording.SET_ASIDE[facts.corrections.set_aside])
    if policy.leaver_tag not in facts.ticket.tags and not facts.is_wanted_by_operator:
        return SetAside(reason=wording.no_leaver_tag(policy.leaver_tag))
    if _is_solved_by_hand(facts) and not facts.corrections:
        return SetAside(reason=wording.SOLVED_BY_HAND)
    return None


def _must_ask(facts: Facts, policy: Policy) -> bool:
    """Whether the leaver is protected, and no operator has said yet who it is."""
    is_decided = bool(facts.corrections.entry or facts.corrections.no_access)
    return not is_decided and is_protected(facts.details, facts.finding, policy.protected)


def _ask_about_protected(facts: Facts, plan: Plan) -> Ask:
    ask = plan if isinstance(plan, Ask) else _ask(facts)
    reason = " ".join(filter(None, (ask.reason, wording.PROTECTED)))
    return replace(ask, reason=reason, note=ask.note or ask.reason or wording.WHO_IS_UNCERTAIN)


def _is_solved_by_hand(facts: Facts) -> bool:
    """Whether a person solved the ticket while the service waited for an answer or a mend."""
    is_over = facts.ticket.status in {"solved", "closed"}
    return facts.was_asked and is_over and wording.PROCESSED_TAG not in facts.ticket.tags


def _plan(facts: Facts, policy: Policy) -> Plan:
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


def _nobody(facts: Facts, policy: Policy) -> Plan:
    match policy.no_access_action:
        case NoAccessAction.SOLVE:
            return NoAccess()
        case NoAccessAction.ASK:
            return Ask(reason=wording.NOBODY_FOUND)
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
            head=wording.card_head(
                policy.ticket_link.format(facts.ticket.id), by_name_alone=by_name_alone
            ),
            person_keys=person_keys(entries, facts.details),
        ),
        entries=entries,
    )


def _spelling(entries: tuple[Entry, ...], details: LeaverDetails) -> str:
    """The name as the list spells it; the ticket's where the list has none."""
    listed = next((entry.name for entry in entries if entry.name), None)
    said = details.name or details.email
    return listed or (said.value if said else "")


def _ask(facts: Facts) -> Ask:
    texts = [question.text for question in facts.details.questions]
    candidates: tuple[Candidate, ...] = ()
    if isinstance(facts.finding, Candidates):
        candidates = facts.finding.candidates
        texts.append(facts.finding.reason)
    elif isinstance(facts.finding, Match):
        candidates = tuple(
            Candidate(entry=entry, evidence=facts.finding.evidence)
            for entry in facts.finding.entries
        )
    return Ask(
        reason=" ".join(dict.fromkeys(texts)), candidates=candidates, note=_note_to_ask(facts)
    )


def _note_to_ask(facts: Facts) -> str:
    """What the lists made doubtful is told to operators; in the ticket it would tell of access."""
    if not isinstance(facts.finding, Candidates):
        return ""
    texts = [question.text for question in facts.details.questions]
    if not any(each.about is About.PERSON for each in facts.details.questions):
        texts.append(wording.WHO_IS_UNCERTAIN)
    return " ".join(dict.fromkeys(texts))


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


def digest_of(plan: Plan) -> str:
    """Return the plan's digest: all that an operator sees of it before confirming goes into it."""
    match plan:
        case MakeCard(outcome=outcome, card=card, entries=entries):
            return digest(outcome, card.name, card.due, card.head, *(one.id for one in entries))
        case NoAccess(outcome=outcome):
            return digest(outcome)
        case SetAside(outcome=outcome, reason=reason):
            return digest(outcome, reason)
        case Ask(reason=reason, candidates=candidates):
            return digest("ask", reason, *(one.entry.id for one in candidates))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The facts and the plan that follows from them."""

    facts: Facts
    plan: Plan

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was read."""
        return self.facts.ticket

    @property
    def details(self) -> LeaverDetails:
        """What it says, with the operators' corrections in place."""
        return self.facts.details
