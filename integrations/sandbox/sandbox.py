"""The whole sandbox: three vendors over HTTP, faults, recorded requests, and a PostgreSQL."""

from types import TracebackType

from integrations.sandbox import samples
from integrations.sandbox.clock import Clock
from integrations.sandbox.console import Console
from integrations.sandbox.fault_rules import Faults
from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_api import GithubApi
from integrations.sandbox.limits import GithubLimits, TrelloLimits, ZendeskLimits
from integrations.sandbox.postgres import Postgres
from integrations.sandbox.requests_log import RecordedRequest, RequestLog
from integrations.sandbox.server import Vendor, VendorServer
from integrations.sandbox.trello import SandboxTrello
from integrations.sandbox.trello_api import TrelloApi
from integrations.sandbox.zendesk import DATE_FIELD, EMAIL_FIELD, NAME_FIELD, SandboxZendesk
from integrations.sandbox.zendesk_api import ZendeskApi

OPERATORS = {"alice": "sandbox-token-of-alice-0001", "bob": "sandbox-token-of-bob-00000002"}


class Limits:
    """The rate limits of all three vendors; see each for its numbers."""

    def __init__(self, clock: Clock) -> None:
        self.zendesk = ZendeskLimits(clock)
        self.trello = TrelloLimits(clock)
        self.github = GithubLimits(clock)

    def restore(self) -> None:
        """Go back to the vendors' own limits, not enforced."""
        for one in (self.zendesk, self.trello, self.github):
            one.restore()

    def enforce(self, *, on: bool = True) -> None:
        """Enforce all limits from now on, or none."""
        for one in (self.zendesk, self.trello, self.github):
            one.reset()
            one.enforced = on


class Sandbox:
    """Zendesk, GitHub and Trello on ports of their own, with the sample board and lists.

    Use it as a context manager, or call `start` and `stop`.

    Args:
        postgres: whether a throwaway PostgreSQL is started, too.
        postgres_tcp: whether it listens on 127.0.0.1, for users who can't reach its socket.
        ports: of Zendesk, GitHub and Trello; 0 for any free one.
        host: the address on which the vendors listen.
    """

    def __init__(
        self,
        *,
        postgres: bool = False,
        postgres_tcp: bool = False,
        ports: tuple[int, int, int] = (0, 0, 0),
        host: str = "127.0.0.1",
    ) -> None:
        self.clock = Clock()
        self.faults = Faults()
        self.log = RequestLog()
        self.limits = Limits(self.clock)
        self.zendesk = SandboxZendesk(self.clock)
        self.github = SandboxGithub(self.clock)
        self.trello = SandboxTrello(self.clock)
        self.postgres = Postgres(tcp=postgres_tcp) if postgres else None
        self._database_url = ""
        self._host = host
        self._ports = ports
        self._servers: list[VendorServer] = []

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Put the samples in place, and listen."""
        self.reset()
        console = Console(self)
        vendors: tuple[tuple[str, SandboxZendesk | SandboxGithub | SandboxTrello, Vendor], ...] = (
            ("zendesk", self.zendesk, ZendeskApi(self.zendesk, self.limits.zendesk)),
            ("github", self.github, GithubApi(self.github, self.limits.github)),
            ("trello", self.trello, TrelloApi(self.trello, self.limits.trello)),
        )
        for (name, state, vendor), port in zip(vendors, self._ports, strict=True):
            server = VendorServer(
                name,
                vendor=vendor,
                console=console,
                clock=self.clock,
                faults=self.faults,
                log=self.log,
                port=port,
                host=self._host,
            )
            server.start()
            self._servers.append(server)
            state.url = f"http://127.0.0.1:{server.port}"
        if self.postgres:
            self.postgres.start()
            self._database_url = self.postgres.create_database("leavers")

    def stop(self) -> None:
        """Stop listening, and stop the PostgreSQL."""
        for server in self._servers:
            server.stop()
        self._servers.clear()
        if self.postgres:
            self.postgres.close()

    def reset(self) -> None:
        """Go back to the start: the samples, no tickets, no faults, no limits, no requests."""
        for server in self._servers:
            server.abandon()
        self.faults.clear()
        self.clock.reset()
        self.limits.restore()
        self.zendesk.reset()
        self.github.reset()
        self.trello.reset()
        samples.fill_board(self.trello)
        samples.fill_repository(self.github)
        self.log.clear()

    def settings(self) -> dict[str, str]:
        """Return the environment variables that connect a service to this sandbox."""
        settings = {
            "ZENDESK_SUBDOMAIN": self.zendesk.subdomain,
            "ZENDESK_CLIENT_ID": self.zendesk.access.client_id,
            "ZENDESK_CLIENT_SECRET": self.zendesk.access.client_secret,
            "ZENDESK_WEBHOOK_SECRET": self.zendesk.webhook_secret,
            "ZENDESK_URL": self.zendesk.url,
            "ZENDESK_NAME_FIELD_ID": str(NAME_FIELD),
            "ZENDESK_EMAIL_FIELD_ID": str(EMAIL_FIELD),
            "ZENDESK_LEAVING_DATE_FIELD_ID": str(DATE_FIELD),
            "GITHUB_TOKEN": self.github.token,
            "GITHUB_URL": self.github.url,
            "TRELLO_API_KEY": self.trello.key,
            "TRELLO_TOKEN": self.trello.token,
            "TRELLO_URL": self.trello.url,
            "TRELLO_BOARD_ID": self.trello.board.short_link,
            "OPERATOR_TOKENS": ",".join(f"{name}={token}" for name, token in OPERATORS.items()),
        }
        if self._database_url:
            settings["DATABASE_URL"] = self._database_url
        return settings

    def admin_settings(self) -> dict[str, str]:
        """Return the environment variables that let an administrator set up this Zendesk."""
        access = self.zendesk.access
        return {
            "ZENDESK_ADMIN_CLIENT_ID": access.admin_client_id,
            "ZENDESK_ADMIN_CLIENT_SECRET": access.admin_client_secret,
        }

    def requests(self, vendor: str | None = None) -> list[RecordedRequest]:
        """Return the requests to all vendors, or to one, oldest first."""
        return self.log.all(vendor)

    def clear_requests(self) -> None:
        """Forget the recorded requests."""
        self.log.clear()
