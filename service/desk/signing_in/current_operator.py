"""Who is at the pages, who may come in by single sign-on, and what each may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request

from service.config.operator_tokens import BY_SINGLE_SIGN_ON, Operator, OperatorTokens
from service.desk.signing_in.sessions import Session

# What a provider may make a subject of: https://openid.net/specs/openid-connect-core-1_0.html#IDToken
LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of the ID token that lets its bearer in, such as ``platform`` among ``groups``."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}"

    def is_in(self, claims: Mapping[str, Any]) -> bool:
        """Return whether the token has it, alone or in a list."""
        said = claims.get(self.name)
        return self.value in said if isinstance(said, list) else said == self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who may come in.

    Attributes:
        name: goes into the history.
        claim: the claim that let them in; empty if it was their address.
    """

    name: str
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """The rules of who may come in.

    Attributes:
        emails: addresses, and whole domains as ``@example.gov.uk``, in lower case.
        claim: admits anyone who has it, whatever their address.
    """

    emails: frozenset[str] = frozenset()
    claim: Claim | None = None

    def admit(self, claims: Mapping[str, Any]) -> Admitted | None:
        """Return the person of an ID token if they may sign in; the token has been checked.

        An address counts only if the provider has verified it: anybody can claim another.
        Someone who has none is named by the provider's identifier, which nobody can choose.
        """
        email = claims.get("email") if claims.get("email_verified") is True else None
        if self.has_email(email):
            return Admitted(name=str(email).casefold())
        if self.claim is None or not self.claim.is_in(claims):
            return None
        name = email.casefold() if isinstance(email, str) and email else _subject(claims)
        return Admitted(name=name, claim=str(self.claim)) if name else None

    def has_all(self, claims: Mapping[str, Any]) -> bool:
        """Return whether claims say all that these rules look at."""
        names = {"email", "email_verified"} | ({self.claim.name} if self.claim else set())
        return names <= claims.keys()

    def refusal(self, claims: Mapping[str, Any]) -> str:
        """Say for the log why somebody may not come in; it names nobody."""
        if not isinstance(claims.get("email"), str):
            return "the provider gives no address"
        if claims.get("email_verified") is not True:
            return "the provider has not verified the address"
        return "the address is not on the list"

    def still_admits(self, admitted: Admitted) -> bool:
        """Return whether the rules, as they are now, still admit somebody who was admitted once."""
        if admitted.claim:
            return admitted.claim == str(self.claim)
        return self.has_email(admitted.name)

    def has_email(self, email: object) -> bool:
        """Return whether an address, or the whole of its domain, is on the list."""
        if not isinstance(email, str) or email.count("@") != 1:
            return False
        email = email.casefold()
        return email in self.emails or f"@{email.partition('@')[2]}" in self.emails


def _subject(claims: Mapping[str, Any]) -> str | None:
    subject = claims.get("sub")
    if isinstance(subject, str) and subject.isprintable() and 0 < len(subject) <= LONGEST_SUBJECT:
        # No operator with a token has a name like that.
        return f"{subject} {BY_SINGLE_SIGN_ON}"
    return None


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
        policy: of those who come by single sign-on.
        mark_of: returns what a session knows a token by, from the token's digest.
    """

    def __init__(
        self, operators: OperatorTokens, policy: SignInPolicy, mark_of: Callable[[bytes], str]
    ) -> None:
        self._operators = {mark_of(digest): operator for digest, operator in operators.items()}
        self._policy = policy

    def of_session(self, session: Session) -> Operator | None:
        """Return the operator who is signed in, or None."""
        if session.way == "sso":
            admitted = Admitted(name=session.name, claim=session.claim)
            return Operator(session.name) if self._policy.still_admits(admitted) else None
        if session.way == "token":
            # The very token: one that was replaced opens nothing any more.
            operator = self._operators.get(session.claim)
            return operator if operator and operator.name == session.name else None
        return None


async def signed_in(request: Request) -> Operator:
    """Return the operator who is signed in.

    Raises:
        NotSignedIn: nobody is.
    """
    operator: Operator | None = request.state.operator
    if operator is None:
        raise NotSignedIn
    return operator


SignedIn = Annotated[Operator, Depends(signed_in)]


def router_for_operators(*, prefix: str = "") -> APIRouter:
    """Return a router whose pages are all for operators who are signed in."""
    return APIRouter(prefix=prefix, dependencies=[Depends(signed_in)])
