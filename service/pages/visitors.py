"""Whom the pages are shown to: signed-in operators, with what each may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from service.operator_tokens import Operator
from service.pages.sessions import Session


class NotSignedIn(Exception):
    """The page is for operators who are signed in."""


class ReadsOnly(Exception):
    """The operator may look, and not answer."""


class ForeignForm(Exception):
    """The form was not made for this session: it is too old, or another site made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedEmails:
    """Who may come by single sign-on: addresses, and whole domains as ``@example.gov.uk``."""

    entries: frozenset[str]

    def __contains__(self, email: object) -> bool:
        if not isinstance(email, str) or email.count("@") != 1:
            return False
        email = email.casefold()
        return email in self.entries or f"@{email.partition('@')[2]}" in self.entries


class Visitors:
    """Knows the operators as they are now: one who was taken off the list is signed out.

    Args:
        operators: those with tokens.
        emails: those who come by single sign-on.
    """

    def __init__(self, operators: Iterable[Operator], emails: AllowedEmails) -> None:
        self._operators: dict[str, Operator] = {}
        for operator in operators:
            # One name may have several tokens; the weakest right counts for its pages.
            known = self._operators.get(operator.name)
            if known is None or operator.is_read_only:
                self._operators[operator.name] = operator
        self._emails = emails

    def of_session(self, session: Session) -> Operator | None:
        """Return the operator who is signed in, or None."""
        if session.way == "sso":
            return Operator(session.name) if session.name in self._emails else None
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
