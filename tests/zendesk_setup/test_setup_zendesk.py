"""`leavers setup zendesk`: shown first, done as a whole, repeated without effect."""

import stat
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault, acts_then_breaks, fails, unavailable
from integrations.sandbox.messages import Json
from integrations.sandbox.zendesk_people import SERVICE_USER
from tests.support.tickets import writes
from tests.zendesk_setup.conftest import URL, SetUp

WEBHOOK: Json = {
    "name": "Leavers: call the service",
    "description": "Made and kept by `leavers setup zendesk`. Change it there: a change here is "
    "undone.",
    "endpoint": f"{URL}/webhooks/zendesk",
    "http_method": "POST",
    "request_format": "json",
    "status": "active",
    "subscriptions": ["conditional_ticket_events"],
}
CONDITIONS = [
    {"field": "current_tags", "operator": "includes", "value": "leaver"},
    {"field": "current_tags", "operator": "not_includes", "value": "leaver_processed"},
    {"field": "status", "operator": "less_than", "value": "solved"},
    {"field": "role", "operator": "is_not", "value": str(SERVICE_USER)},
]
LATER_CONDITIONS = [
    {"field": "current_tags", "operator": "includes", "value": "leaver_processed"},
    {"field": "status", "operator": "less_than", "value": "solved"},
    {"field": "role", "operator": "is_not", "value": str(SERVICE_USER)},
]
WITHOUT_ADMINISTRATOR: dict[str, str | None] = {
    "ZENDESK_ADMIN_CLIENT_ID": None,
    "ZENDESK_ADMIN_CLIENT_SECRET": None,
}


def made(sandbox: Sandbox) -> tuple[list[Json], list[Json]]:
    """All webhooks and triggers of the account."""
    admin = sandbox.zendesk.admin
    return (
        [one.settings for one in admin.webhooks.values()],
        [one.settings for one in admin.triggers.values()],
    )


def triggers_of(sandbox: Sandbox) -> list[Json]:
    return [
        _trigger(sandbox, str(WEBHOOK["name"]), CONDITIONS),
        _trigger(sandbox, "Leavers: call the service about a processed ticket", LATER_CONDITIONS),
    ]


def _trigger(sandbox: Sandbox, title: str, conditions: list[Json]) -> Json:
    webhook = next(iter(sandbox.zendesk.admin.webhooks))
    return {
        "title": title,
        "description": WEBHOOK["description"],
        "active": True,
        "conditions": {"all": conditions, "any": []},
        "actions": [
            {
                "field": "notification_webhook",
                "value": [webhook, '{"ticket_id":"{{ticket.id}}"}'],
            }
        ],
    }


def test_the_plan_is_shown_and_nothing_is_made(set_up: SetUp, sandbox: Sandbox) -> None:
    done = set_up()

    assert (done.exit_code(), done.stderr) == (0, "")
    assert done.stdout == (
        f"To do: make the webhook, to {URL}/webhooks/zendesk\n"
        "To do: make the trigger, for tickets with the tag leaver\n"
        "To do: make the trigger, for processed tickets that are open again, and follow-ups\n"
        "Nothing was changed: add --apply to do it.\n"
    )
    assert (made(sandbox), writes(sandbox)) == (([], []), [])


def test_it_makes_the_webhook_and_the_triggers(set_up: SetUp, sandbox: Sandbox) -> None:
    done = set_up("--apply")

    assert (done.exit_code(), done.stderr) == (0, "")
    assert made(sandbox) == ([WEBHOOK], triggers_of(sandbox))


def test_the_leaver_tag_is_the_one_that_is_set(set_up: SetUp, sandbox: Sandbox) -> None:
    set_up("--apply", ZENDESK_LEAVER_TAG="offboarding")

    tags = triggers_of(sandbox)[0]["conditions"]["all"][0] | {"value": "offboarding"}
    assert made(sandbox)[1][0]["conditions"]["all"][0] == tags


