"""One repository of GitHub, with a token that may write: where requests go, and the right to."""

import copy
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from integrations.github.pull_request_errors import explain, graphql_failure
from integrations.github.requester import ORIGIN, GithubRequester, GithubResponse
from integrations.http.json_values import text
from integrations.http.policy import Call, CallPolicy, Lease
from integrations.http.session import Vendor, VendorSession, quieten_libraries
from integrations.http.ttl_cache import TtlCache
from service.domain.errors import OutsideError

T = TypeVar("T")

_KEEP = 600.0


class RepositoryWriter:
    """Sends requests about one repository; safe to use from many threads.

    Attributes:
        full_name: ``owner/name``.
    """

    def __init__(
        self,
        *,
        token: str,
        url: str,
        repository: str,
        branch: str | None,
        policy: CallPolicy,
        lease: Lease | None = None,
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            token: may write the repository's contents and pull requests.
            url: where requests are really sent.
            repository: ``owner/name``.
            branch: the base; None for the repository's default branch.
            policy: how every call is made.
            lease: see `integrations.http.policy.Call`; None to read alone, see `leased`.
        """
        quieten_libraries()
        vendor = Vendor(system="GitHub", origin=ORIGIN, url=url, explain=explain)
        self._session = VendorSession(vendor, policy)
        self._token = token
        self._requester = GithubRequester(self._session, token, lease=lease)
        self._lease = lease
        self.full_name = repository
        self._path = f"/repos/{quote(repository)}"
        self._branch = branch
        self._default_branch = TtlCache[str](_KEEP)
        self._own_user = TtlCache[int](_KEEP)

    def leased(self, lease: Lease) -> "RepositoryWriter":
        """Return the same with the right to write, which is looked at before each write."""
        one = copy.copy(self)
        one._lease = lease  # noqa: SLF001 - its own copy
        one._requester = GithubRequester(self._session, self._token, lease=lease)  # noqa: SLF001
        return one

    def ask(
        self, operation: str, path: str, *, read: Callable[[GithubResponse], T], **options: Any
    ) -> T:
        """Send one request below the repository's address; see `GithubRequester.ask`."""
        return self._requester.ask(operation, f"{self._path}{path}", read=read, **options)

    def ask_graphql(
        self, operation: str, query: str, node_id: str, *, is_write: bool = True
    ) -> Any:
        """Ask GraphQL about one node; its errors come with status 200."""
        failures: list[OutsideError] = []
        call = Call(system="GitHub", operation=operation, lease=self._lease if is_write else None)

        def read(response: GithubResponse) -> Any:
            said = response.json()
            if said.get("errors"):
                failures.append(graphql_failure(said["errors"], call))
                return None
            return said["data"]

        data = self._requester.ask(
            operation,
            "/graphql",
            method="POST",
            body={"query": query, "variables": {"id": node_id}},
            read=read,
            is_write=is_write,
        )
        if failures:
            raise failures[0]
        return data

    def base(self) -> str:
        """Return the branch that a pull request is to be merged into."""
        return self._branch or self._default_branch.get(self._look_up_default_branch)

    def forget_base(self) -> bool:
        """Look the default branch up again next time; False if the base is another one."""
        self._default_branch.forget()
        return self._branch is None

    def own_user(self) -> int:
        """Return the number of the token's user."""
        return self._own_user.get(
            lambda: self._requester.ask(
                "look at the own user", "/user", read=lambda response: int(response.json()["id"])
            )
        )

    def close(self) -> None:
        """Close all kept connections."""
        self._session.close()

    def _look_up_default_branch(self) -> str:
        return self.ask(
            "look up the default branch",
            "",
            read=lambda response: text(response.json()["default_branch"]),
        )
