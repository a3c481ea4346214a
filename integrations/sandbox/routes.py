"""Which function answers which method and path."""

import re
from collections.abc import Callable

from integrations.sandbox.messages import Reply, Request

Answer = Callable[..., Reply]
_PLACE = re.compile(r"\{(\w+)\}")


class Routes:
    """A table of paths such as ``/1/cards/{card}``; a name ending in ``__path`` spans slashes."""

    def __init__(self) -> None:
        self.described: list[dict[str, str]] = []
        self._routes: list[tuple[str, re.Pattern[str], Answer]] = []

    def add(self, method: str, template: str, answer: Answer) -> None:
        """Let `answer` be called with the request and, by name, the path's variable parts."""

        def place(match: re.Match[str]) -> str:
            name = match[1]
            return f"(?P<{name}>.*)" if name.endswith("__path") else f"(?P<{name}>[^/]+)"

        pattern = "".join(
            place(found) if (found := _PLACE.fullmatch(part)) else re.escape(part)
            for part in re.split(r"(\{\w+\})", template)
        )
        self._routes.append((method, re.compile(pattern), answer))
        self.described.append(
            {"method": method, "path": template, "does": (answer.__doc__ or "").split("\n")[0]}
        )

    def answer(self, request: Request) -> Reply | None:
        """The answer of the first route that fits, or None if none does."""
        for method, pattern, answer in self._routes:
            if method == request.method and (match := pattern.fullmatch(request.path)):
                return answer(request, **match.groupdict())
        return None
