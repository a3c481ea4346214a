"""What a leaver needs, by the ticket and the lists: a card, a note, a question, or nothing."""

from dataclasses import replace

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.drafts import (
    Ask,
    FirstDraft,
    MakeCard,
    NoAccess,
    Outcome,
    Role,
    SetAside,
)
from service.domain.facts import Facts, NoAccessAction, Policy, TicketFacts
from service.domain.identity import is_protected
from service.domain.matching.match_person import Candidate, Candidates, Match, NoMatch
from service.domain.reasons import Reason
from service.domain.ticket import About
from service.domain.wanted_card import wanted_card


def draft_plan(facts: Facts, policy: Policy) -> FirstDraft:
    """Decide what a leaver needs, before the board is looked at.

    The same facts always make the same draft.
    """
    if aside := set_aside(facts, policy):
        return aside
    draft = _draft(facts, policy)
    if _must_ask(facts, policy):
        draft = _ask_about_protected(facts, draft)
    if isinstance(draft, Ask) and is_solved_by_hand(facts):
        return SetAside(reasons=(wording.SOLVED_BY_HAND,))
    return draft


def set_aside(facts: TicketFacts, policy: Policy) -> SetAside | None:
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
    """Return whether the leaver is protected, and no operator has said yet who it is."""
    is_decided = bool(facts.corrections.entry or facts.corrections.no_access)
    return not is_decided and is_protected(facts.details, facts.finding, policy.protected)


def _ask_about_protected(facts: Facts, draft: FirstDraft) -> Ask:
    ask = draft if isinstance(draft, Ask) else _ask(facts)
    return replace(
        ask,
        reasons=(*ask.reasons, wording.PROTECTED),
        note=ask.note or ask.reasons or (wording.WHO_IS_UNCERTAIN,),
    )


def is_solved_by_hand(facts: TicketFacts) -> bool:
    """Return whether a person solved the ticket while the service waited for an answer or a fix."""
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
    return MakeCard(
        outcome=Outcome.TECH_CARD if is_tech else Outcome.NON_TECH_CARD,
        card=wanted_card(
            facts,
            policy,
            entries,
            role=Role.TECH if is_tech else Role.NON_TECH,
            leaving_date=leaving_date.value,
            by_name_alone=by_name_alone,
        ),
        entries=entries,
        was_removed=facts.removal is not None,
    )


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
