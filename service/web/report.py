"""The report on a period, for operators and auditors; see `service.domain.report`."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Query
from fastapi.responses import PlainTextResponse, Response

from service.domain.report import report_csv, report_json
from service.records.report import report_on
from service.web.context import Context
from service.web.moments import GivenDay
from service.web.operators import router_for_operators

_DAY = "YYYY-MM-DD"

router = router_for_operators()


@router.get(
    "/report",
    response_model=None,
    responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
)
def report(
    context: Context,
    first: Annotated[GivenDay, Query(alias="from", description=_DAY)],
    last: Annotated[GivenDay, Query(alias="to", description=f"{_DAY}; included")],
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> dict[str, Any] | Response:
    """Report on the leavers whose tickets came in a period; no leaver is named."""
    if first > last:
        raise HTTPException(422, "from: it is after to.")
    found = report_on(
        context.reports, first, last, head=context.chain.head(), now=datetime.now(UTC)
    )
    if form == "csv":
        return PlainTextResponse(report_csv(found), media_type="text/csv")
    return report_json(found)
