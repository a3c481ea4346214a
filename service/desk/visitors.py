"""Whom the pages are shown to: signed-in operators, with what each may do."""

from collections.abc import Callable

from starlette.requests import Request

from service.config.operator_tokens import Operator, OperatorTokens
from service.desk.admission import Admitted, SignInPolicy
from service.desk.sessions import Session


class NotSignedIn(Exception):
    """The page is for operators who are signed in."""


class ReadsOnly(Exception):
    """The operator may look, and not answer."""


class ForeignForm(Exception):
    """The form was not made for this session: it is too old, or another site made it."""


class CurrentOperator:
    """Knows the operators as they are now: one who was taken off the list is signed out.

    Args:
        operators: those with tokens.
        admission: of those who come by single sign-on.
        mark_of: gives what a session knows a token by, from the token's digest.
    """

    def __init__(
        self, operators: OperatorTokens, admission: SignInPolicy, mark_of: Callable[[bytes], str]
    ) -> None:
        self._operators = {mark_of(digest): operator for digest, operator in operators.items()}
        self._admission = admission

    def of_session(self, session: Session) -> Operator | None:
        """Return the operator who is signed in, or None."""
        if session.way == "sso":
            admitted = Admitted(name=session.name, claim=session.claim)
            return Operator(session.name) if self._admission.still_admits(admitted) else None
        if session.way == "token":
            # The very token: one that was replaced opens nothing any more.
            operator = self._operators.get(session.claim)
            return operator if operator and operator.name == session.name else None
        return None

    def of_request(self, request: Request) -> Operator:
        """Return the operator who is signed in.

        Raises:
            NotSignedIn: nobody is.
        """
        operator: Operator | None = request.state.operator
        if operator is None:
            raise NotSignedIn
        return operator
