"""Setting a leaver aside works while everything that it does not need is broken."""

from integrations.sandbox import Sandbox
from tests.support.running import Service


def test_a_leaver_is_set_aside_while_the_lists_cannot_be_read(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = sandbox.zendesk.add_ticket(description="Name: Zoe Unlisted")
    sandbox.github.put_file("config/govuk_tech.yml", "- name: [")

    leaver = service.rerun(ticket.id, set_aside="by_hand")

    assert (leaver["state"], leaver["outcome"]) == ("done", "set_aside")


def test_a_leaver_whose_ticket_was_deleted_can_be_set_aside(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = sandbox.zendesk.add_ticket(description="Name: Zoe Unlisted\nLine manager: Tom")
    service.rerun(ticket.id)
    sandbox.zendesk.delete(ticket.id)

    leaver = service.rerun(ticket.id, set_aside="not_a_leaver")

    assert (leaver["state"], leaver["outcome"]) == ("done", "set_aside")
    assert leaver["name"] == "Zoe Unlisted"


def test_a_ticket_without_the_tag_is_set_aside_without_a_look_at_the_lists(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = sandbox.zendesk.add_ticket(description="Name: Zoe Unlisted", tags=())
    sandbox.clear_requests()

    service.deliver(ticket.id)

    assert service.wait_for(ticket.id)["outcome"] == "set_aside"
    assert sandbox.requests("github") == []


def test_setting_a_deleted_ticket_aside_can_be_looked_at_first(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = sandbox.zendesk.add_ticket(description="Name: Zoe Unlisted\nLine manager: Tom")
    service.rerun(ticket.id)
    sandbox.zendesk.delete(ticket.id)

    without = service.post(f"/leavers/{ticket.id}/preview")
    ahead = service.preview(ticket.id, set_aside="not_a_leaver")
    leaver = service.rerun(ticket.id, set_aside="not_a_leaver")

    assert without.status_code == 404
    fields = ("state", "outcome", "reason", "name")
    assert {key: ahead[key] for key in fields} == {key: leaver[key] for key in fields}
