from integrations.sandbox import Sandbox
from tests.sandbox.conftest import Client


def test_limits_are_shown_and_not_held_unless_asked(sandbox: Sandbox, trello: Client) -> None:
    sandbox.limits.trello.per_token = 2
    sandbox.limits.enforce(on=False)

    answers = [trello.get("/members/me") for _ in range(3)]

    assert [one.status_code for one in answers] == [200] * 3
    assert [one.headers["X-Rate-Limit-Api-Token-Remaining"] for one in answers] == ["1", "0", "0"]


def test_trello_refuses_without_a_word_on_how_long(sandbox: Sandbox, trello: Client) -> None:
    sandbox.limits.trello.per_token = 2
    sandbox.limits.enforce()

    statuses = [trello.get("/members/me").status_code for _ in range(3)]
    refused = trello.get("/members/me")
    sandbox.clock.advance(seconds=11)

    assert statuses == [200, 200, 429]
    assert refused.json() == {
        "error": "API_TOKEN_LIMIT_EXCEEDED",
        "message": "Rate limit exceeded",
    }
    assert "Retry-After" not in refused.headers
    assert trello.get("/members/me").status_code == 200


def test_trello_locks_a_key_that_goes_on_regardless(sandbox: Sandbox, trello: Client) -> None:
    sandbox.limits.trello.per_token = 1
    sandbox.limits.trello.refusals_before_lock = 2
    sandbox.limits.enforce()

    trello.get("/members/me")
    sandbox.clock.advance(seconds=9)
    errors = [trello.get("/members/me").json()["error"] for _ in range(3)]
    sandbox.clock.advance(seconds=2)
    locked = trello.get("/members/me")

    assert errors == ["API_TOKEN_LIMIT_EXCEEDED"] * 3
    assert (locked.status_code, locked.json()["error"]) == (429, "API_KEY_LIMIT_EXCEEDED")


def test_zendesk_says_how_long_to_wait(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()
    sandbox.limits.zendesk.per_minute = 1
    sandbox.limits.enforce()

    first = zendesk.get(f"/tickets/{ticket.id}")
    refused = zendesk.get(f"/tickets/{ticket.id}")

    assert (first.status_code, first.headers["ratelimit-remaining"]) == (200, "0")
    assert (refused.status_code, refused.json()["error"]) == (429, "APIRateLimitExceeded")
    assert 0 < int(refused.headers["Retry-After"]) <= 61


def test_zendesk_counts_the_updates_of_one_ticket(sandbox: Sandbox, zendesk: Client) -> None:
    ticket, other = sandbox.zendesk.add_ticket(), sandbox.zendesk.add_ticket()
    sandbox.limits.zendesk.updates_per_ticket = 1
    sandbox.limits.enforce()
    body = {"ticket": {"priority": "low"}}

    first = zendesk.put(f"/tickets/{ticket.id}.json", body)
    again = zendesk.put(f"/tickets/{ticket.id}.json", body)
    elsewhere = zendesk.put(f"/tickets/{other.id}.json", body)

    assert [one.status_code for one in (first, again, elsewhere)] == [200, 429, 200]
    assert "total=1; remaining=0" in first.headers["zendesk-ratelimit-per-ticket-updates"]


def test_githubs_refusal_is_a_403_that_says_when_it_ends(sandbox: Sandbox, github: Client) -> None:
    sandbox.limits.github.per_hour = 1
    sandbox.limits.enforce()

    first, refused = github.get(""), github.get("")

    assert (first.status_code, refused.status_code) == (200, 403)
    assert refused.json()["message"].startswith("API rate limit exceeded")
    assert refused.headers["x-ratelimit-remaining"] == "0"
    sandbox.clock.advance(seconds=3601)
    assert github.get("").status_code == 200
