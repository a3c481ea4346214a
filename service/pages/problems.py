"""What went wrong, as a page: in plain words, with a way on."""

import logging
from urllib.parse import quote

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.pages.rendering import Renderer
from service.pages.visitors import ForeignForm, NotSignedIn, ReadsOnly

log = logging.getLogger(__name__)

START = ("/desk/needs-a-person", "Go to the leavers who need a person")
NOT_FOUND = "Page not found"


def answer_problems_with_pages(app: FastAPI, renderer: Renderer) -> None:
    """Give every problem a page of its own."""

    def page(request: Request, status: int, title: str, *sentences: str) -> Response:
        return renderer.page(
            request, "problem.html", status=status, title=title, sentences=sentences, link=START
        )

    @app.exception_handler(NotSignedIn)
    async def not_signed_in(request: Request, _: NotSignedIn) -> Response:
        wanted = request.url.path
        if request.method != "GET":
            wanted = wanted.rpartition("/")[0]
        elif request.url.query:
            wanted = f"{wanted}?{request.url.query}"
        return RedirectResponse(f"/desk/sign-in?next={quote(wanted)}", 303)

    @app.exception_handler(ReadsOnly)
    async def reads_only(request: Request, _: ReadsOnly) -> Response:
        return page(
            request,
            403,
            "You may look, but not answer",
            "Your operator token is for reading. Nothing was changed.",
            "Ask an operator whose token may answer.",
        )

    @app.exception_handler(ForeignForm)
    async def foreign_form(request: Request, _: ForeignForm) -> Response:
        return page(
            request,
            403,
            "The form could not be used",
            "You were signed out, or signed in anew, after the page was loaded.",
            "Nothing was changed.",
            "Open the page again and fill it in once more.",
        )

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        detail = "" if error.detail == "Not Found" else error.detail
        titles = {404: NOT_FOUND, 409: "This has changed meanwhile", 422: "Check what was sent"}
        title = titles.get(error.status_code, "This could not be done")
        sentence = detail or "If you typed the address, check that it is right."
        return page(request, error.status_code, title, sentence)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, _: RequestValidationError) -> Response:
        return page(request, 404, NOT_FOUND, "A ticket's number has digits only.")

    @app.exception_handler(psycopg.Error)
    async def no_database(request: Request, error: psycopg.Error) -> Response:
        log.warning("database failed", extra={"error": type(error).__name__})
        return page(
            request,
            503,
            "The service is not available for the moment",
            "The database does not answer. Try again in a minute.",
        )


def mistake_page(renderer: Renderer, request: Request) -> Response:
    """Say that the service itself is at fault."""
    return renderer.page(
        request,
        "problem.html",
        status=500,
        title="There is a problem with the service",
        sentences=["It met an error of its own; its log says where. Try again later."],
        link=START,
    )
