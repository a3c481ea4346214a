"""Values of the domain with everything that a test does not care about filled in."""

from datetime import UTC, date, datetime, time
from typing import Any

from service.domain.access_lists.entries import Entry
from service.domain.cards import Card, WantedCard
from service.domain.corrections import Corrections
from service.domain.facts import Facts, NoAccessAction, Policy
from service.domain.matching.match_person import Candidates, Match, NoMatch
from service.domain.ticket import Comment, Found, LeaverDetails, Mark, Question, Ticket

TECH_FILE, OTHER_FILE = "config/govuk_tech.yml", "config/others.yml"
DUE = datetime(2026, 12, 18, 17, tzinfo=UTC)
LINK = "https://govuk.zendesk.com/agent/tickets/12345"


def a_ticket(**changes: Any) -> Ticket:
    """An open leaver ticket."""
    usual: dict[str, Any] = {
        "id": 12345,
        "subject": "Leaver",
        "description": "",
        "status": "open",
        "tags": ("leaver",),
    }
    return Ticket(**usual | changes)


def a_note(number: int, mark: Mark | None) -> Comment:
    """An internal note; one of the service's own if it has a mark."""
    return Comment(id=number, author_id=1, body="", is_public=False, mark=mark)


def details(
    *,
    name: str | None = "Jane Doe",
    email: str | None = "jane.doe@example.gov.uk",
    leaving_date: date | None = date(2026, 12, 18),
    questions: tuple[Question, ...] = (),
) -> LeaverDetails:
    """What a plain ticket says."""
    return LeaverDetails(
        name=Found(value=name, where="a field") if name else None,
        email=Found(value=email, where="a field") if email else None,
        leaving_date=Found(value=leaving_date, where="a field") if leaving_date else None,
        questions=questions,
    )


def an_entry(**changes: Any) -> Entry:
    """Somebody's entry in the tech list."""
    usual: dict[str, Any] = {
        "id": "0123456789abcdef",
        "file": TECH_FILE,
        "position": "entry 1",
        "name": "Jane Doe",
        "email": "jane.doe@example.gov.uk",
    }
    return Entry(**usual | changes)


def a_match(*entries: Entry, by_name_alone: bool = False) -> Match:
    """A person found beyond doubt."""
    return Match(
        entries=entries or (an_entry(),),
        evidence=("same e-mail address",),
        by_name_alone=by_name_alone,
    )


def facts(finding: Match | Candidates | NoMatch | None = None, **changes: Any) -> Facts:
    """Facts about somebody who was found, unless said otherwise."""
    usual: dict[str, Any] = {
        "ticket": a_ticket(),
        "details": details(),
        "finding": finding or a_match(),
        "corrections": Corrections(),
        "operator_override": False,
        "was_handed_to_person": False,
    }
    return Facts(**usual | changes)


def policy(**changes: Any) -> Policy:
    """The settings as they are by default."""
    usual: dict[str, Any] = {
        "leaver_tag": "leaver",
        "ticket_link": "https://govuk.zendesk.com/agent/tickets/{}",
        "tech_file": TECH_FILE,
        "no_access_action": NoAccessAction.SOLVE,
        "due_time": time(17, 0),
        "timezone": "Europe/London",
    }
    return Policy(**usual | changes)


def a_wanted_card(**changes: Any) -> WantedCard:
    """The card that a plan wants for the ticket above."""
    usual: dict[str, Any] = {
        "ticket_id": 12345,
        "role": "tech",
        "name": "Leaver: Jane Doe (tech role)",
        "due": DUE,
        "head": f"Zendesk ticket: {LINK}",
        "ticket_link": LINK,
        "names": frozenset({"Jane Doe"}),
    }
    return WantedCard(**usual | changes)


def a_card(number: int = 1, **changes: Any) -> Card:
    """The card of the ticket above, as it is on the board."""
    usual: dict[str, Any] = {
        "id": f"6a0000{number:02x}" + "0" * 16,
        "url": f"https://trello.com/c/abcdef{number:02}",
        "name": "Leaver: Jane Doe (tech role)",
        "desc": f"Zendesk ticket: {LINK}\n\nTake away everything.",
        "due": DUE,
    }
    return Card(**usual | changes)
