"""The report on a period, for operators and auditors; see `service.domain.report`."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import PlainTextResponse, Response

from service.domain.report import report_csv, report_json
from service.records.history import HistoryChain
from service.records.report import ReportRecords, report_on
from service.web.operators import Signed, router_for_operators

_DAY = "YYYY-MM-DD"


def report_router(records: ReportRecords, chain: HistoryChain, *, operator: Signed) -> APIRouter:
    """Build the route of the report."""
    router = router_for_operators(operator)

    @router.get(
        "/report",
        response_model=None,
        responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
    )
    def report(
        first: Annotated[date, Query(alias="from", description=_DAY)],
        last: Annotated[date, Query(alias="to", description=f"{_DAY}; included")],
        form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
    ) -> dict[str, Any] | Response:
        """Report on the leavers whose tickets came in a period; no leaver is named."""
        if first > last:
            raise HTTPException(422, "from: it is after to.")
        found = report_on(records, first, last, head=chain.head(), now=datetime.now(UTC))
        if form == "csv":
            return PlainTextResponse(report_csv(found), media_type="text/csv")
        return report_json(found)

    return router
