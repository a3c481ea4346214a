"""A request as a vendor of the sandbox gets it, and the reply to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]


class NotJsonError(ValueError):
    """A request's body is not a JSON object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.

    Attributes:
        method: in capitals.
        path: decoded, without the query.
        query: the last value of each key.
        headers: by name, in lower case.
        body: as it was received.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Json:
        """Return the body as a JSON object; an empty body is an empty object.

        Raises:
            NotJsonError: it is something else.
        """
        if not self.body:
            return {}
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise NotJsonError from error
        if not isinstance(value, dict):
            raise NotJsonError
        return value

    def parameters(self) -> Json:
        """Return the parameters of query and body together, as some vendors take them."""
        return {**self.query, **self.body_parameters()}

    def body_parameters(self) -> Json:
        """Return the body's parameters, whether it is a form or JSON."""
        if "json" in self.headers.get("content-type", ""):
            return self.json()
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply; the server adds the headers of length, date and connection."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    def with_headers(self, headers: Mapping[str, str]) -> "Reply":
        """Return the same reply with more headers."""
        return Reply(status=self.status, headers={**self.headers, **headers}, body=self.body)


def json_reply(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply with JSON as its body."""
    return Reply(
        status=status,
        headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})},
        body=json.dumps(value, ensure_ascii=False).encode(),
    )


def text_reply(text: str, *, status: int = 200, kind: str = "text/plain") -> Reply:
    """Return a reply with a text as its body; `kind` is its media type."""
    return Reply(
        status=status, headers={"Content-Type": f"{kind}; charset=utf-8"}, body=text.encode()
    )