def test_repeating_it_changes_nothing(set_up: SetUp, sandbox: Sandbox) -> None:
    set_up("--apply")
    sandbox.clear_requests()

    done = set_up("--apply")

    assert (done.exit_code(), writes(sandbox)) == (0, [])
    assert done.stdout.startswith("To do: nothing: all is as it should be\n")


def test_a_plan_without_steps_asks_for_nothing(set_up: SetUp) -> None:
    set_up("--apply")

    assert set_up().stdout == "To do: nothing: all is as it should be\n"


def test_a_webhook_that_moves_is_shown_with_both_addresses(set_up: SetUp) -> None:
    set_up("--apply")

    shown = set_up(url="https://new.example.gov.uk").stdout.splitlines()[0]

    assert shown == (
        f"To do: fix the webhook, from {URL}/webhooks/zendesk "
        "to https://new.example.gov.uk/webhooks/zendesk"
    )


def test_it_fixes_what_somebody_changed(set_up: SetUp, sandbox: Sandbox) -> None:
    set_up("--apply")
    admin = sandbox.zendesk.admin
    next(iter(admin.webhooks.values())).settings |= {"status": "inactive", "endpoint": "https://x"}
    for trigger in admin.triggers.values():
        trigger.settings |= {"active": False, "conditions": {"all": []}}

    done = set_up("--apply")

    assert "fix the webhook" in done.stdout
    assert done.stdout.count("fix the trigger") == 2
    assert made(sandbox) == ([WEBHOOK], triggers_of(sandbox))


def test_the_secret_is_in_a_file_for_its_owner_alone_and_nowhere_else(
    set_up: SetUp, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "secret"

    done = set_up("--apply", "--secret-file", str(path))

    secret = next(iter(sandbox.zendesk.admin.webhooks.values())).secret
    assert path.read_text() == f"{secret}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret not in done.stdout + done.stderr
    assert [each.name for each in tmp_path.glob("*secret*")] == ["secret"]


def test_the_secret_is_shown_on_request_alone(set_up: SetUp, sandbox: Sandbox) -> None:
    without, shown = set_up("--apply"), set_up("--apply", "--print-secret")

    secret = next(iter(sandbox.zendesk.admin.webhooks.values())).secret
    assert secret not in without.stdout + without.stderr
    assert f"ZENDESK_WEBHOOK_SECRET={secret}\n" in shown.stdout
    assert secret not in shown.stderr


@pytest.mark.parametrize("asked", [("--print-secret",), ("--secret-file", "secret")])
def test_a_secret_is_not_asked_for_if_a_plan_is_only_shown(
    set_up: SetUp, sandbox: Sandbox, asked: tuple[str, ...]
) -> None:
    shown = set_up(*asked)

    assert (shown.exit_code(), shown.stdout) == (2, "")
    assert "need --apply" in shown.stderr
    assert made(sandbox) == ([], [])


def test_a_file_that_cannot_be_written_stops_it_before_anything_is_made(
    set_up: SetUp, sandbox: Sandbox, tmp_path: Path
) -> None:
    done = set_up("--apply", "--secret-file", str(tmp_path / "nowhere" / "secret"))

    assert done.exit_code() == 1
    assert "Check --secret-file" in done.stderr
    assert made(sandbox) == ([], [])


@pytest.mark.parametrize("fault", [fails(500), acts_then_breaks()], ids=["refused", "lost reply"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/webhooks"), ("GET", "signing_secret"), ("POST", "/triggers")]
)
def test_a_failure_in_the_middle_is_undone(
    set_up: SetUp, sandbox: Sandbox, fault: Fault, method: str, path: str
) -> None:
    # A read that was cut off is sent once more.
    sandbox.faults.add(fault=fault, vendor="zendesk", method=method, path=path, times=2)

    done = set_up("--apply")

    assert (done.exit_code(), made(sandbox)) == (1, ([], []))
    assert done.stderr.endswith("Nothing in Zendesk was changed.\n")


def test_a_failure_while_fixing_puts_back_what_was(set_up: SetUp, sandbox: Sandbox) -> None:
    set_up("--apply")
    webhook = next(iter(sandbox.zendesk.admin.webhooks.values()))
    trigger = next(iter(sandbox.zendesk.admin.triggers.values()))
    webhook.settings["endpoint"], trigger.settings["active"] = "https://before/x", False
    sandbox.faults.add(fault=fails(500), vendor="zendesk", method="PUT", path="/triggers/")

    assert set_up("--apply").exit_code() == 1

    assert (webhook.settings["endpoint"], trigger.settings["active"]) == ("https://before/x", False)


def test_what_others_made_is_never_touched(set_up: SetUp, sandbox: Sandbox) -> None:
    admin = sandbox.zendesk.admin
    others = admin.add_webhook(WEBHOOK | {"description": "made by hand"})
    theirs = admin.add_trigger(triggers_of(sandbox)[0] | {"title": "Leavers", "description": None})
    before = (dict(others.settings), dict(theirs.settings))

    done = set_up("--apply")

    assert f"Not changed: the webhook {others.id}" in done.stdout
    assert (others.settings, theirs.settings) == before
    assert (len(admin.webhooks), len(admin.triggers)) == (2, 3)


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param({"ZENDESK_ADMIN_ACCESS_TOKEN": "admin_access_token"}, id="access token"),
        pytest.param(
            {
                "ZENDESK_ADMIN_CLIENT_ID": "admin_client_id",
                "ZENDESK_ADMIN_CLIENT_SECRET": "admin_client_secret",
            },
            id="client",
        ),
    ],
)
def test_an_administrator_may_come_in_by_oauth(
    set_up: SetUp, sandbox: Sandbox, credentials: dict[str, str]
) -> None:
    given = {name: getattr(sandbox.zendesk.access, value) for name, value in credentials.items()}

    done = set_up("--apply", **WITHOUT_ADMINISTRATOR | given)

    assert (done.exit_code(), len(made(sandbox)[0])) == (0, 1)


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"ZENDESK_ADMIN_CLIENT_SECRET": "wrong"}, 1, "Check ZENDESK_ADMIN_CLIENT_ID"),
        ({"ZENDESK_ADMIN_CLIENT_SECRET": None}, 2, "ZENDESK_ADMIN_CLIENT_SECRET is missing"),
        (WITHOUT_ADMINISTRATOR, 1, "Give those of an administrator"),
        ({"ZENDESK_CLIENT_SECRET": "wrong"}, 1, "ZENDESK_CLIENT_SECRET"),
    ],
)
def test_wrong_credentials_are_named(
    set_up: SetUp, sandbox: Sandbox, settings: dict[str, str | None], code: int, said: str
) -> None:
    done = set_up("--apply", **settings)

    assert (done.exit_code(), made(sandbox)) == (code, ([], []))
    assert said in done.stderr


