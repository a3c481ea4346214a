from collections.abc import Callable

import pytest

from integrations.sandbox import Sandbox
from tests.sandbox.conftest import Client, token_request


def test_comments_come_in_pages_with_the_metadata_of_their_update(
    sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket(description="First")
    change = {"comment": {"body": "Second", "public": False}, "metadata": {"k": "v"}}
    sandbox.zendesk.update(ticket.id, change)

    first = zendesk.get(f"/tickets/{ticket.id}/comments.json", **{"page[size]": 1}).json()
    cursor = first["meta"]["after_cursor"]
    second = zendesk.get(
        f"/tickets/{ticket.id}/comments.json", **{"page[size]": 1, "page[after]": cursor}
    ).json()

    assert [one["body"] for one in first["comments"]] == ["First"]
    assert first["meta"]["has_more"] is True
    assert first["links"]["next"].startswith("https://govuk-sandbox.zendesk.com/api/v2/tickets/")
    assert [(one["body"], one["metadata"]["custom"]) for one in second["comments"]] == [
        ("Second", {"k": "v"})
    ]
    assert (second["meta"]["has_more"], second["links"]["next"]) == (False, None)


def test_no_such_ticket_is_not_found(zendesk: Client) -> None:
    answers = [zendesk.get("/tickets/99.json"), zendesk.put("/tickets/99.json", {"ticket": {}})]

    assert [(one.status_code, one.json()) for one in answers] == [
        (404, {"error": "RecordNotFound", "description": "Not found"})
    ] * 2


def test_every_field_of_the_account_is_listed_in_a_ticket(
    sandbox: Sandbox, zendesk: Client
) -> None:
    field = sandbox.zendesk.account.fields[0].id
    ticket = sandbox.zendesk.add_ticket(custom_fields={field: "Ada Archer"})

    shown = zendesk.get(f"/tickets/{ticket.id}").json()["ticket"]

    assert [one["value"] for one in shown["custom_fields"]] == ["Ada Archer", None, None]
    assert shown["fields"] == shown["custom_fields"]


def test_search_finds_unsolved_leavers_and_lags_behind(sandbox: Sandbox, zendesk: Client) -> None:
    wanted = sandbox.zendesk.add_ticket()
    sandbox.zendesk.add_ticket(tags=("leaver", "leaver_processed"))
    sandbox.zendesk.add_ticket(status="solved")
    sandbox.zendesk.add_ticket(tags=("starter",))
    query = "type:ticket tags:leaver status<solved -tags:leaver_processed"

    def found() -> list[int]:
        answer = zendesk.get("/search.json", query=query).json()
        return [one["id"] for one in answer["results"] if one["result_type"] == "ticket"]

    assert found() == [wanted.id]
    sandbox.zendesk.search.lag_seconds = 60
    assert found() == []
    sandbox.clock.advance(seconds=61)
    assert found() == [wanted.id]


def test_search_ends_after_a_thousand_results(zendesk: Client) -> None:
    answer = zendesk.get("/search.json", query="type:ticket", page=11)

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")


def test_a_wrong_client_gets_no_token(sandbox: Sandbox, zendesk: Client) -> None:
    wrong = token_request(sandbox, client_secret="wrong")

    answer = zendesk.session.post(f"{zendesk.base}/oauth/tokens", data=wrong)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_token_is_given_for_a_form_as_well_as_for_json(sandbox: Sandbox, zendesk: Client) -> None:
    answer = zendesk.session.post(f"{zendesk.base}/oauth/tokens", data=token_request(sandbox))

    given = answer.json()
    assert given.pop("access_token")
    assert given == {"token_type": "bearer", "scope": "read write", "expires_in": 1800}


@pytest.mark.parametrize(
    "end",
    [
        lambda sandbox: sandbox.clock.advance(seconds=1801),
        lambda sandbox: sandbox.zendesk.expire_tokens(),
    ],
    ids=["after its time", "on demand"],
)
def test_a_token_that_ran_out_is_refused(
    sandbox: Sandbox, zendesk: Client, end: Callable[[Sandbox], None]
) -> None:
    ticket = sandbox.zendesk.add_ticket()
    assert zendesk.get(f"/tickets/{ticket.id}").status_code == 200

    end(sandbox)

    answer = zendesk.get(f"/tickets/{ticket.id}")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_a_token_for_reading_may_not_write(sandbox: Sandbox, zendesk: Client) -> None:
    given = zendesk.session.post(
        f"{zendesk.base}/oauth/tokens", json=token_request(sandbox, scope="read")
    ).json()
    zendesk.session.headers["Authorization"] = f"Bearer {given['access_token']}"
    ticket = sandbox.zendesk.add_ticket()

    assert zendesk.get(f"/tickets/{ticket.id}").status_code == 200
    assert zendesk.put(f"/tickets/{ticket.id}", {"ticket": {"priority": "low"}}).status_code == 403


def test_a_user_without_the_right_may_read_and_not_write(sandbox: Sandbox, zendesk: Client) -> None:
    sandbox.zendesk.access.may_write = False
    ticket = sandbox.zendesk.add_ticket()

    read = zendesk.get(f"/tickets/{ticket.id}")
    written = zendesk.put(f"/tickets/{ticket.id}", {"ticket": {"priority": "low"}})

    assert (read.status_code, written.status_code) == (200, 403)
    assert (written.json()["error"]["title"], ticket.priority) == ("Forbidden", None)


def test_who_am_i_answers_anonymous_to_wrong_credentials(zendesk: Client) -> None:
    right = zendesk.get("/users/me.json")
    zendesk.session.headers["Authorization"] = "Basic d3Jvbmc6d3Jvbmc="
    wrong = zendesk.get("/users/me.json")

    assert right.json()["user"]["name"] == "Leavers service"
    assert (wrong.status_code, wrong.json()["user"]["name"]) == (200, "Anonymous user")
