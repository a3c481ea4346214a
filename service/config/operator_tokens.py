"""Who may read and re-run: the operators and their tokens."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NewType

from service.config.messages import wrong

SHORTEST_TOKEN = 20
_READ_ONLY = ":read"
# The end of the name of an operator who has no address in single sign-on.
BY_SINGLE_SIGN_ON = "(single sign-on)"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may read and, unless it is a read-only operator, re-run."""

    name: str
    is_read_only: bool = False


# The digest of a token to its operator: the tokens themselves are not kept.
OperatorTokens = NewType("OperatorTokens", Mapping[bytes, Operator])


def read_operator_tokens(value: Any) -> Any:
    """Read ``alice=TOKEN,bob=TOKEN:read``; ``:read`` makes bob a read-only operator.

    Raises:
        PydanticCustomError: what is wrong with it, without quoting a token.
    """
    if not isinstance(value, str):
        return value
    tokens: dict[bytes, Operator] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, _, token = (piece.strip() for piece in part.partition("="))
        is_read_only = token.endswith(_READ_ONLY)
        token = token.removesuffix(_READ_ONLY)
        if not name or not token:
            raise wrong("is not of the form alice=TOKEN,bob=TOKEN")
        if len(token) < SHORTEST_TOKEN:
            raise wrong(
                f"has a token of under {SHORTEST_TOKEN} characters: make one with, for example, "
                "openssl rand -hex 20"
            )
        if digest_of_token(token) in tokens:
            raise wrong("gives two operators the same token")
        tokens[digest_of_token(token)] = Operator(name, is_read_only)
    if not tokens:
        raise wrong("is not of the form alice=TOKEN,bob=TOKEN")
    return tokens


def operator_of(token: str, operators: OperatorTokens) -> Operator | None:
    """Return whose token it is, or None. The time that it takes shows nothing about the tokens."""
    given = digest_of_token(token)
    found = None
    for digest, operator in operators.items():
        if hmac.compare_digest(digest, given):
            found = operator
    return found


def operator_id(name: str) -> str:
    """Return what the log calls an operator: the name beside the token, or a digest.

    Someone who signs in by single sign-on is named by an e-mail address, or by what the provider
    calls them, which may be a user name: both are personal data, and belong in no log.
    """
    is_personal = "@" in name or name.endswith(BY_SINGLE_SIGN_ON)
    return hashlib.sha256(name.encode()).hexdigest()[:12] if is_personal else name


def digest_of_token(token: str) -> bytes:
    """Return the digest by which a token is known."""
    return hashlib.sha256(token.encode()).digest()
