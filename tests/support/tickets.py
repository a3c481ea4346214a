"""Leaver tickets in the sandbox, about people of its sample lists and about others."""

from dataclasses import dataclass

from integrations.sandbox import Sandbox
from integrations.sandbox.trello_cards import SandboxCard
from integrations.sandbox.zendesk import DATE_FIELD, EMAIL_FIELD, NAME_FIELD
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.card_marks import marks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """What a ticket says about the person."""

    name: str | None = None
    email: str | None = None


ADA = Who(name="Ada Archer", email="ada.archer@digital.cabinet-office.gov.uk")
BENEDICT = Who(name="Benedict Okonkwo", email="benedict.okonkwo@digital.cabinet-office.gov.uk")
ELENA = Who(name="Elena Marchetti", email="elena.marchetti@digital.cabinet-office.gov.uk")
GRACE = Who(name="Grace Lindqvist", email="grace.lindqvist@digital.cabinet-office.gov.uk")
IMOGEN = Who(name="Imogen Fairweather", email="imogen.fairweather@digital.cabinet-office.gov.uk")
NOBODY = Who(name="Quentin Unlisted", email="quentin.unlisted@digital.cabinet-office.gov.uk")
LEAVING = "2026-12-18"


def add_ticket(
    sandbox: Sandbox,
    who: Who,
    *,
    leaving: str | None = LEAVING,
    tags: tuple[str, ...] = ("leaver",),
    status: str = "open",
    assignee_id: int | None = None,
    ticket_id: int | None = None,
) -> SandboxTicket:
    """A ticket whose custom fields say who leaves, and when."""
    fields = {NAME_FIELD: who.name, EMAIL_FIELD: who.email, DATE_FIELD: leaving}
    return sandbox.zendesk.add_ticket(
        subject="Leaver",
        description="Please remove the access of the person below.",
        custom_fields={number: value for number, value in fields.items() if value},
        tags=tags,
        status=status,
        assignee_id=assignee_id,
        ticket_id=ticket_id,
    )


def cards_of(sandbox: Sandbox, ticket: SandboxTicket) -> list[SandboxCard]:
    """All cards with the ticket's mark, archived ones too."""
    return [card for card in sandbox.trello.cards() if ticket.id in marks_of(card.desc)]


def writes(sandbox: Sandbox) -> list[str]:
    """Every request that could change something at a vendor, fetching a token left out."""
    return [
        f"{request.vendor} {request.method} {request.path}"
        for request in sandbox.requests()
        if request.method != "GET" and request.path != "/oauth/tokens"
    ]


def link_of(sandbox: Sandbox, ticket: SandboxTicket) -> str:
    """The link by which people open a ticket."""
    return f"https://{sandbox.zendesk.subdomain}.zendesk.com/agent/tickets/{ticket.id}"
