"""Whom the pages are shown to: signed-in operators, with what each may do."""

from collections.abc import Iterable

from starlette.requests import Request

from service.operator_tokens import Operator
from service.pages.admission import Admission, Admitted
from service.pages.sessions import Session


class NotSignedIn(Exception):
    """The page is for operators who are signed in."""


class ReadsOnly(Exception):
    """The operator may look, and not answer."""


class ForeignForm(Exception):
    """The form was not made for this session: it is too old, or another site made it."""


class Visitors:
    """Knows the operators as they are now: one who was taken off the list is signed out.

    Args:
        operators: those with tokens.
        admission: of those who come by single sign-on.
    """

    def __init__(self, operators: Iterable[Operator], admission: Admission) -> None:
        self._operators: dict[str, Operator] = {}
        for operator in operators:
            # One name may have several tokens; the weakest right counts for its pages.
            known = self._operators.get(operator.name)
            if known is None or operator.is_read_only:
                self._operators[operator.name] = operator
        self._admission = admission

    def of_session(self, session: Session) -> Operator | None:
        """Return the operator who is signed in, or None."""
        if session.way == "sso":
            admitted = Admitted(name=session.name, claim=session.claim)
            return Operator(session.name) if self._admission.still_admits(admitted) else None
        return self._operators.get(session.name) if session.way == "token" else None

    def of_request(self, request: Request) -> Operator:
        """Return the operator who is signed in.

        Raises:
            NotSignedIn: nobody is.
        """
        operator: Operator | None = request.state.operator
        if operator is None:
            raise NotSignedIn
        return operator
