import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.fault_kinds import KINDS
from tests.sandbox.conftest import Client

ROOT = Path(__file__).parents[2]


def test_a_ticket_is_made_commented_solved_and_closed_from_outside(control: Client) -> None:
    sent = {
        "subject": "Leaver",
        "description": "Ada leaves",
        "custom_fields": {"7000000000011": "A"},
    }

    made = control.post("/tickets", sent)
    ticket = f"/tickets/{made.json()['id']}"
    control.post(f"{ticket}/comment", {"body": "Hm", "public": False})
    control.post(f"{ticket}/solve", {})
    control.post(f"{ticket}/close", {})
    shown = control.get(ticket).json()

    assert made.status_code == 201
    assert (shown["status"], shown["custom_fields"][0]["value"]) == ("closed", "A")
    assert [(one["body"], one["public"]) for one in shown["comments"]] == [
        ("Ada leaves", True),
        ("Hm", False),
    ]


def test_faults_are_added_counted_and_cleared_from_outside(control: Client, trello: Client) -> None:
    fault = {"kind": "fails", "status": 503}
    added = control.post("/faults", {"vendor": "trello", "path": "/members", "fault": fault})
    during = trello.get("/members/me").status_code
    struck = control.get("/faults").json()["faults"][0]["struck"]
    control.call("DELETE", "/faults")

    assert (added.status_code, during, struck) == (200, 503, 1)
    assert control.get("/faults").json() == {"faults": [], "kinds": sorted(KINDS)}


def test_a_process_is_killed_from_outside(control: Client, trello: Client) -> None:
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    control.post(
        "/faults", {"fault": {"kind": "kills", "pid": victim.pid, "moment": "after_reply"}}
    )

    trello.get("/members/me")

    with victim:
        assert victim.wait(30) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("/faults", {"fault": {"kind": "explodes"}}, "no such kind of fault"),
        ("/faults", {"fault": {"kind": "fails", "colour": "red"}}, "fails: got an unexpected"),
        ("/faults", {"fault": {"kind": "fails"}, "verb": "GET"}, "unknown: verb"),
        ("/tickets", {"state": "new"}, "unknown: state"),
        ("/tickets", [], "the body must be a JSON object"),
    ],
)
def test_a_slip_is_explained(control: Client, path: str, body: object, problem: str) -> None:
    answer = control.post(path, body)

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(problem)


def test_it_lists_its_requests(control: Client) -> None:
    listed = control.get("/").json()

    does = "Put everything back to the samples."
    assert {"method": "POST", "path": "/_sandbox/reset", "does": does} in listed


def test_what_is_not_there_is_not_found(control: Client) -> None:
    answers = [control.get("/tickets/99"), control.post("/cards/zzzzzzzz/archive", {})]

    assert [(one.status_code, one.json()["detail"]) for one in answers] == [
        (404, "there is no 99"),
        (404, "there is no zzzzzzzz"),
    ]


def test_a_page_in_a_browser_may_not_use_it(control: Client) -> None:
    answer = control.call("POST", "/reset", headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_cards_files_and_options_are_changed_from_outside(
    sandbox: Sandbox, control: Client
) -> None:
    card = control.post("/cards", {"name": "Leaver"}).json()
    done = sandbox.trello.lists()[-1].id
    control.post(f"/cards/{card['id']}/move", {"list_id": done})
    control.post(f"/cards/{card['shortLink']}/archive", {})
    control.put("/files", {"path": "config/new.yml", "text": "[]\n"})
    control.call("DELETE", "/files", params={"path": "config/others.yml"})
    control.call("PATCH", "/options", json={"copies_are_templates": False, "limits": True})

    state = control.get("/state").json()
    shown = next(one for one in state["cards"] if one["id"] == card["id"])
    assert (shown["idList"], shown["closed"]) == (done, True)
    assert state["files"]["config/new.yml"] == "[]\n"
    assert "config/others.yml" not in state["files"]
    assert (sandbox.trello.copies_are_templates, sandbox.limits.trello.enforced) == (False, True)


def test_requests_are_listed_by_vendor_and_forgotten(control: Client, trello: Client) -> None:
    trello.get("/members/me", fields="all")

    (listed,) = control.get("/requests", vendor="trello").json()["requests"]
    control.call("DELETE", "/requests")

    assert {key: listed[key] for key in ("method", "path", "query", "status")} == {
        "method": "GET",
        "path": "/1/members/me",
        "query": {"fields": "all"},
        "status": 200,
    }
    assert control.get("/requests").json() == {"requests": []}


def test_a_reset_brings_the_samples_back(sandbox: Sandbox, control: Client) -> None:
    sandbox.zendesk.add_ticket()
    sandbox.trello.archive(sandbox.trello.cards()[0].id)

    control.post("/reset", {})

    state = control.get("/state").json()
    assert (state["tickets"], state["requests"]) == ([], 0)
    assert len(state["cards"]) == 3
    assert not any(one["closed"] for one in state["cards"])


def test_it_runs_as_a_process_of_its_own_until_it_is_stopped() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "integrations.sandbox", "--postgres"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in range(17)]
        settings = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        shown = requests.get(f"{settings['TRELLO_URL']}/_sandbox/settings", timeout=10).json()
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 0
    assert shown == settings
    assert settings["DATABASE_URL"].startswith("postgresql://postgres:")
