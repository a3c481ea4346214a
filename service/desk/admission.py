"""Who may come in by single sign-on: by address, or by what the provider says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
        """Whether the token has it, alone or in a list."""
        said = claims.get(self.name)
        return self.value in said if isinstance(said, list) else said == self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who may come in.

    Attributes:
        name: goes into the history.
        claim: the claim that let them in; empty where it was their address.
    """

    name: str
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """The rules of who may come in.

    Attributes:
        emails: addresses, and whole domains as ``@example.gov.uk``, in lower case.
        claim: lets in whoever has it, whatever their address.
    """

    emails: frozenset[str] = frozenset()
    claim: Claim | None = None

    def admit(self, claims: Mapping[str, Any]) -> Admitted | None:
        """Return whom an ID token is about if they may come in; the token has been checked.

        An address counts only where the provider has verified it: anybody can claim another.
        Whoever has none is named by the provider's identifier, which nobody can choose.
        """
        email = claims.get("email") if claims.get("email_verified") is True else None
        if self.has_email(email):
            return Admitted(name=str(email).casefold())
        if self.claim is None or not self.claim.is_in(claims):
            return None
        name = email.casefold() if isinstance(email, str) and email else _subject(claims)
        return Admitted(name=name, claim=str(self.claim)) if name else None

    def still_admits(self, admitted: Admitted) -> bool:
        """Whether the rules, as they are now, let in somebody whom they once let in."""
        if admitted.claim:
            return admitted.claim == str(self.claim)
        return self.has_email(admitted.name)

    def has_email(self, email: object) -> bool:
        """Whether an address, or the whole of its domain, is on the list."""
        if not isinstance(email, str) or email.count("@") != 1:
            return False
        email = email.casefold()
        return email in self.emails or f"@{email.partition('@')[2]}" in self.emails


def _subject(claims: Mapping[str, Any]) -> str | None:
    subject = claims.get("sub")
    if isinstance(subject, str) and subject.isprintable() and 0 < len(subject) <= LONGEST_SUBJECT:
        # No operator with a token has a name like that.
        return f"{subject} (single sign-on)"
    return None
