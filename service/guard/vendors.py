"""The ways to the three vendors: each call of the service goes through the guard."""

from dataclasses import dataclass
from datetime import datetime

from integrations.github.pull_requests import PullRequests
from integrations.github.repository_writer import RepositoryWriter
from integrations.github.token import token_ends_at
from integrations.github.user_reviewer import UserReviewer
from integrations.http.policy import Call, CallPolicy
from integrations.trello.account import TrelloAccount
from integrations.trello.client import Trello
from integrations.zendesk.account import ZendeskAccount
from integrations.zendesk.admin import ZendeskAdmin
from integrations.zendesk.client import Zendesk
from service.config.logins import admin_login, trello_login, zendesk_login
from service.config.rules import templates
from service.config.settings import Settings, SetupSettings, ZendeskSettings
from service.guard.call_guard import CallGuard
from service.guard.shutdown import Shutdown
from service.observability.tracing import Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """The ways to the three vendors, and how they are called.

    Attributes:
        zendesk: tickets.
        zendesk_account: what the account is like, for `leavers check`.
        trello: the board's cards.
        trello_account: what the account and its token may do.
        reviewer: the access lists.
        pulls: pull requests, with the second token; None if none are opened.
        policy: how every call is made.
        second_policy: how those with GitHub's second token are.
    """

    zendesk: Zendesk
    zendesk_account: ZendeskAccount
    trello: Trello
    trello_account: TrelloAccount
    reviewer: UserReviewer
    pulls: PullRequests | None
    policy: CallPolicy
    second_policy: CallPolicy


def build_vendors(settings: Settings, guard: CallGuard, tracing: Tracing) -> Vendors:
    """Build the ways to the vendors."""
    policy = _policy(settings, guard, tracing)
    second_policy = _policy(settings, guard.for_second_token(), tracing)
    trello = trello_login(settings)
    return Vendors(
        policy=policy,
        second_policy=second_policy,
        zendesk=Zendesk(
            zendesk_login(settings),
            subdomain=settings.zendesk_subdomain,
            url=settings.zendesk_url,
            policy=policy,
        ),
        zendesk_account=_zendesk_account(settings, policy),
        trello=Trello(
            trello,
            url=settings.trello_url,
            board=settings.trello_board_id,
            list_name=settings.trello_list_name,
            templates=templates(settings),
            policy=policy,
        ),
        trello_account=TrelloAccount(
            trello, url=settings.trello_url, board=settings.trello_board_id, policy=policy
        ),
        reviewer=UserReviewer(
            token=settings.github_token.get_secret_value(),
            url=settings.github_url,
            repository=settings.user_reviewer_repository,
            branch=settings.user_reviewer_branch,
            directory=settings.user_reviewer_directory,
            policy=policy,
        ),
        pulls=_pull_requests(settings, second_policy),
    )


def _policy(settings: Settings, guard: CallGuard, tracing: Tracing) -> CallPolicy:
    """Return how the calls are made that a guard stands before."""

    def after_call(call: Call, seconds: float, outcome: str) -> None:
        guard.after_call(call, seconds, outcome)
        tracing.call(call, seconds, outcome)

    return CallPolicy(
        timeout=settings.request_timeout_seconds,
        before_call=guard.before_call,
        after_call=after_call,
        after_response=guard.after_response,
    )


def read_only_vendors(settings: Settings) -> Vendors:
    """Build the ways to the vendors for a command that only looks: no write is let through."""
    return build_vendors(
        settings, CallGuard(Shutdown(), limiter=None, breaker=None, is_dry_run=True), Tracing()
    )


def github_token_ends_at(settings: Settings, vendors: Vendors) -> datetime | None:
    """Return when the token ends that reads the lists; see `token_ends_at`."""
    token = settings.github_token.get_secret_value()
    return token_ends_at(token, url=settings.github_url, policy=vendors.policy)


def second_token_ends_at(settings: Settings, vendors: Vendors) -> datetime | None:
    """Return when the token of the pull requests ends; see `token_ends_at`."""
    token = settings.github_pull_request_token
    assert token  # noqa: S101 - the settings saw to it
    return token_ends_at(
        token.get_secret_value(),
        url=settings.github_url,
        policy=vendors.second_policy,
        is_second=True,
    )


def setup_vendors(settings: SetupSettings) -> tuple[ZendeskAccount, ZendeskAdmin]:
    """Build the ways to Zendesk for its set-up: as the service, and as an administrator."""
    # These few calls of a person at the shell are not paced, and belong to no run.
    policy = CallPolicy(
        timeout=settings.request_timeout_seconds,
        before_call=lambda _: None,
        after_call=lambda *_: None,
    )
    admin = ZendeskAdmin(
        admin_login(settings),
        subdomain=settings.zendesk_subdomain,
        url=settings.zendesk_url,
        policy=policy,
    )
    return _zendesk_account(settings, policy), admin


def _zendesk_account(settings: ZendeskSettings, policy: CallPolicy) -> ZendeskAccount:
    """Build the way to what the Zendesk account is like."""
    return ZendeskAccount(
        zendesk_login(settings),
        subdomain=settings.zendesk_subdomain,
        url=settings.zendesk_url,
        policy=policy,
    )


def _pull_requests(settings: Settings, policy: CallPolicy) -> PullRequests | None:
    """Build the way to GitHub that writes; None if no pull requests are wanted."""
    token = settings.github_pull_request_token
    if not settings.removal_pull_requests or token is None:
        return None
    return PullRequests(
        RepositoryWriter(
            token=token.get_secret_value(),
            url=settings.github_url,
            repository=settings.user_reviewer_repository,
            branch=settings.user_reviewer_branch,
            policy=policy,
        )
    )
