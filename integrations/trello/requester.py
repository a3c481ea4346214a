"""One request to Trello: py-trello over our own session, with the credentials in a header."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from requests import PreparedRequest, Response
from trello import TrelloClient
from trello.exceptions import ResourceUnavailable

from integrations.http.failures import unreadable
from integrations.http.json_values import ODD_SHAPE
from integrations.http.session import (
    Call,
    CallPolicy,
    Lease,
    Login,
    Vendor,
    VendorSession,
    quieten_libraries,
)
from service.domain.errors import OutsideError

T = TypeVar("T")

SYSTEM = "Trello"
_ORIGIN = "https://api.trello.com"


class HeaderLogin(Login):
    """Key and token in a header, so that no URL ever holds them.

    https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/
    """

    def __init__(self, key: str, token: str) -> None:
        self._header = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the credentials into the request."""
        request.headers["Authorization"] = self._header
        return request


class TrelloRequester:
    """Sends requests with one login; safe to use from many threads.

    Args:
        login: the API key, and the token of the service's Trello account.
        url: where requests are really sent.
        policy: how every call is made.
        explain: says what is wrong with a response, or None if it is a success.
    """

    def __init__(
        self,
        login: HeaderLogin,
        *,
        url: str,
        policy: CallPolicy,
        explain: Callable[[Response, Call], OutsideError | None],
    ) -> None:
        quieten_libraries()
        vendor = Vendor(system=SYSTEM, origin=_ORIGIN, url=url, explain=explain)
        self._session = VendorSession(vendor, policy, login)
        self._client = TrelloClient(api_key="", http_service=self._session)
        # Without this py-trello puts key and token into every URL.
        self._client.oauth = login

    def ask(
        self,
        operation: str,
        path: str,
        *,
        read: Callable[[Any], T],
        method: str = "GET",
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        lease: Lease | None = None,
    ) -> T:
        """Call py-trello and read the response; an odd one becomes one typed error."""
        with self._session.calling(operation, lease=lease) as call:
            try:
                return read(
                    self._client.fetch_json(
                        path,
                        http_method=method,
                        # Fresh ones each time: py-trello writes into what it is given.
                        query_params=dict(query or {}),
                        post_args=None if body is None else dict(body),
                    )
                )
            except (ResourceUnavailable, *ODD_SHAPE):
                pass  # Raised below, so that our error does not carry one that holds the response.
            raise unreadable(call)
