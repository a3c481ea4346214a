"""Who may call the operators' API: operators by their tokens, and what every such route answers."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.config.operator_tokens import Operator, operator_of
from service.web.context import Context
from service.web.schemas import ErrorResponse

NO_TOKEN = "Send your operator token: Authorization: Bearer TOKEN."  # noqa: S105 - no secret
NOBODYS = (
    "This is not the token of any operator: it may have been replaced. Ask the people who run this "
    "service, who set OPERATOR_TOKENS."
)
READS_ONLY = "Your token may only read and preview: ask an operator whose token may re-run."


_BEARER = HTTPBearer(auto_error=False, description="An operator's token")


async def signed_in(
    context: Context,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Operator:
    """Return the operator whose token came with a request.

    Raises:
        HTTPException: 401, if no operator has it.
    """
    found = operator_of(credentials.credentials, context.operators) if credentials else None
    if found is None:
        words = NOBODYS if credentials else NO_TOKEN
        raise HTTPException(401, words, headers={"WWW-Authenticate": "Bearer"})
    return found


SignedIn = Annotated[Operator, Depends(signed_in)]


# What every route may answer, besides what it is for.
_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorResponse, "description": "No valid operator token"},
    413: {"model": ErrorResponse, "description": "A body larger than 1 MiB"},
    422: {"model": ErrorResponse, "description": "Something in the request is not as it must be"},
    503: {"model": ErrorResponse, "description": "The database does not answer: try again"},
}


class _NotKept(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            response = await handle(request)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response

        return handled


def router_for_operators(*, prefix: str = "") -> APIRouter:
    """Return a router whose routes all need an operator, and refuse parameters unknown to them.

    No browser or proxy keeps what they answer: it names people.
    """
    return APIRouter(
        prefix=prefix,
        tags=["Operators"],
        route_class=_NotKept,
        dependencies=[Depends(signed_in), Depends(refuse_unknown_parameters)],
        responses=_REFUSALS,
    )


def refuse_unknown_parameters(request: Request) -> None:
    """Refuse a query parameter that the route does not know: a slip in a filter must not go unseen.

    Raises:
        HTTPException: naming the known ones.
    """
    known = [param.alias for param in request.scope["route"].dependant.query_params]
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        names = ", ".join(name[:50] for name in unknown)
        allowed = f"known are {', '.join(known)}" if known else "this address takes none"
        raise HTTPException(422, f"Unknown query parameter: {names}; {allowed}.")
