"""What the set-up made really leads to a processed leaver."""

import time
from pathlib import Path

from integrations.sandbox import Sandbox
from tests.conftest import StartService
from tests.support.running import events_of
from tests.support.tickets import ADA, add_ticket, cards_of
from tests.zendesk_setup.conftest import SetUp


def test_the_webhook_and_trigger_that_it_makes_lead_to_a_processed_leaver(
    set_up: SetUp, start_service: StartService, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    assert set_up("--apply", "--secret-file", str(path)).exit_code() == 0
    service = start_service(ZENDESK_WEBHOOK_SECRET=path.read_text().strip())
    assert set_up("--apply", url=service.url).exit_code() == 0

    ticket = add_ticket(sandbox, ADA)

    wait_for_webhooks(sandbox, number=1)
    leaver = service.wait_for(ticket.id)
    assert (leaver["state"], ticket.status) == ("done", "solved")
    assert len(cards_of(sandbox, ticket)) == 1


def test_the_services_own_updates_do_not_call_it_again_and_a_correction_or_a_later_word_does(
    set_up: SetUp, start_service: StartService, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    set_up("--apply", "--secret-file", str(path))
    service = start_service(ZENDESK_WEBHOOK_SECRET=path.read_text().strip())
    set_up("--apply", url=service.url)
    ticket = add_ticket(sandbox, ADA, leaving=None)
    wait_for_webhooks(sandbox, number=1)
    asked = service.wait_for(ticket.id, "needs_person")
    assert events_of(asked).count("received_again") == 0

    sandbox.zendesk.comment(ticket.id, "Leaving date: 18 December 2026")

    leaver = service.wait_for(ticket.id, "done")
    assert (leaver["leaving_date"], ticket.status) == ("2026-12-18", "solved")
    wait_for_webhooks(sandbox, number=2)
    sandbox.zendesk.reply(ticket.id, "Thank you!")
    assert service.wait_for(ticket.id, "needs_person")["reason_code"] == "read_it"
    service.rerun(ticket.id, nothing_to_do=True)
    wait_for_webhooks(sandbox, number=3)


def wait_for_webhooks(sandbox: Sandbox, *, number: int) -> None:
    """Wait until so many arrived; one too many would come at the same time as the last."""
    webhook = next(iter(sandbox.zendesk.admin.webhooks.values()))
    ends_at = time.monotonic() + 20
    while len(webhook.invocations) < number and time.monotonic() < ends_at:
        time.sleep(0.02)
    assert [one.status for one in webhook.invocations] == ["success"] * number
