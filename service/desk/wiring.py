"""The pages as one application, to be mounted under ``/desk``."""

import logging
import secrets
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from service.bootstrap import Service
from service.config.rules import field_ids
from service.config.settings import Settings
from service.desk import (
    after_the_date,
    answer,
    confirm,
    failed,
    leaver,
    leavers,
    needs_a_person,
    open_pages,
    plan,
    pull_request,
    report,
    status,
)
from service.desk.connections import Connections
from service.desk.context import DeskContext
from service.desk.forms import Drafts, Forms
from service.desk.guard import Guard
from service.desk.links import Links, links_to_vendors
from service.desk.problems import ProblemPages, answer_problems_with_pages
from service.desk.rendering import Renderer
from service.desk.signing_in import sign_in, single_sign_on
from service.desk.signing_in.current_operator import Claim, CurrentOperator, SignInPolicy
from service.desk.signing_in.flows import Flows
from service.desk.signing_in.identity_provider import Client
from service.desk.signing_in.oidc import SingleSignOn
from service.desk.signing_in.sessions import LONGEST_SESSION, Sessions
from service.desk.signing_in.sign_in_limit import SignInLimit
from service.desk.words import TeamTime, Wording
from service.domain.drafts import Role
from service.records.after_date_page import AfterDatePage
from service.records.figures import FigureRecords
from service.records.history import HistoryChain
from service.records.report import ReportRecords
from service.records.search import LeaverSearch
from service.records.sessions import EndedSessions
from service.work.queue import DEAD_AFTER

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
PAGES = (
    open_pages,
    sign_in,
    needs_a_person,
    leavers,
    failed,
    leaver,
    answer,
    plan,
    confirm,
    pull_request,
    after_the_date,
    report,
    status,
)


def build_desk(service: Service, links: Links | None = None) -> FastAPI:
    """Build the operators' pages.

    Args:
        service: what they show.
        links: where their links lead; None for the vendors' own pages.
    """
    settings = service.settings
    if not (STATIC / "govuk").is_dir():
        log.warning("the pages have no style: run make install")
    # Without a secret of its own, a restart signs everybody out.
    given = settings.session_secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    policy = _sign_in_policy(settings)
    context = _context(service, secret, policy, links or links_to_vendors(settings))
    operators = CurrentOperator(settings.operator_tokens, policy, context.sessions.mark_of)
    # A redirect to an address without a slash at its end would name the host that was asked for.
    desk = FastAPI(openapi_url=None, redirect_slashes=False)
    problems = ProblemPages(context.renderer, secret)
    guard = Guard(
        context.sessions,
        context.ended_sessions,
        operators,
        problems=problems,
        way_out=context.single_sign_on.origins if context.single_sign_on else frozenset,
    )
    desk.middleware("http")(guard)
    desk.state.context = context
    for page in PAGES:
        desk.include_router(page.router)
    if context.single_sign_on:
        desk.include_router(single_sign_on.router)
    desk.mount("/static", StaticFiles(directory=STATIC))
    answer_problems_with_pages(desk, problems)
    return desk


def _context(service: Service, secret: str, policy: SignInPolicy, links: Links) -> DeskContext:
    settings = service.settings
    sessions = Sessions(secret)
    clock = TeamTime(settings.timezone)
    return DeskContext(
        intake=service.intake,
        records=service.records,
        search=LeaverSearch(service.database),
        after_date=AfterDatePage(service.database),
        reports=ReportRecords(service.database, timezone=settings.timezone),
        chain=HistoryChain(service.database),
        figures=FigureRecords(service.database, dead_after=DEAD_AFTER),
        connections=_connections(service),
        previews=service.previews,
        removals=service.removals,
        removal_shown=service.removal_shown,
        lists=service.lists,
        zendesk=service.vendors.zendesk,
        fields=field_ids(settings),
        operators=settings.operator_tokens,
        sessions=sessions,
        ended_sessions=EndedSessions(service.database, longest_session=LONGEST_SESSION),
        forms=Forms(sessions),
        drafts=Drafts(secret),
        sign_in_limit=SignInLimit(),
        single_sign_on=_single_sign_on(settings, policy),
        flows=Flows(secret),
        renderer=Renderer(sessions, clock, links, is_dry_run=settings.dry_run),
        wording=Wording(list_name=settings.trello_list_name, clock=clock),
        clock=clock,
    )


def _sign_in_policy(settings: Settings) -> SignInPolicy:
    name, _, value = (settings.oidc_allowed_claim or "").partition("=")
    claim = Claim(name=name, value=value) if name else None
    return SignInPolicy(emails=settings.oidc_allowed_emails, claim=claim)


def _single_sign_on(settings: Settings, policy: SignInPolicy) -> SingleSignOn | None:
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        scope=settings.oidc_scope,
    )
    return SingleSignOn(client, policy)


def _connections(service: Service) -> Connections:
    """Build the requests of the status page: each is really sent, whatever is kept of others."""
    vendors = service.vendors

    def zendesk() -> str:
        vendors.zendesk_account.me()
        return "It answers, and accepts the service's credentials."

    def github() -> str:
        people = sum(service.lists.read().people.values())
        return f"It answers, and the access lists name {people} people."

    def trello() -> str:
        cards = len(vendors.trello.open_cards())
        for role in Role:
            vendors.trello.template(role)
        return f"It answers; the board has {cards} open cards, and both templates are there."

    probes = {"Zendesk": zendesk, "GitHub": github, "Trello": trello}
    return Connections(probes, service.health)
