"""The pages about the service itself: its status, and its accessibility statement."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.desk.parts import Parts


def about_router(parts: Parts) -> APIRouter:
    """Build the routes."""
    router = APIRouter()

    @router.get("/status")
    def status(request: Request) -> Response:
        parts.visitors.of_request(request)
        return parts.renderer.page(
            request,
            "status.html",
            connections=parts.connections.look(),
            figures=parts.figures.read(),
            counts=parts.search.counts(),
        )

    @router.get("/accessibility")
    def accessibility(request: Request) -> Response:
        return parts.renderer.page(request, "accessibility.html")

    return router
