"""Logging in to Zendesk: access tokens of an OAuth client."""

import threading
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

from requests import PreparedRequest, Response

from integrations.http.failures import error_of, permanent, unreadable, usual_failure
from integrations.http.json_values import json_of
from integrations.http.session import Call, CallPolicy, Login, Vendor, VendorSession
from integrations.http.single_flight import SingleFlight
from service.domain.errors import OutsideError
from service.domain.reasons import ReasonCode

# https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/
_USUAL_LIFETIME = 1800.0
_LONGEST_MARGIN = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """A confidential OAuth client of the account; `setting` begins the names of its settings."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    setting: str = "ZENDESK"


@dataclass(frozen=True, slots=True, kw_only=True)
class _AccessToken:
    header: str = field(repr=False)
    renew_at: float


class OAuthLogin(Login):
    """Access tokens by the client-credentials grant, kept in memory and fetched again in time.

    A token is fetched before the last one runs out, and after it was refused, by one thread at a
    time. There is no refresh token with this grant.
    """

    def __init__(self, client: OAuthClient, *, origin: str, url: str, policy: CallPolicy) -> None:
        self._client = client
        self._origin = origin
        explain = partial(_explain, setting=client.setting)
        vendor = Vendor(system="Zendesk", origin=origin, url=url, explain=explain)
        self._session = VendorSession(vendor, policy)
        self._fetching = SingleFlight[_AccessToken]()
        self._lock = threading.Lock()
        self._token: _AccessToken | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put an access token into the request."""
        request.headers["Authorization"] = self._current().header
        return request

    def renew(self, request: PreparedRequest) -> bool:
        """Put a fresh token in place of the one that was refused."""
        refused = request.headers.get("Authorization")
        with self._lock:
            if self._token is not None and self._token.header == refused:
                self._token = None
        request.headers["Authorization"] = self._current().header
        return True

    def _current(self) -> _AccessToken:
        return self._usable() or self._fetching.run(lambda: self._usable() or self._fetch())

    def _usable(self) -> _AccessToken | None:
        token = self._token
        return token if token is not None and monotonic() < token.renew_at else None

    def _fetch(self) -> _AccessToken:
        asked_at = monotonic()
        with self._session.calling("fetch an access token", changes_nothing=True) as call:
            response = self._session.post(
                f"{self._origin}/oauth/tokens",
                json={
                    "grant_type": "client_credentials",
                    "client_id": self._client.client_id,
                    "client_secret": self._client.client_secret,
                    "scope": self._client.scope,
                },
            )
        # The next token is wanted in half an hour, when a kept connection would be dead.
        self._session.close()
        self._token = _access_token(response, call, asked_at=asked_at)
        return self._token


def _access_token(response: Response, call: Call, *, asked_at: float) -> _AccessToken:
    body = json_of(response)
    token = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(token, str) or not token:
        raise unreadable(call, status=response.status_code)
    lifetime = body.get("expires_in")
    if not isinstance(lifetime, int | float) or lifetime <= 0:
        lifetime = _USUAL_LIFETIME
    margin = min(_LONGEST_MARGIN, lifetime / 5)
    return _AccessToken(header=f"Bearer {token}", renew_at=asked_at + lifetime - margin)


def _explain(response: Response, call: Call, *, setting: str) -> OutsideError | None:
    if response.status_code in {400, 401, 403, 422}:
        if error_of(response).get("error") == "invalid_scope":
            return permanent(
                f"The OAuth client may not have this scope. Check {setting}_SCOPE and the client's "
                "allowed scopes.",
                response,
                call,
                code=ReasonCode.ZENDESK_RIGHT_MISSING,
            )
        return permanent(
            f"The OAuth client is refused. Check {setting}_CLIENT_ID and {setting}_CLIENT_SECRET, "
            "and that the client is confidential and active.",
            response,
            call,
            code=ReasonCode.ZENDESK_CREDENTIALS_REFUSED,
        )
    return usual_failure(response, call)
