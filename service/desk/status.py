"""The status page: whether each vendor answers, and how the queue stands."""

from starlette.requests import Request
from starlette.responses import Response

from service.desk.context import Context
from service.desk.signing_in.current_operator import router_for_operators

router = router_for_operators()


@router.get("/status")
def status(request: Request, context: Context) -> Response:
    """Show whether each vendor answers, and how the queue stands."""
    return context.renderer.page(
        request,
        "status.html",
        connections=context.connections.look(),
        figures=context.figures.queue(),
        counts=context.search.counts(),
    )
