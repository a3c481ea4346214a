"""A sandbox, and plain HTTP clients with its credentials."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from integrations.sandbox import Sandbox


@dataclass(frozen=True)
class Client:
    """Requests to one vendor; redirects are not followed."""

    base: str
    session: requests.Session
    prefix: str = ""

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request and give back whatever comes."""
        return self.session.request(
            method,
            f"{self.base}{self.prefix}{path}",
            timeout=options.pop("timeout", 10),
            allow_redirects=False,
            **options,
        )

    def get(self, path: str, **query: Any) -> requests.Response:
        """GET with a query."""
        return self.call("GET", path, params=query)

    def put(self, path: str, body: Any) -> requests.Response:
        """PUT some JSON."""
        return self.call("PUT", path, json=body)

    def post(self, path: str, body: Any) -> requests.Response:
        """POST some JSON."""
        return self.call("POST", path, json=body)


@pytest.fixture(scope="session")
def started_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started_sandbox: Sandbox) -> Sandbox:
    started_sandbox.reset()
    return started_sandbox


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def zendesk(sandbox: Sandbox, session: requests.Session) -> Client:
    """A client with a fresh access token, whose fetching is not recorded."""
    answer = session.post(f"{sandbox.zendesk.url}/oauth/tokens", json=token_request(sandbox))
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    sandbox.clear_requests()
    return Client(sandbox.zendesk.url, session, "/api/v2")


@pytest.fixture
def trello(sandbox: Sandbox, session: requests.Session) -> Client:
    session.headers["Authorization"] = (
        f'OAuth oauth_consumer_key="{sandbox.trello.key}", oauth_token="{sandbox.trello.token}"'
    )
    return Client(sandbox.trello.url, session, "/1")


@pytest.fixture
def github(sandbox: Sandbox, session: requests.Session) -> Client:
    session.headers["Authorization"] = f"Bearer {sandbox.github.token}"
    return Client(sandbox.github.url, session, f"/repos/{sandbox.github.repository}")


@pytest.fixture
def writer(sandbox: Sandbox) -> Iterator[Client]:
    """A client with the second token, which opens pull requests."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {sandbox.github.pull_request_token}"
        yield Client(sandbox.github.url, session, f"/repos/{sandbox.github.repository}")


@pytest.fixture
def control(sandbox: Sandbox, session: requests.Session) -> Client:
    return Client(sandbox.zendesk.url, session, "/_sandbox")


def token_request(sandbox: Sandbox, **changes: str) -> dict[str, str]:
    """What a service sends for an access token."""
    access = sandbox.zendesk.access
    return {
        "grant_type": "client_credentials",
        "client_id": access.client_id,
        "client_secret": access.client_secret,
        "scope": "read write",
        **changes,
    }
