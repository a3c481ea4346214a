"""The web application: wired once, by constructor, and started with the event loop."""

import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.bootstrap import Service, build_service
from service.config.environment import or_exit, read_settings
from service.config.settings import Settings
from service.desk.links import Links
from service.desk.wiring import build_desk
from service.lifespan import running
from service.observability.logs import configure_logs
from service.observability.vendor_calls import REGISTRY
from service.records.history import HistoryChain
from service.records.report import ReportRecords
from service.web import api, health, removal, report, webhook
from service.web.context import WebContext
from service.web.errors import answer_errors_in_words
from service.web.front_door import BodyLimit, FrontDoor
from service.web.webhook import utc_now

ABOUT = "Turns a leaver ticket in Zendesk into a Trello card and a solved ticket."


def create_app(
    settings: Settings | None = None, *, works: bool = True, links: Links | None = None
) -> FastAPI:
    """Build the application.

    Args:
        settings: read from the environment if they are not given.
        works: whether jobs are run in this process too.
        links: where the pages' links lead; None for the vendors' own pages.
    """
    if settings is None:
        settings = or_exit(read_settings)
        configure_logs()
    service = build_service(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with running(service, works=works):
            yield

    app = FastAPIOffline(
        title="Leavers",
        description=ABOUT,
        version=version("leavers"),
        lifespan=lifespan,
        redoc_url=None,
        # The framework's own spans hold what was searched for, and errors: ours do not.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.state.context = _web_context(service, works=works)
    for module in (webhook, api, removal, report, health):
        app.include_router(module.router)
    app.add_middleware(BodyLimit)
    answer_errors_in_words(app)
    app.add_middleware(FrontDoor)
    if settings.forwarded_allow_ips:
        # Last, and so first: all others see the caller, and not the proxy.
        app.add_middleware(
            ProxyHeadersMiddleware,
            trusted_hosts=sorted(settings.forwarded_allow_ips),
        )
    app.mount("/desk", build_desk(service, links))

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/desk/")

    return app


def _web_context(service: Service, *, works: bool) -> WebContext:
    settings = service.settings
    return WebContext(
        intake=service.intake,
        records=service.records,
        previews=service.previews,
        lists=service.lists,
        removals=service.removals,
        reports=ReportRecords(service.database, timezone=settings.timezone),
        chain=HistoryChain(service.database),
        operators=settings.operator_tokens,
        zone=ZoneInfo(settings.timezone),
        webhook_secrets=settings.webhook_secrets,
        now=utc_now,
        tracing=service.tracing,
        foreground=service.foreground,
        pool=service.pool,
        registry=REGISTRY,
        is_working=(lambda: service.engine.is_working) if works else None,
    )
