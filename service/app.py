"""The web application: wired once, by constructor, and started with the event loop."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from importlib.metadata import version

import psycopg
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from service.attempts import where
from service.database import ensure_schema
from service.health import health_router
from service.logs import configure_logs
from service.metrics import REGISTRY, LeaverCollector
from service.operators import operators_router, signed_in
from service.settings import Settings, read_settings
from service.webhook import utc_now, webhook_router
from service.wiring import Service, build_service

log = logging.getLogger(__name__)

ABOUT = "Turns a leaver ticket in Zendesk into a Trello card and a solved ticket."


def create_app(settings: Settings | None = None, *, works: bool = True) -> FastAPI:
    """Build the application.

    Args:
        settings: read from the environment where they are not given.
        works: whether jobs are run in this process too.
    """
    if settings is None:
        settings = read_settings()
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
    )
    app.include_router(webhook_router(service.acceptance, settings.webhook_secrets, now=utc_now))
    app.include_router(
        operators_router(
            acceptance=service.acceptance,
            records=service.records,
            previews=service.previews,
            lists=service.lists,
            operator=signed_in(settings.operator_tokens),
        )
    )
    app.include_router(
        health_router(
            service.pool, REGISTRY, is_working=lambda: service.engine.is_working or not works
        )
    )
    _answer_errors_in_words(app)

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/docs")

    return app


@contextlib.asynccontextmanager
async def running(service: Service, *, works: bool) -> AsyncIterator[None]:
    """Connect everything, run jobs where that is wanted, and end in good order."""
    await run_in_threadpool(ensure_schema, service.settings.database_url.get_secret_value())
    service.database.open()
    await service.pool.open()
    await service.engine.open()
    collector = LeaverCollector(service.database)
    REGISTRY.register(collector)
    worker = asyncio.create_task(service.engine.work()) if works else None
    try:
        yield
    finally:
        service.stop.set()
        if worker:
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker
        REGISTRY.unregister(collector)
        await service.pool.close()
        await run_in_threadpool(service.database.close)


def _answer_errors_in_words(app: FastAPI) -> None:
    """Give every error the one shape that the contract names."""

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'][1:]) or 'the body'}: {problem['msg']}"
            for problem in error.errors()
        )
        return JSONResponse({"detail": f"Mend the request: {problems}."}, 422)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        detail = (
            "There is nothing at this address." if error.detail == "Not Found" else error.detail
        )
        return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)

    @app.exception_handler(psycopg.Error)
    async def no_database(_: Request, error: psycopg.Error) -> JSONResponse:
        log.warning("database failed", extra={"error": type(error).__name__})
        return JSONResponse(
            {"detail": "The database does not answer: try again in a minute."},
            503,
            headers={"Retry-After": "30"},
        )

    @app.exception_handler(Exception)
    async def mistake(_: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", extra={"error": where(error)})
        return JSONResponse(
            {"detail": "The service met an error of its own; its log says where."}, 500
        )
