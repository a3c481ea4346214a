"""Who may read and re-run: the operators and their tokens."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, NewType

from pydantic_core import PydanticCustomError

# The digest of a token to the operator's name: the tokens themselves are not kept.
OperatorTokens = NewType("OperatorTokens", Mapping[bytes, str])

SHORTEST_TOKEN = 20


def read_operator_tokens(value: Any) -> Any:
    """Read ``alice=TOKEN,bob=TOKEN``.

    Raises:
        PydanticCustomError: what is wrong with it, without quoting a token.
    """
    if not isinstance(value, str):
        return value
    tokens: dict[bytes, str] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, _, token = (piece.strip() for piece in part.partition("="))
        if not name or not token:
            raise _wrong("is not of the form alice=TOKEN,bob=TOKEN")
        if len(token) < SHORTEST_TOKEN:
            raise _wrong(f"has a token of under {SHORTEST_TOKEN} characters")
        if _digest(token) in tokens:
            raise _wrong("gives two operators the same token")
        tokens[_digest(token)] = name
    if not tokens:
        raise _wrong("is not of the form alice=TOKEN,bob=TOKEN")
    return tokens


def operator_of(token: str, operators: OperatorTokens) -> str | None:
    """Return whose token it is, or None. The time that it takes tells nothing about the tokens."""
    given = _digest(token)
    found = None
    for digest, name in operators.items():
        if hmac.compare_digest(digest, given):
            found = name
    return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("setting", message)
