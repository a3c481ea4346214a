"""The three doors, opened onto a sandbox over real HTTP."""

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.github.user_reviewer import UserReviewer
from integrations.http.policy import Call, CallPolicy
from integrations.sandbox import Sandbox
from integrations.sandbox.samples import NON_TECH_TEMPLATE, TECH_TEMPLATE
from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.trello.client import Trello
from integrations.trello.requester import HeaderLogin
from integrations.zendesk.client import OAuthClient, Zendesk
from tests.integrations.relay import Relay

DUE = datetime(2026, 12, 18, 17, tzinfo=UTC)
TIMEOUT = 5.0


@dataclass
class Calls:
    """What the hooks of the policy were passed."""

    before: list[Call] = field(default_factory=list)
    after: list[tuple[Call, str]] = field(default_factory=list)

    def policy(self, timeout: float = TIMEOUT, **limits: Any) -> CallPolicy:
        """A policy that only watches."""
        return CallPolicy(
            timeout=timeout,
            before_call=self.before.append,
            after_call=lambda call, _seconds, outcome: self.after.append((call, outcome)),
            **limits,
        )

    @property
    def outcomes(self) -> list[str]:
        """What came of each request, in order."""
        return [outcome for _call, outcome in self.after]


@dataclass(frozen=True, kw_only=True)
class Doors:
    """All three, and what they did."""

    zendesk: Zendesk
    trello: Trello
    user_reviewer: UserReviewer
    calls: Calls


OpenDoors = Callable[..., Doors]


@pytest.fixture(scope="session")
def started_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started_sandbox: Sandbox) -> Sandbox:
    started_sandbox.reset()
    return started_sandbox


@pytest.fixture
def open_doors(sandbox: Sandbox) -> OpenDoors:
    """Build doors of one's own, with fresh connections."""

    def opened(
        *,
        timeout: float = TIMEOUT,
        policy: CallPolicy | None = None,
        login: OAuthClient | None = None,
        zendesk_url: str | None = None,
        trello_url: str | None = None,
        github_url: str | None = None,
        trello_token: str | None = None,
        github_token: str | None = None,
        list_name: str = "To do",
        board: str | None = None,
        repository: str | None = None,
        branch: str | None = "main",
        directory: str = "config",
        keep_seconds: float = 600.0,
    ) -> Doors:
        calls = Calls()
        policy = policy or calls.policy(timeout)
        return Doors(
            zendesk=Zendesk(
                login or oauth_client(sandbox),
                subdomain=sandbox.zendesk.subdomain,
                url=zendesk_url or sandbox.zendesk.url,
                policy=policy,
            ),
            trello=Trello(
                HeaderLogin(sandbox.trello.key, trello_token or sandbox.trello.token),
                url=trello_url or sandbox.trello.url,
                board=board or sandbox.trello.board.short_link,
                list_name=list_name,
                templates={"tech": TECH_TEMPLATE, "non_tech": NON_TECH_TEMPLATE},
                policy=policy,
                keep_seconds=keep_seconds,
            ),
            user_reviewer=UserReviewer(
                token=github_token or sandbox.github.token,
                url=github_url or sandbox.github.url,
                repository=repository or sandbox.github.repository,
                branch=branch,
                directory=directory,
                policy=policy,
            ),
            calls=calls,
        )

    return opened


@pytest.fixture
def doors(open_doors: OpenDoors) -> Doors:
    return open_doors()


@pytest.fixture
def leaver(sandbox: Sandbox) -> SandboxTicket:
    return sandbox.zendesk.add_ticket(
        subject="Leaver: Petra Privat", description="Name: Petra Privat\nLeaving: 18/12/2026"
    )


@pytest.fixture
def spotless(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> Callable[[Exception], None]:
    """Check that an error, its traceback and every log at DEBUG hold no secret and no body."""
    caplog.set_level(logging.DEBUG)

    def check(error: Exception) -> None:
        shown = "".join((*traceback.format_exception(error), repr(error), str(error), caplog.text))
        found = [word for word in forbidden_words(sandbox) if word in shown]
        assert (found, error.__cause__, error.__context__) == ([], None, None)

    return check


def may_write() -> None:
    """A lease that always holds."""


def oauth_client(sandbox: Sandbox) -> OAuthClient:
    access = sandbox.zendesk.access
    return OAuthClient(
        client_id=access.client_id, client_secret=access.client_secret, scope="read write"
    )


def forbidden_words(sandbox: Sandbox) -> list[str]:
    """Every secret, what vendors send in bad moments, and what the leaver's ticket says."""
    return [
        sandbox.zendesk.access.client_secret,
        sandbox.trello.key,
        sandbox.trello.token,
        sandbox.github.token,
        "Bearer ",
        "right back",
        "VENDOR-BODY",
        "Petra",
        "http://",
        "https://",
    ]


@pytest.fixture
def relay() -> Iterator[Callable[[str], Relay]]:
    made: list[Relay] = []

    def make(target: str) -> Relay:
        made.append(Relay(target))
        return made[-1]

    yield make
    for each in made:
        each.close()
