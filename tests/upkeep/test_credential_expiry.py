"""When credentials end: what GitHub and Trello say of it, and how it is reported."""

from datetime import UTC, datetime

import psycopg
import pytest

from integrations.github.token import token_ends_at
from integrations.http.policy import CallPolicy
from integrations.sandbox import Sandbox
from integrations.sandbox.faults import fails
from integrations.trello.account import TrelloAccount
from integrations.trello.requester import HeaderLogin
from service.domain.errors import PermanentError
from service.domain.reasons import ReasonCode
from service.upkeep.credential_expiry import Credentials, trello_token_ends_at
from tests.conftest import StartService
from tests.support.running import wait_until

POLICY = CallPolicy(timeout=60, before_call=lambda _: None, after_call=lambda *_: None)
END = datetime(2027, 1, 31, 12, tzinfo=UTC)
HEADER = "github-authentication-token-expiration"


def github_end(sandbox: Sandbox, said: str | None) -> datetime | None:
    headers = {"Content-Type": "application/json", **({HEADER: said} if said else {})}
    sandbox.faults.add(
        fault=fails(200, body="{}", headers=headers), vendor="github", path="/rate_limit"
    )
    settings = sandbox.settings()
    return token_ends_at(settings["GITHUB_TOKEN"], url=settings["GITHUB_URL"], policy=POLICY)


def trello_end(sandbox: Sandbox) -> datetime | None:
    settings = sandbox.settings()
    account = TrelloAccount(
        HeaderLogin(settings["TRELLO_API_KEY"], settings["TRELLO_TOKEN"]),
        url=settings["TRELLO_URL"],
        board=settings["TRELLO_BOARD_ID"],
        policy=POLICY,
    )
    return trello_token_ends_at(account)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("2027-01-31 12:00:00 UTC", END),
        ("2027-01-31 13:00:00 +0100", END),
        ("some day", None),
        (None, None),
    ],
)
def test_githubs_answer_says_when_its_token_ends(
    sandbox: Sandbox, said: str | None, end: datetime | None
) -> None:
    assert github_end(sandbox, said) == end


@pytest.mark.parametrize(
    ("is_second", "setting"), [(False, "GITHUB_TOKEN"), (True, "GITHUB_PULL_REQUEST_TOKEN")]
)
def test_the_token_is_shown_to_github_and_a_wrong_one_is_named_by_its_setting(
    sandbox: Sandbox, setting: str, *, is_second: bool
) -> None:
    url = sandbox.settings()["GITHUB_URL"]

    with pytest.raises(PermanentError, match=f"Check {setting};"):
        token_ends_at("github_pat_of_another", url=url, policy=POLICY, is_second=is_second)


@pytest.mark.parametrize("end", [END, None])
def test_trello_says_when_its_token_ends(sandbox: Sandbox, end: datetime | None) -> None:
    sandbox.trello.token_ends_at = end

    assert trello_end(sandbox) == end


def test_a_vendor_that_cannot_be_asked_hides_no_other_end() -> None:
    def refuse() -> datetime:
        raise PermanentError("Trello", "Refused.", code=ReasonCode.TRELLO_CREDENTIALS_REFUSED)

    found = Credentials(
        {"GITHUB_TOKEN": lambda: END, "TRELLO_TOKEN": refuse, "OTHER": lambda: None}
    ).look()

    assert found == {"GITHUB_TOKEN": int(END.timestamp())}


def test_a_running_service_looks_and_reports(
    start_service: StartService, sandbox: Sandbox, database_url: str
) -> None:
    sandbox.trello.token_ends_at = END
    service = start_service(SWEEP_EVERY_SECONDS="3600")

    with psycopg.connect(database_url, autocommit=True) as connection:
        # The first look is minutes away: let these have passed.
        wait_until(
            lambda: (
                connection.execute(
                    "UPDATE periodic_tasks SET begun_at = 'epoch' WHERE name = 'credentials'"
                ).rowcount
                == 1
            )
        )

    name = 'leavers_credential_end_timestamp_seconds{setting="TRELLO_TOKEN"}'
    wait_until(lambda: name in service.get("/metrics", token=None).text)
    (shown,) = (
        line.removeprefix(name)
        for line in service.get("/metrics", token=None).text.splitlines()
        if line.startswith(name)
    )
    assert float(shown) == END.timestamp()
