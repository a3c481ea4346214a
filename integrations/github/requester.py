"""One request through PyGithub, under the policy of every call, read as one typed value."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from integrations.github.connection import GithubConnection
from integrations.http.failures import unreadable
from integrations.http.json_values import ODD_SHAPE
from integrations.http.session import Lease, VendorSession, quieten_libraries

if TYPE_CHECKING:
    from github import Github

T = TypeVar("T")

ORIGIN = "https://api.github.com"
_API_VERSION = "2022-11-28"


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubResponse:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.text)


class GithubRequester:
    """Sends requests with one token; safe to use from many threads.

    Args:
        session: sends under the policy.
        token: the credentials.
        lease: the right to write, looked at before each write; None if nothing is written.
    """

    def __init__(self, session: VendorSession, token: str, *, lease: Lease | None) -> None:
        self._lease = lease
        self._session = session
        self._token = token
        self._of_thread = threading.local()

    def ask(
        self,
        operation: str,
        path: str,
        *,
        read: Callable[[GithubResponse], T],
        method: str = "GET",
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        is_json: bool = True,
        is_write: bool | None = None,
    ) -> T:
        """Send one request and read the response; an odd one becomes one typed error.

        Args:
            operation: see `Call`.
            path: on GitHub's host, with its query.
            read: raises an `ODD_SHAPE` for a response that is not as documented.
            method: of HTTP.
            body: sent as JSON.
            headers: sent besides.
            is_json: whether a success that is not JSON counts as a failure.
            is_write: see `Call`; anything but a GET, unless this says otherwise.
        """
        is_write = method != "GET" if is_write is None else is_write
        lease = self._lease if is_write else None
        with self._session.calling(
            operation, lease=lease, changes_nothing=not is_write, is_json=is_json
        ) as call:
            try:
                status, replied, text = self._github().requester.requestJson(
                    method,
                    path,
                    headers=dict(headers or {}),
                    input=None if body is None else dict(body),
                    cnx=cast(Any, GithubConnection(self._session, ORIGIN)),
                )
                return read(GithubResponse(status=status, headers=replied, text=text))
            except ODD_SHAPE:
                pass  # Raised below, so that our error does not carry one that holds the response.
            raise unreadable(call)

    def _github(self) -> "Github":
        """Return this thread's own PyGithub: a shared one is not safe.

        The first call imports it: it takes longer to load than all of this service's own code,
        and nothing that is said to Zendesk needs it.
        """
        if not hasattr(self._of_thread, "github"):
            from github import Auth, Github  # noqa: PLC0415

            quieten_libraries()
            self._of_thread.github = Github(
                auth=Auth.Token(self._token),
                base_url=ORIGIN,
                api_version=_API_VERSION,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
        return cast("Github", self._of_thread.github)
