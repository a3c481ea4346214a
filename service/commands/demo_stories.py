"""The demo's stories of what comes after the card: a later date, the day after, and the end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Protocol

from integrations.sandbox.sandbox import Sandbox
from integrations.sandbox.trello_cards import SandboxCard
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.card_marks import marks_of

SWEEP_WITHIN = 60
_ORG = "digital.cabinet-office.gov.uk"


class DemoedService(Protocol):
    """The service as an operator reaches it."""

    @property
    def url(self) -> str:
        """Where it is."""

    def leaver(self, ticket_id: int) -> dict[str, Any]:
        """Return a leaver as the API shows it."""

    def rerun(self, ticket_id: int, body: dict[str, Any]) -> None:
        """Run a ticket again, as an operator."""

    def wait_for_end(self, ticket_id: int) -> dict[str, Any]:
        """Wait until a ticket needs nothing more from the service."""


# What is expected, and what was found.
Claim = tuple[str, bool]


def tell_stories(sandbox: Sandbox, service: DemoedService) -> bool:
    """Let the stories happen, print each line as it is known, and return whether all went well."""
    title = "After the card"
    _print("", title, "=" * len(title), "")
    are_right = []
    for text, is_right in chain(_follow_up(sandbox, service), _day_after_and_end(sandbox, service)):
        _print(text if is_right else f"NOT EXPECTED: {text}")
        are_right.append(is_right)
    return all(are_right)


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _follow_up(sandbox: Sandbox, service: DemoedService) -> Iterator[Claim]:
    """Somebody replies to a closed ticket: the leaver goes later."""
    yield "1. A reply to a closed ticket becomes a follow-up, which inherits its tags:", True
    today = datetime.now(UTC).date()
    before, after = today + timedelta(days=30), today + timedelta(days=60)
    ticket = _process(sandbox, service, "Hana Kowalski", f"hana.kowalski@{_ORG}", leaving=before)
    sandbox.zendesk.close(ticket.id)
    said = f"Her leaving date has changed to {after.day} {after:%B %Y}."
    reply = sandbox.zendesk.follow_up(ticket.id, said)
    sandbox.zendesk.deliver(reply.id, to=service.url)
    asked = service.wait_for_end(reply.id)
    yield f"   “{said}”", True
    yield f"   asked      {asked['reason']}", asked["reason_code"] == "other_leaving_date"
    service.rerun(reply.id, {"leaving_date": after.isoformat()})
    done = service.wait_for_end(reply.id)
    cards = _cards(sandbox, ticket)
    yield f"   answered   the follow-up is {reply.status}", done["state"] == "done"
    is_moved = [(card.due or "")[:10] for card in cards] == [after.isoformat()]
    yield f"   card       one, moved to {after.day} {after:%B %Y}: {_url(cards)}", is_moved


def _day_after_and_end(sandbox: Sandbox, service: DemoedService) -> Iterator[Claim]:
    """The date has passed, the card is ticked off, and the entry is still there; then it goes."""
    yield "", True
    yield "2. The day after: the card is ticked off, but the entry is still in the lists.", True
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    email = f"benedict.okonkwo@{_ORG}"
    ticket = _process(sandbox, service, "Benedict Okonkwo", email, leaving=yesterday)
    cards = _cards(sandbox, ticket)
    for card in cards:
        sandbox.trello.complete(card.id)
    sweep(sandbox)
    stands = service.leaver(ticket.id)["after_date"]
    comments = [comment.text for card in cards for comment in card.comments]
    yield f"   leaver     {stands}", stands == "done_but_listed"
    yield f"   card       {'; '.join(comments) or 'no comment'}", len(comments) == 1
    yield "", True
    yield "3. Somebody takes the entry out of the lists.", True
    _take_out(sandbox, email)
    sweep(sandbox)
    stands = service.leaver(ticket.id)["after_date"]
    yield f"   leaver     {stands}: not looked at any more", stands == "over"


def _process(
    sandbox: Sandbox, service: DemoedService, name: str, email: str, *, leaving: Any
) -> SandboxTicket:
    text = f"Name: {name}\nEmail: {email}\nLeaving date: {leaving:%d/%m/%Y}"
    ticket = sandbox.zendesk.add_ticket(
        subject="Leaver request", description=text, tags=("leaver",)
    )
    sandbox.zendesk.deliver(ticket.id, to=service.url)
    service.wait_for_end(ticket.id)
    return ticket


def _cards(sandbox: Sandbox, ticket: SandboxTicket) -> list[SandboxCard]:
    return [card for card in sandbox.trello.cards() if ticket.id in marks_of(card.desc)]


def _url(cards: list[SandboxCard]) -> str:
    return ", ".join(card.url for card in cards) or "none"


def _take_out(sandbox: Sandbox, email: str) -> None:
    """Take the list item with this address out of its file."""
    for path, text in sandbox.github.files().items():
        if email in text:
            items = text.split("\n- ")
            kept = "\n- ".join(item for item in items if email not in item)
            sandbox.github.put_files({path: f"{kept.rstrip()}\n"})


def sweep(sandbox: Sandbox, **settings: str) -> None:
    """Run `leavers sweep`, as a timer would, with more settings than the sandbox's.

    Raises:
        subprocess.SubprocessError: it failed, or did not end in time.
    """
    command = "import sys; from service.cli import main; sys.exit(main(['sweep']))"
    subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", command],
        env={**os.environ, **sandbox.settings(), **settings},  # noqa: TID251
        check=True,
        timeout=SWEEP_WITHIN,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
