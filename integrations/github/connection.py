"""What PyGithub sends its requests through: our session in place of its own.

PyGithub exposes no session, but each of its requests may bring a connection. With this one the
policy holds for GitHub as for the others, and what PyGithub does on its own below (sleeping on
202, following 301) is never reached, since the session raises first.
"""

from collections.abc import Iterable, Mapping

from requests import Response

from integrations.http.session import VendorSession


class GithubConnection:
    """One request, as PyGithub's own connections take and answer it.

    Args:
        session: what really sends.
        origin: put before the path that PyGithub gives.
    """

    def __init__(self, session: VendorSession, origin: str) -> None:
        self._session = session
        self._origin = origin
        self._response: Response | None = None

    def request(
        self,
        verb: str,
        url: str,
        input: str | None,  # noqa: A002 - the library's name
        headers: Mapping[str, str],
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the library's way to call
    ) -> None:
        """Send the request."""
        self._response = self._session.request(
            verb, f"{self._origin}{url}", data=input, headers=dict(headers)
        )

    def getresponse(self) -> "PygithubResponse":
        """Return the response."""
        if self._response is None:
            raise ValueError("nothing was sent")
        return PygithubResponse(self._response)


class PygithubResponse:
    """A response, as PyGithub reads it."""

    def __init__(self, response: Response) -> None:
        self.status = response.status_code
        self._response = response

    def getheaders(self) -> Iterable[tuple[str, str]]:
        """Return the one header that is needed: odd values of others make PyGithub fail."""
        etag = self._response.headers.get("ETag")
        return [("etag", etag)] if etag else []

    def read(self) -> str:
        """Return the body; GitHub writes UTF-8, whatever a header leaves out."""
        return self._response.content.decode()
