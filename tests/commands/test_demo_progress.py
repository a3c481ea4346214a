"""The demo shows that it is alive; its pages link to the sandbox's page."""

import io

from integrations.sandbox import Sandbox
from service.commands.demo_progress import ProgressBar
from service.commands.demo_service import links_to_sandbox


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


def test_each_step_and_ticket_is_a_line_as_it_ends() -> None:
    written = io.StringIO()
    progress = ProgressBar(12, written)

    progress.say("Starting …")
    progress.ticket_done("Ticket 4001: done")
    progress.close()

    assert written.getvalue() == "Starting …\n[ 1/12] Ticket 4001: done\n"


def test_on_a_terminal_a_bar_stands_below_and_is_taken_away_at_the_end() -> None:
    written = Terminal()
    progress = ProgressBar(2, written)

    progress.ticket_done("Ticket 4001: done")
    with_bar = written.getvalue()
    progress.close()

    assert with_bar.endswith(f"[{'#' * 15}{'.' * 15}] 1 of 2 tickets")
    assert written.getvalue().endswith("tickets\r\x1b[K")


def test_the_pages_link_to_what_the_sandbox_shows(sandbox: Sandbox) -> None:
    ticket = sandbox.zendesk.add_ticket()
    card = sandbox.trello.add_card(name="Leaver")
    links = links_to_sandbox(sandbox.zendesk.url)

    leads_to = [
        links.ticket(ticket.id),
        links.card(card.url),
        links.file("config/govuk_tech.yml"),
    ]

    assert leads_to == [
        f"{sandbox.zendesk.url}/#ticket-{ticket.id}",
        f"{sandbox.zendesk.url}/#card-{card.short_link}",
        f"{sandbox.zendesk.url}/#file-config/govuk_tech.yml",
    ]
