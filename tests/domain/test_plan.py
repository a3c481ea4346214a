"""What is done for a ticket: every rule of the contract, as values."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from service.domain import wording
from service.domain.cards import WantedCard
from service.domain.corrections import Corrections, SetAsideAs, with_corrections
from service.domain.dates import MISSING
from service.domain.drafts import Ask, Draft, MakeCard, NoAccess, Outcome, Role, SetAside
from service.domain.facts import Facts, NoAccessAction
from service.domain.identity import person_keys
from service.domain.matching.match_person import NEAR_MATCH, Candidate, Candidates, NoMatch
from service.domain.plan import draft_plan
from service.domain.reading.staying import CANCELLED
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import About, Found, Question
from tests.support.values import (
    DUE,
    LINK,
    OTHER_FILE,
    TECH_FILE,
    a_match,
    a_ticket,
    an_entry,
    details,
    facts,
    policy,
)

TECH, OTHER = an_entry(), an_entry(id="fedcba9876543210", file=OTHER_FILE)
WHO = Question(
    about=About.PERSON, reason=Reason(ReasonCode.SEVERAL_LEAVERS, "The ticket names two.")
)
WHEN = Question(about=About.DATE, reason=MISSING)
WHETHER = Question(about=About.LEAVING, reason=CANCELLED)
DOUBTFUL = Candidates(
    candidates=(Candidate(entry=TECH, evidence=("nearly the same name",)),),
    reason=NEAR_MATCH,
)
FOUND = (Candidate(entry=TECH, evidence=("same e-mail address",)),)
NO_DATE = details(leaving_date=None, questions=(WHEN,))


def card(role: Role = Role.TECH, **changes: Any) -> MakeCard:
    outcome = Outcome.TECH_CARD if role is Role.TECH else Outcome.NON_TECH_CARD
    said = "tech role" if role is Role.TECH else "non tech role"
    entries = changes.pop("entries", (TECH,))
    wanted = WantedCard(
        ticket_id=12345,
        role=role,
        name=f"Leaver: Jane Doe ({said})",
        due=DUE,
        head=f"Zendesk ticket: {LINK}",
        ticket_link="https://govuk.zendesk.com/agent/tickets/12345",
        names=frozenset({"Jane Doe", *(entry.name for entry in entries)}),
        person_keys=person_keys(entries, details()),
    )
    return MakeCard(outcome=outcome, card=replace(wanted, **changes), entries=entries)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((TECH,), card(entries=(TECH,))),
        ((OTHER,), card(Role.NON_TECH, entries=(OTHER,))),
        ((OTHER, TECH), card(entries=(TECH, OTHER))),
        ((TECH, OTHER), card(entries=(TECH, OTHER))),
    ],
    ids=["tech", "other", "both, other first", "both, tech first"],
)
def test_the_file_decides_the_card_and_tech_wins(entries: tuple[Any, ...], expected: Draft) -> None:
    assert draft_plan(facts(a_match(*entries)), policy()) == expected


@pytest.mark.parametrize(
    ("listed", "said", "name"),
    [
        ("Jané  O\u2019Doe", "jane odoe", "Leaver: Jané O\u2019Doe (tech role)"),
        ("", "Jane Doe", "Leaver: Jane Doe (tech role)"),
        ("", None, "Leaver: jane.doe@example.gov.uk (tech role)"),
    ],
    ids=["as in the list", "no name in the list", "no name at all"],
)
def test_a_card_is_named_as_the_list_spells_the_person(
    listed: str, said: str | None, name: str
) -> None:
    plan = draft_plan(facts(a_match(an_entry(name=listed)), details=details(name=said)), policy())

    assert isinstance(plan, MakeCard)
    assert plan.card.name == name


@pytest.mark.parametrize(
    ("leaving_date", "due_time", "timezone", "due"),
    [
        (date(2026, 12, 18), time(17), "Europe/London", datetime(2026, 12, 18, 17, tzinfo=UTC)),
        (date(2026, 6, 30), time(17), "Europe/London", datetime(2026, 6, 30, 16, tzinfo=UTC)),
        (date(2026, 6, 30), time(9, 30), "UTC", datetime(2026, 6, 30, 9, 30, tzinfo=UTC)),
        # The clocks go back on this day, and forward on the next.
        (date(2026, 10, 25), time(17), "Europe/London", datetime(2026, 10, 25, 17, tzinfo=UTC)),
        (date(2027, 3, 28), time(17), "Europe/London", datetime(2027, 3, 28, 16, tzinfo=UTC)),
    ],
)
def test_a_card_is_due_on_the_leaving_date_at_the_local_time_that_is_set(
    leaving_date: date, due_time: time, timezone: str, due: datetime
) -> None:
    plan = draft_plan(
        facts(details=details(leaving_date=leaving_date)),
        policy(due_time=due_time, timezone=timezone),
    )

    assert plan == card(due=due)


def test_a_match_by_name_alone_is_said_on_the_card() -> None:
    plan = draft_plan(facts(a_match(by_name_alone=True)), policy())

    assert isinstance(plan, MakeCard)
    mark, empty, warning = plan.card.head.splitlines()
    assert (mark, empty, warning[:20]) == (f"Zendesk ticket: {LINK}", "", "Found by name alone:")


CASES: dict[str, tuple[Facts, NoAccessAction, Draft]] = {
    "no leaver tag": (
        facts(ticket=a_ticket(tags=("joiner",))),
        NoAccessAction.SOLVE,
        SetAside(reasons=(wording.no_leaver_tag("leaver"),)),
    ),
    "no leaver tag, but an operator wants it": (
        facts(ticket=a_ticket(tags=()), operator_override=True),
        NoAccessAction.SOLVE,
        card(),
    ),
    "nobody, solve": (facts(NoMatch()), NoAccessAction.SOLVE, NoAccess()),
    "nobody, solve, without a date": (
        facts(NoMatch(), details=NO_DATE),
        NoAccessAction.SOLVE,
        NoAccess(),
    ),
    "nobody, ask": (facts(NoMatch()), NoAccessAction.ASK, Ask(reasons=(wording.NOBODY_FOUND,))),
    "nobody, a card": (
        facts(NoMatch()),
        NoAccessAction.NON_TECH_CARD,
        card(Role.NON_TECH, entries=()),
    ),
    "nobody, a card, without a date": (
        facts(NoMatch(), details=NO_DATE),
        NoAccessAction.NON_TECH_CARD,
        Ask(reasons=(WHEN.reason,)),
    ),
    "nobody, but the ticket is unclear": (
        facts(NoMatch(), details=details(questions=(WHO,))),
        NoAccessAction.SOLVE,
        Ask(reasons=(WHO.reason,)),
    ),
    "not certain": (
        facts(DOUBTFUL),
        NoAccessAction.SOLVE,
        Ask(
            reasons=(DOUBTFUL.reason,),
            candidates=DOUBTFUL.candidates,
            note=(wording.WHO_IS_UNCERTAIN,),
        ),
    ),
    "not certain, and no date": (
        facts(DOUBTFUL, details=NO_DATE),
        NoAccessAction.SOLVE,
        Ask(
            reasons=(WHEN.reason, DOUBTFUL.reason),
            candidates=DOUBTFUL.candidates,
            note=(WHEN.reason, wording.WHO_IS_UNCERTAIN),
        ),
    ),
    "found, but no date": (
        facts(details=NO_DATE),
        NoAccessAction.SOLVE,
        Ask(reasons=(WHEN.reason,), candidates=FOUND),
    ),
    "found, but the date is unclear": (
        facts(details=details(questions=(WHEN,))),
        NoAccessAction.SOLVE,
        Ask(reasons=(WHEN.reason,), candidates=FOUND),
    ),
    "found, but the person is unclear": (
        facts(details=details(questions=(WHO,))),
        NoAccessAction.SOLVE,
        Ask(reasons=(WHO.reason,), candidates=FOUND),
    ),
    "found, but perhaps not leaving": (
        facts(details=details(questions=(WHETHER,))),
        NoAccessAction.SOLVE,
        Ask(reasons=(WHETHER.reason,), candidates=FOUND),
    ),
    "an operator says that there is no access": (
        facts(DOUBTFUL, corrections=Corrections(no_access=True), details=NO_DATE),
        NoAccessAction.ASK,
        NoAccess(),
    ),
    "a person solved it after a question": (
        facts(DOUBTFUL, ticket=a_ticket(status="solved"), was_handed_to_person=True),
        NoAccessAction.SOLVE,
        SetAside(reasons=(wording.SOLVED_BY_HAND,)),
    ),
    "a person solved it, and it closed": (
        facts(ticket=a_ticket(status="closed"), was_handed_to_person=True),
        NoAccessAction.SOLVE,
        SetAside(reasons=(wording.SOLVED_BY_HAND,)),
    ),
    "a person solved it, but an operator has settled it": (
        facts(
            ticket=a_ticket(status="solved"),
            was_handed_to_person=True,
            corrections=Corrections(entry=TECH.id),
        ),
        NoAccessAction.SOLVE,
        card(),
    ),
    "solved by the service itself": (
        facts(
            ticket=a_ticket(status="solved", tags=("leaver", "leaver_processed")),
            was_handed_to_person=True,
        ),
        NoAccessAction.SOLVE,
        card(),
    ),
    "solved, and never asked about": (
        facts(ticket=a_ticket(status="solved")),
        NoAccessAction.SOLVE,
        card(),
    ),
    "closed, and never asked about": (
        facts(ticket=a_ticket(status="closed")),
        NoAccessAction.SOLVE,
        card(),
    ),
    "protected": (
        facts(),
        NoAccessAction.SOLVE,
        Ask(reasons=(wording.PROTECTED,), candidates=FOUND, note=(wording.WHO_IS_UNCERTAIN,)),
    ),
    "protected, and an operator chose the entry": (
        facts(corrections=Corrections(entry=TECH.id)),
        NoAccessAction.SOLVE,
        card(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_plan_follows_from_the_facts(name: str) -> None:
    given, no_access_action, expected = CASES[name]
    protected = frozenset({"jane.doe@example.gov.uk"} if "protected" in name else ())

    plan = draft_plan(given, policy(no_access_action=no_access_action, protected=protected))

    assert plan == expected


@pytest.mark.parametrize("kind", list(SetAsideAs))
def test_whatever_else_is_known_an_operator_can_set_a_leaver_aside(kind: SetAsideAs) -> None:
    given = facts(DOUBTFUL, corrections=Corrections(set_aside=kind, name="Jane Doe"))

    assert draft_plan(given, policy()) == SetAside(reasons=(wording.SET_ASIDE[kind],))


@pytest.mark.parametrize(
    ("corrections", "left"),
    [
        (Corrections(), {WHO, WHEN, WHETHER}),
        (Corrections(name="Jane Doe"), {WHEN, WHETHER}),
        (Corrections(email="jane.doe@example.gov.uk"), {WHEN, WHETHER}),
        (Corrections(leaving_date=date(2027, 1, 15)), {WHO}),
        (Corrections(entry=TECH.id), {WHEN}),
    ],
    ids=["nothing", "name", "email", "leaving date", "entry"],
)
def test_a_correction_settles_the_questions_that_it_answers(
    corrections: Corrections, left: set[Question]
) -> None:
    given = details(questions=(WHO, WHEN, WHETHER))

    assert set(with_corrections(given, corrections).questions) == left


def test_a_correction_stands_in_place_of_what_the_ticket_says() -> None:
    corrected = with_corrections(details(), Corrections(name="John Roe"))

    assert corrected == replace(
        details(), name=Found(value="John Roe", where="an operator's correction")
    )


def test_the_file_of_the_tech_list_is_compared_as_a_whole_path() -> None:
    entry = an_entry(file=f"old/{TECH_FILE}")

    plan = draft_plan(facts(a_match(entry)), policy())

    assert isinstance(plan, MakeCard)
    assert plan.outcome is Outcome.NON_TECH_CARD


@pytest.mark.parametrize(
    ("name", "others", "shown"),
    [
        ("jdoe", ("Jane Doe",), "Jane Doe"),
        ("jdoe", ("Janey",), "jdoe"),
        ("Jane Doe", ("Jane Roe",), "Jane Doe"),
        ("", (), "Jane Doe"),
    ],
)
def test_a_card_has_the_full_name_if_the_list_has_a_login_for_a_name(
    name: str, others: tuple[str, ...], shown: str
) -> None:
    draft = draft_plan(facts(a_match(an_entry(name=name, other_names=others))), policy())

    assert isinstance(draft, MakeCard)
    assert draft.card.name == f"Leaver: {shown} (tech role)"