def test_a_service_whose_agent_is_an_administrator_needs_no_other_credentials(
    set_up: SetUp, sandbox: Sandbox
) -> None:
    admin = sandbox.zendesk.access
    own = {
        "ZENDESK_CLIENT_ID": admin.admin_client_id,
        "ZENDESK_CLIENT_SECRET": admin.admin_client_secret,
        "ZENDESK_SCOPE": "read write",
    }

    done = set_up("--apply", **WITHOUT_ADMINISTRATOR, **own)

    assert (done.exit_code(), len(made(sandbox)[0])) == (0, 1)


def test_a_vendor_that_is_down_is_not_tried_again_by_a_command(
    set_up: SetUp, sandbox: Sandbox
) -> None:
    sandbox.faults.add(fault=unavailable(), vendor="zendesk", times=None)

    done = set_up("--apply")

    assert done.exit_code() == 1
    assert done.stderr == (
        "Zendesk: It returned a server error (status 503). Try again later.\n"
        "Nothing in Zendesk was changed.\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://leavers.example.gov.uk",
        "leavers",
        "https://a:b@c",
        "https://[::1",
        "https://x:notaport",
        "https://x:70000",
    ],
)
def test_an_address_that_zendesk_should_not_call_is_refused(set_up: SetUp, url: str) -> None:
    done = set_up(url=url)

    assert done.exit_code() == 2
    assert done.stderr.startswith("--url ")
