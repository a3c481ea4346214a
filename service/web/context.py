"""What the routes are built from, and how a route gets it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry

from service.config.operator_tokens import OperatorTokens
from service.guard.foreground import Foreground
from service.observability.tracing import Tracing
from service.records.database import AsyncPool
from service.records.history import HistoryChain
from service.records.intake import Intake
from service.records.queries import Records
from service.records.removals import RemovalRecords
from service.records.report import ReportRecords
from service.work.access_lists import AccessLists
from service.work.preview import Previews


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """Wired once, by `service.app`.

    Attributes:
        zone: days are those of this time zone.
        webhook_secrets: a webhook is genuine if one of them signed it.
        pool: the database as the event loop reaches it.
        registry: what Prometheus reads.
        is_working: whether the worker works; None if there should be none.
    """

    intake: Intake
    records: Records
    previews: Previews
    lists: AccessLists
    removals: RemovalRecords
    reports: ReportRecords
    chain: HistoryChain
    operators: OperatorTokens
    zone: ZoneInfo
    webhook_secrets: Sequence[str]
    now: Callable[[], datetime]
    tracing: Tracing
    foreground: Foreground
    pool: AsyncPool
    registry: CollectorRegistry
    is_working: Callable[[], bool] | None


async def web_context(request: Request) -> WebContext:
    """Return what the application of a request was built from."""
    context: WebContext = request.app.state.context
    return context


Context = Annotated[WebContext, Depends(web_context)]
