"""Which function answers which method and path."""

import re
from collections.abc import Callable

from integrations.sandbox.messages import Reply, Request

Handler = Callable[..., Reply]
_PLACE = re.compile(r"\{(\w+)\}")


class Routes:
    """A table of paths such as ``/1/cards/{card}``.

    A variable part holds no slash, unless its name ends in ``__path``.

    Attributes:
        described: method, path and purpose (``does``) of each route.
    """

    def __init__(self) -> None:
        self.described: list[dict[str, str]] = []
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, template: str, handler: Handler) -> None:
        """Have `handler` called with the request, and with the path's variable parts by name."""

        def place(match: re.Match[str]) -> str:
            name = match[1]
            return f"(?P<{name}>.*)" if name.endswith("__path") else f"(?P<{name}>[^/]+)"

        pattern = "".join(
            place(found) if (found := _PLACE.fullmatch(part)) else re.escape(part)
            for part in re.split(r"(\{\w+\})", template)
        )
        self._routes.append((method, re.compile(pattern), handler))
        self.described.append(
            {"method": method, "path": template, "does": (handler.__doc__ or "").split("\n")[0]}
        )

    def answer(self, request: Request) -> Reply | None:
        """Return the reply of the first route that fits, or None if none does."""
        for method, pattern, handler in self._routes:
            if method == request.method and (match := pattern.fullmatch(request.path)):
                return handler(request, **match.groupdict())
        return None
