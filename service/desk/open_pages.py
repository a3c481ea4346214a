"""The pages that need nobody to be signed in, besides those that sign in."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.context import Context

router = APIRouter()


@router.get("/")
def start() -> Response:
    """Lead to the page that the desk opens with."""
    return RedirectResponse("/desk/needs-a-person", 303)


@router.get("/accessibility")
def accessibility(request: Request, context: Context) -> Response:
    """Show the accessibility statement."""
    return context.renderer.page(request, "accessibility.html")
