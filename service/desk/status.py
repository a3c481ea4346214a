"""The status page: whether each vendor answers, and how the queue stands."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.desk.context import Context

router = APIRouter()


@router.get("/status")
def status(request: Request, context: Context) -> Response:
    """Show whether each vendor answers, and how the queue stands."""
    context.visitors.of_request(request)
    return context.renderer.page(
        request,
        "status.html",
        connections=context.connections.look(),
        figures=context.figures.queue(),
        counts=context.search.counts(),
    )


@router.get("/accessibility")
def accessibility(request: Request, context: Context) -> Response:
    """Show the accessibility statement."""
    return context.renderer.page(request, "accessibility.html")
