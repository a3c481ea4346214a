"""Whether the service lives, whether it is ready, and its metrics: open to all."""

import asyncio
import logging

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from service.observability.outages import DATABASE
from service.records.database import AsyncPool, DatabaseError, ask
from service.web.context import Context

log = logging.getLogger(__name__)

# Kubernetes and load balancers ask every few seconds, and wait for about as long.
ANSWER_WITHIN = 3.0


class ReadyResponse(BaseModel):
    """What was looked at."""

    status: str
    checks: dict[str, str]


class NotReadyResponse(ReadyResponse):
    """What was looked at, and which of it fails."""

    detail: str


router = APIRouter(tags=["Health"])


@router.get("/healthcheck/live")
async def live() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@router.get(
    "/healthcheck/ready",
    responses={
        200: {"model": ReadyResponse},
        503: {"model": NotReadyResponse, "description": "The failing check named"},
    },
)
async def ready(context: Context) -> JSONResponse:
    """Look at the database and, if there should be one, the worker; never at the vendors."""
    checks = {"database": await _database_answers(context.pool)}
    if context.is_working:
        checks["worker"] = context.is_working()
    failing = sorted(name for name, is_well in checks.items() if not is_well)
    body = {
        "status": "failing" if failing else "ok",
        "checks": {name: "ok" if is_well else "failing" for name, is_well in checks.items()},
    }
    if failing:
        body["detail"] = f"Not ready: {' and '.join(failing)} failing."
    return JSONResponse(body, status_code=503 if failing else 200)


@router.get("/metrics", include_in_schema=False)
def metrics(context: Context) -> Response:
    """Give the figures in Prometheus's text form."""
    return Response(generate_latest(context.registry), media_type=CONTENT_TYPE_LATEST)


async def _database_answers(pool: AsyncPool) -> bool:
    """Ask the database; one that hangs fails the check after some seconds."""
    asking = asyncio.ensure_future(_ask(pool))
    done, _ = await asyncio.wait({asking}, timeout=ANSWER_WITHIN)
    return bool(done) and asking.result()


async def _ask(pool: AsyncPool) -> bool:
    try:
        await ask(pool)
    except DatabaseError as error:
        DATABASE.failed(error)
        return False
    DATABASE.recovered()
    return True
