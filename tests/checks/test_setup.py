"""What `leavers check --setup` says of the webhook and the trigger."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.zendesk_admin import SandboxTrigger, SandboxWebhook
from tests.checks.conftest import Check, Checked, without_followers
from tests.conftest import RunCommand
from tests.support.running import wait_until

URL = "https://leavers.example.gov.uk"
CheckSetUp = Callable[..., Checked]


@pytest.fixture
def secret(run_leavers: RunCommand, sandbox: Sandbox, tmp_path: Path) -> str:
    """Set Zendesk up, and return the signing secret."""
    path = tmp_path / "secret"
    arguments = ("--url", URL, "--apply", "--secret-file", str(path))
    run_leavers("setup", "zendesk", *arguments, **sandbox.admin_settings())
    return path.read_text().strip()


@pytest.fixture
def check_setup(check: Check, sandbox: Sandbox, secret: str) -> CheckSetUp:
    def run(**settings: str | None) -> Checked:
        given: dict[str, Any] = {"ZENDESK_WEBHOOK_SECRET": secret}
        return check("--setup", **(given | sandbox.admin_settings() | settings))

    return run


@pytest.fixture
def webhook(secret: str, sandbox: Sandbox) -> SandboxWebhook:
    assert secret
    return next(iter(sandbox.zendesk.admin.webhooks.values()))


@pytest.fixture
def trigger(secret: str, sandbox: Sandbox) -> SandboxTrigger:
    assert secret
    return next(iter(sandbox.zendesk.admin.triggers.values()))


def test_what_the_set_up_made_is_right(check_setup: CheckSetUp) -> None:
    found = check_setup()

    assert (found.code, found.wrong) == (0, {})
    assert found.right["Zendesk webhook"] == f"active, to {URL}/webhooks/zendesk"
    assert found.right["Zendesk trigger"] == "active, for tickets with the tag leaver"


def test_an_account_without_a_webhook_is_named(check: Check, sandbox: Sandbox) -> None:
    found = check("--setup", **sandbox.admin_settings())

    assert list(without_followers(found.wrong)) == ["Zendesk webhook"]
    assert "Run `leavers setup zendesk" in found.wrong["Zendesk webhook"]


def test_a_webhook_that_is_not_active_is_named(
    check_setup: CheckSetUp, webhook: SandboxWebhook
) -> None:
    webhook.settings["status"] = "inactive"

    assert "is not active" in check_setup().wrong["Zendesk webhook"]


def test_another_secret_is_named(check_setup: CheckSetUp) -> None:
    found = check_setup(ZENDESK_WEBHOOK_SECRET="another-secret-than-the-webhooks")

    assert list(found.wrong) == ["Zendesk webhook, secret"]


def test_uses_that_failed_are_reported(
    check_setup: CheckSetUp, webhook: SandboxWebhook, sandbox: Sandbox
) -> None:
    webhook.settings["endpoint"] = "http://127.0.0.1:9/webhooks/zendesk"
    sandbox.zendesk.add_ticket()
    wait_until(lambda: bool(webhook.invocations))

    found = check_setup()

    assert list(found.wrong) == ["Zendesk webhook, recent uses"]
    assert found.wrong["Zendesk webhook, recent uses"].startswith("1 of the last 1 uses failed")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"active": False}, "The trigger is not active."),
        (
            {"conditions": {"all": []}},
            "The trigger lacks the condition current_tags includes leaver",
        ),
        ({"actions": "another body"}, "does not give the ticket's number"),
    ],
)
def test_a_trigger_that_somebody_changed_is_named(
    check_setup: CheckSetUp, trigger: SandboxTrigger, change: dict[str, Any], said: str
) -> None:
    if change.get("actions"):
        webhook_id = trigger.settings["actions"][0]["value"][0]
        body = '{"ticket":"{{ticket.title}}"}'
        change = {"actions": [{"field": "notification_webhook", "value": [webhook_id, body]}]}
    trigger.settings |= change

    found = check_setup()

    assert list(found.wrong) == ["Zendesk trigger"]
    assert said in found.wrong["Zendesk trigger"]


def test_the_trigger_for_processed_tickets_is_looked_at_by_itself(
    check_setup: CheckSetUp, sandbox: Sandbox
) -> None:
    right = check_setup().right["Zendesk trigger, processed tickets"]
    later = list(sandbox.zendesk.admin.triggers.values())[1]
    del sandbox.zendesk.admin.triggers[later.id]

    found = check_setup()

    assert right == "active, for processed tickets that are open again, and follow-ups"
    assert list(found.wrong) == ["Zendesk trigger, processed tickets"]
    assert found.wrong["Zendesk trigger, processed tickets"].startswith("No trigger notifies")


def test_further_conditions_are_named(check_setup: CheckSetUp, trigger: SandboxTrigger) -> None:
    more = {"field": "update_type", "operator": "is", "value": "Create"}
    trigger.settings["conditions"]["all"].append(more)

    assert "has further conditions" in check_setup().wrong["Zendesk trigger"]


def test_without_an_administrator_it_says_what_is_missing(run_leavers: RunCommand) -> None:
    ended = run_leavers("check", "--setup")

    assert ended.exit_code() == 1
    assert "Give those of an administrator" in ended.stdout
