"""What went wrong, as a page: in plain words, with a way on."""

import logging
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.rendering import Renderer
from service.desk.signing_in.current_operator import ForeignForm, NotSignedIn, ReadsOnly
from service.domain.ticket import LARGEST_TICKET_ID
from service.observability.outages import DATABASE
from service.records.database import DatabaseError
from service.records.leaver import Leaver


class NeverSeen(Exception):
    """The ticket has never come here: it may be looked up all the same.

    Args:
        ticket_id: whose leaver was asked for.
    """

    def __init__(self, ticket_id: int) -> None:
        super().__init__(ticket_id)
        self.ticket_id = ticket_id


class Refused(Exception):
    """Something can't be done about a leaver.

    Args:
        leaver: whose page the reader goes back to, where the ticket was ever seen.
        status: the HTTP status.
        sentence: what is wrong, in the reader's words.
    """

    def __init__(self, leaver: Leaver, *, status: int, sentence: str) -> None:
        super().__init__(leaver.ticket_id)
        self.ticket_id = leaver.ticket_id if leaver.version else None
        self.status = status
        self.sentence = sentence


log = logging.getLogger(__name__)

START = ("/desk/needs-a-person", "Go to the leavers who need a person")
NOT_FOUND = "Page not found"
TITLES = {404: NOT_FOUND, 409: "This has changed", 422: "Check what was sent"}
NO_NUMBER = (
    f"No ticket can have this number: it must be a whole number from 1 to {LARGEST_TICKET_ID:,}."
)


def answer_problems_with_pages(app: FastAPI, renderer: Renderer) -> None:
    """Give every problem a page of its own."""
    page = partial(_page, renderer)
    _answer_leavers_problems(app, page)

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
            "You were signed out, or signed in again, after the page was loaded.",
            "Nothing was changed.",
            "Open the page again and fill it in once more.",
        )

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        detail = "" if error.detail == "Not Found" else error.detail
        title = TITLES.get(error.status_code, "This could not be done")
        sentence = detail or "If you typed the address, check that it is right."
        return page(request, error.status_code, title, sentence)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, _: RequestValidationError) -> Response:
        return page(request, 404, NOT_FOUND, NO_NUMBER)

    @app.exception_handler(DatabaseError)
    async def no_database(request: Request, error: DatabaseError) -> Response:
        return no_database_page(renderer, request, error)


def _answer_leavers_problems(app: FastAPI, page: Callable[..., Response]) -> None:
    @app.exception_handler(Refused)
    async def refused_for_leaver(request: Request, refusal: Refused) -> Response:
        link = START
        if refusal.ticket_id:
            link = (f"/desk/leavers/{refusal.ticket_id}", "Go back to the leaver")
        title = "There is no such ticket" if refusal.status == 404 else TITLES[refusal.status]
        return page(request, refusal.status, title, refusal.sentence, link=link)

    @app.exception_handler(NeverSeen)
    async def never_seen(request: Request, unknown: NeverSeen) -> Response:
        ticket_id = unknown.ticket_id
        return page(
            request,
            404,
            f"Ticket {ticket_id} has not been received",
            "Zendesk has not sent it to the service. You can have it processed anyway.",
            link=(
                f"/desk/leavers/{ticket_id}/plan",
                f"See what would be done about ticket {ticket_id}",
            ),
        )


def _page(
    renderer: Renderer,
    request: Request,
    status: int,
    title: str,
    *sentences: str,
    link: tuple[str, str] = START,
) -> Response:
    return renderer.page(
        request, "problem.html", status=status, title=title, sentences=sentences, link=link
    )


def no_database_page(renderer: Renderer, request: Request, error: DatabaseError) -> Response:
    """Say that the database is away."""
    DATABASE.failed(error)
    return _page(
        renderer,
        request,
        503,
        "The service is not available for now",
        "The database does not answer. Try again in a minute.",
    )


def internal_error_page(renderer: Renderer, request: Request) -> Response:
    """Say that the service itself is at fault."""
    return renderer.page(
        request,
        "problem.html",
        status=500,
        title="There is a problem with the service",
        sentences=["There was an internal error; the log says where. Try again later."],
        link=START,
    )
