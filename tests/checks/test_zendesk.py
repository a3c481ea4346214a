"""What `leavers check` says of Zendesk."""

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault
from integrations.sandbox.messages import json_reply
from integrations.sandbox.zendesk import DATE_FIELD
from integrations.sandbox.zendesk_people import GROUP, OTHER_GROUP, SERVICE_USER, WORKER
from integrations.sandbox.zendesk_update import TicketField
from tests.checks.conftest import Check, without_followers


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ZENDESK_SUBDOMAIN": "elsewhere"}, "Set ZENDESK_SUBDOMAIN to that"),
        ({"ZENDESK_CLIENT_ID": "wrong-client"}, "Check ZENDESK_CLIENT_ID"),
        ({"ZENDESK_CLIENT_SECRET": "wrong-hidden-word"}, "ZENDESK_CLIENT_SECRET"),
        ({"ZENDESK_SCOPE": "nonsense"}, "Check ZENDESK_SCOPE"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_ways_in_are_named(check: Check, settings: dict[str, str], said: str) -> None:
    found = check(**settings)

    wrong = without_followers(found.wrong)
    assert (found.code, list(wrong)) == (1, ["Zendesk"])
    assert said in wrong["Zendesk"]


def test_a_subdomain_that_nobody_has_is_named(check: Check, sandbox: Sandbox) -> None:
    nobody = {"error": {"title": "No help desk at elsewhere.zendesk.com", "message": "…"}}
    fault = Fault(acts=False, reply=json_reply(nobody, status=404))
    sandbox.faults.add(fault=fault, vendor="zendesk", times=None)

    found = check()

    assert "Check ZENDESK_SUBDOMAIN" in found.wrong["Zendesk"]


def test_a_scope_that_may_not_write_is_named(check: Check) -> None:
    found = check(ZENDESK_SCOPE="read")

    assert (found.code, list(found.wrong)) == (1, ["Zendesk scope"])
    assert "does not let the service solve tickets" in found.wrong["Zendesk scope"]
    assert "“read tickets:write”" in found.wrong["Zendesk scope"]


def test_the_narrowest_scope_is_enough(check: Check, sandbox: Sandbox) -> None:
    sandbox.zendesk.add_ticket()

    assert check(ZENDESK_SCOPE="read tickets:write").wrong == {}


def test_a_field_that_is_missing_is_named(check: Check) -> None:
    found = check(ZENDESK_NAME_FIELD_ID="4711")

    assert (found.code, list(found.wrong)) == (1, ["Zendesk field, name"])
    assert "Check ZENDESK_NAME_FIELD_ID" in found.wrong["Zendesk field, name"]


def test_a_field_of_the_wrong_type_is_named(check: Check, sandbox: Sandbox) -> None:
    box = TicketField(id=4711, title="Done", kind="checkbox")
    sandbox.zendesk.account.fields.append(box)

    found = check(ZENDESK_EMAIL_FIELD_ID=str(DATE_FIELD), ZENDESK_LEAVING_DATE_FIELD_ID="4711")

    assert set(found.wrong) == {"Zendesk field, e-mail address", "Zendesk field, leaving date"}
    assert "of the type date" in found.wrong["Zendesk field, e-mail address"]
    assert "Check ZENDESK_LEAVING_DATE_FIELD_ID" in found.wrong["Zendesk field, leaving date"]


def test_the_agent_that_is_not_in_the_tickets_group_is_named(
    check: Check, sandbox: Sandbox
) -> None:
    sandbox.zendesk.account.groups_of[SERVICE_USER] = (OTHER_GROUP,)
    sandbox.zendesk.add_ticket(group_id=GROUP)

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["Zendesk group"])
    assert f"(number {GROUP})" in found.wrong["Zendesk group"]


def test_solved_tickets_show_the_group_if_none_waits(check: Check, sandbox: Sandbox) -> None:
    sandbox.zendesk.account.groups_of[SERVICE_USER] = (OTHER_GROUP,)
    sandbox.zendesk.add_ticket(group_id=GROUP, status="solved", assignee_id=WORKER)

    assert list(check().wrong) == ["Zendesk group"]


def test_without_any_leaver_ticket_the_group_is_not_known(check: Check) -> None:
    found = check()

    assert found.right["Zendesk group"].startswith("there is no leaver ticket yet")
