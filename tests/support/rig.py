"""A sandbox and the service that works on it, and what became of a ticket in the end."""

import contextlib
import http.client
from dataclasses import dataclass

from integrations.sandbox import Sandbox
from integrations.sandbox.fault_rules import Rule
from integrations.sandbox.faults import Fault
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.support.running import Service
from tests.support.tickets import cards_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What is there when all is over; a doubled or lost write shows."""

    state: str
    outcome: str | None
    open_cards: int
    notes: int
    status: str
    tags: tuple[str, ...]


SOLVED_WITH_CARD = Ended(
    state="done",
    outcome="tech_card",
    open_cards=1,
    notes=1,
    status="solved",
    tags=("leaver", "leaver_processed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of a leaver's run, to strike at."""

    vendor: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.vendor} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """See the module."""

    sandbox: Sandbox
    service: Service

    def deliver(self, ticket: SandboxTicket) -> None:
        """Deliver a webhook; the service may die before it answers."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            self.service.deliver(ticket.id)

    def strike(self, fault: Fault, request: Request) -> Rule:
        """Let a fault strike at a request, once."""
        return self.sandbox.faults.add(
            fault=fault,
            vendor=request.vendor,
            method=request.method,
            path=request.path,
        )

    def ended(self, ticket: SandboxTicket, *, seconds: float = 150) -> Ended:
        """Wait for the end of a ticket, and look at everything."""
        leaver = self.service.wait_for(ticket.id, seconds=seconds)
        return Ended(
            state=leaver["state"],
            outcome=leaver["outcome"],
            open_cards=sum(not card.closed for card in cards_of(self.sandbox, ticket)),
            notes=len(ticket.notes),
            status=ticket.status,
            tags=tuple(ticket.tags),
        )
