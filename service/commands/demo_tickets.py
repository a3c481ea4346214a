"""The demo's tickets: made-up leavers that show every outcome, and how each is expected to end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTicket:
    """One made-up ticket.

    Attributes:
        about: what it shows, in one line.
        description: the ticket's text; ``{date}`` stands for the leaving date.
        state: the state in which its leaver is expected to end.
        outcome: the outcome that is expected.
        status: the status that the ticket is expected to have at the end.
        card: the name of the card that is expected, or None.
        fields: custom fields by name (``name``, ``email``, ``date``).
        tags: of the ticket.
        is_closed: whether the ticket is closed before it is processed.
        answer: what an operator sends with a re-run; ``the one in tech`` stands for an entry's id.
        fault: what goes wrong on the way, or None.
    """

    about: str
    state: str
    status: str
    description: str = ""
    outcome: str | None = None
    card: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ("leaver",)
    is_closed: bool = False
    answer: Mapping[str, str] | None = None
    fault: str | None = None

    def text(self, leaving_date: date) -> str:
        """Return the ticket's text."""
        return self.description.format(date=f"{leaving_date:%d/%m/%Y}")


_ORG = "digital.cabinet-office.gov.uk"

DEMO_TICKETS = (
    DemoTicket(
        about="Somebody in a tech role",
        description=f"Name: Ada Archer\nEmail: ada.archer@{_ORG}\nLeaving date: {{date}}",
        state="done",
        outcome="tech_card",
        status="solved",
        card="Leaver: Ada Archer (tech role)",
    ),
    DemoTicket(
        about="Somebody in a non tech role, given in the form's own fields",
        description="Please see the fields.",
        fields={"name": "Elena Marchetti", "email": f"elena.marchetti@{_ORG}", "date": "{date}"},
        state="done",
        outcome="non_tech_card",
        status="solved",
        card="Leaver: Elena Marchetti (non tech role)",
    ),
    DemoTicket(
        about="Somebody in both lists: the tech role counts",
        description=(
            f"Leaver: Imogen Fairweather\nWork email: imogen.fairweather@{_ORG}\n"
            "Last day: {date}\nLine manager: Farid Haddad"
        ),
        state="done",
        outcome="tech_card",
        status="solved",
        card="Leaver: Imogen Fairweather (tech role)",
    ),
    DemoTicket(
        about="A name alone: the card asks to make sure",
        description="Name of leaver: Idris Bello\nLeaving date: {date}",
        state="done",
        outcome="non_tech_card",
        status="solved",
        card="Leaver: Idris Bello (non tech role)",
    ),
    DemoTicket(
        about="Somebody who is in no list",
        description=(
            f"Name: Nora Nightingale\nEmail: nora.nightingale@{_ORG}\nLeaving date: {{date}}"
        ),
        state="done",
        outcome="no_access",
        status="solved",
    ),
    DemoTicket(
        about="Two people of one name: a person is asked",
        description="Name: Sam Taylor\nLeaving date: {date}",
        state="needs_person",
        status="open",
    ),
    DemoTicket(
        about="The same question, answered by an operator's re-run",
        description="Name: Sam Taylor\nLeaving date: {date}",
        answer={"entry": "the one in tech"},
        state="done",
        outcome="tech_card",
        status="solved",
        card="Leaver: Sam Taylor (tech role)",
    ),
    DemoTicket(
        about="E-mail address and name of two different people: a person is asked",
        description=f"Name: Dafydd Pryce\nEmail: benedict.okonkwo@{_ORG}\nLeaving date: {{date}}",
        state="needs_person",
        status="open",
    ),
    DemoTicket(
        about="No leaving date: a person is asked",
        description=f"Name: Chloe O'Brien Smythe\nEmail: chloe.obrien-smythe@{_ORG}",
        state="needs_person",
        status="open",
    ),
    DemoTicket(
        about="A second ticket for somebody who has a card: no second card",
        description=f"Name: Ada Archer\nEmail: ada.archer@{_ORG}\nLeaving date: {{date}}",
        state="done",
        outcome="tech_card",
        status="solved",
        card="Leaver: Ada Archer (tech role)",
    ),
    DemoTicket(
        about="A ticket that is closed: the card is made, the ticket can't be changed",
        description=(
            "Name: Farid Haddad\nEmail: farid.haddad@cabinet-office.gov.uk\nLeaving date: {date}"
        ),
        is_closed=True,
        state="done",
        outcome="non_tech_card",
        status="closed",
        card="Leaver: Farid Haddad (non tech role)",
    ),
    DemoTicket(
        about="Zendesk solves the ticket but its response is lost: no second note",
        description=f"Name: Grace Lindqvist\nEmail: grace.lindqvist@{_ORG}\nLeaving date: {{date}}",
        fault="Zendesk's response to the update is lost",
        state="done",
        outcome="non_tech_card",
        status="solved",
        card="Leaver: Grace Lindqvist (non tech role)",
    ),
    DemoTicket(
        about="A ticket without the leaver tag: not changed",
        description=f"Name: Hana Kowalski\nEmail: hana.kowalski@{_ORG}\nLeaving date: {{date}}",
        tags=("access_request",),
        state="done",
        outcome="set_aside",
        status="open",
    ),
)
