"""What went wrong, as a page: in plain words, with a way on.

A page that is the response to a form can't be shown again by the Back button. So a form that ends
in a problem leads on to an address of its own, which brings the problem's words, signed.
"""

from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.links import START as FIRST_PAGE
from service.desk.links import own_page
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


class ActionRefused(Exception):
    """Something can't be done about a leaver.

    Args:
        leaver: whose page the reader goes back to, if the ticket was ever seen.
        status: the HTTP status.
        sentence: what is wrong, in the reader's words.
    """

    def __init__(self, leaver: Leaver, *, status: int, sentence: str) -> None:
        super().__init__(leaver.ticket_id)
        self.ticket_id = leaver.ticket_id if leaver.version else None
        self.status = status
        self.sentence = sentence


START = ("/desk/needs-a-person", "Go to the leavers who need a person")
NOT_FOUND = "Page not found"
TITLES = {404: NOT_FOUND, 409: "This has changed", 422: "Check what was sent"}
CHECK_ADDRESS = "If you typed the address, check that it is right."
NO_NUMBER = (
    f"No ticket can have this number: it must be a whole number from 1 to {LARGEST_TICKET_ID:,}."
)
PATH = "/desk/problem"


class ProblemPages:
    """Makes a page of every problem.

    Args:
        renderer: see there.
        secret: signs what an address says, so that nobody else can say it here.
    """

    def __init__(self, renderer: Renderer, secret: str) -> None:
        self._renderer = renderer
        self._addresses = URLSafeSerializer(secret, salt="leavers problem")

    def answer(
        self,
        request: Request,
        status: int,
        title: str,
        *sentences: str,
        link: tuple[str, str] = START,
    ) -> Response:
        """Return the page; if a form was sent, lead on to it."""
        if request.method == "POST":
            said = self._addresses.dumps([status, title, sentences, link])
            return RedirectResponse(f"{PATH}?{urlencode({'said': said})}", 303)
        return self._renderer.page(
            request, "problem.html", status=status, title=title, sentences=sentences, link=link
        )

    def show(self, request: Request) -> Response:
        """Return the page that an address brings."""
        try:
            status, title, sentences, (href, name) = self._addresses.loads(
                request.query_params.get("said", "")
            )
        except BadSignature:
            return self.answer(request, 404, NOT_FOUND, CHECK_ADDRESS)
        return self.answer(request, status, title, *sentences, link=(href, name))

    def no_database(self, request: Request, error: DatabaseError) -> Response:
        """Say that the database is away."""
        DATABASE.failed(error)
        return self.answer(
            request,
            503,
            "The service is not available for now",
            "The database does not answer. Try again in a minute.",
            "No ticket is lost: Zendesk sends it again, and what was accepted is finished later.",
            link=(own_page(_page_of(request)), "Try again"),
        )

    def internal_error(self, request: Request) -> Response:
        """Say that the service itself is at fault."""
        return self.answer(
            request,
            500,
            "There is a problem with the service",
            "There was an internal error; the log says where. Try again later.",
        )


def answer_problems_with_pages(app: FastAPI, pages: ProblemPages) -> None:
    """Give every problem a page of its own."""
    app.add_api_route(PATH.removeprefix("/desk"), pages.show, response_model=None)
    _answer_leavers_problems(app, pages)

    @app.exception_handler(NotSignedIn)
    async def not_signed_in(request: Request, _: NotSignedIn) -> Response:
        return RedirectResponse(f"/desk/sign-in?next={quote(_page_of(request))}", 303)

    @app.exception_handler(ReadsOnly)
    async def reads_only(request: Request, _: ReadsOnly) -> Response:
        return pages.answer(
            request,
            403,
            "You may look, but not answer",
            "Your operator token is for reading. Nothing was changed.",
            "Ask an operator whose token may answer.",
            link=_way_back(request),
        )

    @app.exception_handler(ForeignForm)
    async def foreign_form(request: Request, _: ForeignForm) -> Response:
        return pages.answer(
            request,
            403,
            "The form could not be used",
            "You were signed out, or signed in again, after the page was loaded.",
            "Nothing was changed.",
            "Open the page again and fill it in once more.",
            link=_way_back(request),
        )

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        detail = "" if error.detail == "Not Found" else error.detail
        title = TITLES.get(error.status_code, "This could not be done")
        return pages.answer(
            request,
            error.status_code,
            title,
            detail or CHECK_ADDRESS,
            link=_way_back(request) if request.method == "POST" else START,
        )

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, _: RequestValidationError) -> Response:
        return pages.answer(request, 404, NOT_FOUND, NO_NUMBER)

    @app.exception_handler(DatabaseError)
    async def no_database(request: Request, error: DatabaseError) -> Response:
        return pages.no_database(request, error)


def _answer_leavers_problems(app: FastAPI, pages: ProblemPages) -> None:
    @app.exception_handler(ActionRefused)
    async def refused_for_leaver(request: Request, refusal: ActionRefused) -> Response:
        link = START
        if refusal.ticket_id:
            link = (f"/desk/leavers/{refusal.ticket_id}", "Go back to the leaver")
        title = "There is no such ticket" if refusal.status == 404 else TITLES[refusal.status]
        return pages.answer(request, refusal.status, title, refusal.sentence, link=link)

    @app.exception_handler(NeverSeen)
    async def never_seen(request: Request, unknown: NeverSeen) -> Response:
        ticket_id = unknown.ticket_id
        return pages.answer(
            request,
            404,
            f"Ticket {ticket_id} has not been received",
            "Zendesk has not sent it to the service. You can have it processed anyway.",
            link=(
                f"/desk/leavers/{ticket_id}/plan",
                f"See what would be done about ticket {ticket_id}",
            ),
        )


def _page_of(request: Request) -> str:
    """Return the address of a page that was asked for, or of the page that a form belongs to."""
    if request.method != "GET":
        return request.url.path.rpartition("/")[0]
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _way_back(request: Request) -> tuple[str, str]:
    page = own_page(_page_of(request))
    return START if page == FIRST_PAGE else (page, "Go back to the page")
