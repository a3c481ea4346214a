"""The single sign-on provider over HTTP: what it says of itself, its keys, tokens and people."""

import logging
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote_plus

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from service.config.addresses import is_safe_to_ask
from service.desk.signing_in.id_tokens import ODD, SigningKey, decode, signing_keys

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
# A provider that did not answer is not asked again at once: each attempt could hold a thread for
# as long as the time-out.
LEFT_ALONE_SECONDS = 10

UNREACHABLE = "Single sign-on does not answer. Try again in a minute, or use your operator token."
UNTRUSTED = (
    "Single sign-on gave a response that can't be trusted. Start again from the sign-in page."
)
WRONG_CLIENT = (
    "Single sign-on refuses this service. Ask the people who run it to check OIDC_CLIENT_ID and "
    "OIDC_CLIENT_SECRET, or use your operator token."
)

_ERROR = re.compile(r"[a-z_]{1,40}")


class SignInRefused(Exception):
    """Nobody is signed in.

    Args:
        text: says to the person why and what to do.
        why: the same for the log, in a few fixed words; nothing personal and nothing secret.
        facts: what else belongs into the log.
    """

    def __init__(self, text: str, *, why: str, **facts: Any) -> None:
        super().__init__(text)
        self.why = why
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How the provider knows this service."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What the provider gave for a code; `clock_off` is its clock less ours, in seconds."""

    id_token: str = field(repr=False)
    access_token: str | None = field(repr=False)
    clock_off: float | None


class IdentityProvider:
    """Asks the provider; no redirect is followed, since secrets and codes are for it alone."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._metadata: dict[str, Any] = {}
        self._keys: list[SigningKey] | None = None
        self._left_alone_until = float("-inf")
        self._lock = threading.Lock()

    def metadata(self) -> Mapping[str, Any]:
        """Return what the provider says of itself.

        https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation

        Raises:
            SignInRefused: it does not answer, or is another one.
        """
        with self._lock:
            known, is_left_alone = self._metadata, time.monotonic() < self._left_alone_until
        if known:
            return known
        if is_left_alone:
            raise SignInRefused(UNREACHABLE, why="the provider did not answer a moment ago")
        try:
            said = _object(
                self._get(f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration")
            )
        except SignInRefused:
            with self._lock:
                self._left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
            raise
        if said.get("issuer") != self._client.issuer:
            raise SignInRefused(UNTRUSTED, why="the provider names another issuer than OIDC_ISSUER")
        with self._lock:
            self._metadata = said
        return said

    def endpoint(self, name: str) -> str:
        """Return one of the provider's addresses.

        All need TLS: people, secrets and keys go there.
        https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint

        Raises:
            SignInRefused: it does not answer, or names none that can be used.
        """
        url = self.metadata().get(name)
        if not isinstance(url, str):
            raise SignInRefused(UNTRUSTED, why=f"the provider names no {name}")
        if not is_safe_to_ask(url):
            raise SignInRefused(UNTRUSTED, why=f"the provider names a {name} without TLS")
        return url

    def known_metadata(self) -> Mapping[str, Any]:
        """Return what is known already, without asking."""
        with self._lock:
            return self._metadata

    def fetch_tokens(self, code: str, *, verifier: str, redirect_uri: str) -> Tokens:
        """Change a code for tokens.

        Raises:
            SignInRefused: see there.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        url = self.endpoint("token_endpoint")
        login, more = self._credentials()
        try:
            response = requests.post(
                url, form | more, auth=login, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException:
            raise SignInRefused(UNREACHABLE, why="the token endpoint does not answer") from None
        if not 200 <= response.status_code < 300:
            raise _token_refused(response)
        said = _object(response)
        id_token, access_token = said.get("id_token"), said.get("access_token")
        if not isinstance(id_token, str):
            raise SignInRefused(UNTRUSTED, why="the token endpoint gave no ID token")
        return Tokens(
            id_token=id_token,
            access_token=access_token if isinstance(access_token, str) else None,
            clock_off=_clock_off(response),
        )

    def decoded(self, token: str) -> Any:
        """Check a signature; a provider that has changed its keys is asked for them once more.

        Raises:
            JoseError: it is not the provider's.
            SignInRefused: the keys can't be had.
        """
        try:
            return decode(token, self._signing_keys())
        except ODD:
            return decode(token, self._signing_keys(again=True))

    def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """Return the claims that the provider gives at its own endpoint; empty if it has none.

        https://openid.net/specs/openid-connect-core-1_0.html#UserInfo

        Raises:
            SignInRefused: it does not answer as it should.
        """
        if "userinfo_endpoint" not in self.metadata():
            return {}
        response = self._get(self.endpoint("userinfo_endpoint"), login=_Bearer(access_token))
        if not response.headers.get("Content-Type", "").startswith("application/jwt"):
            return _object(response)
        try:
            claims: Mapping[str, Any] = self.decoded(response.text).claims
        except ODD:
            raise SignInRefused(
                UNTRUSTED, why="the userinfo is not signed by the provider"
            ) from None
        return claims

    def _credentials(self) -> tuple[AuthBase | None, dict[str, str]]:
        """Return how the service shows who it is: by Basic, or in the form if only that is taken.

        https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1: both parts are encoded before Basic.
        """
        client = self._client
        methods = self.metadata().get("token_endpoint_auth_methods_supported")
        if not isinstance(methods, list) or "client_secret_basic" in methods:
            pair = quote_plus(client.client_id), quote_plus(client.client_secret)
            return HTTPBasicAuth(*pair), {}
        if "client_secret_post" in methods:
            return None, {"client_id": client.client_id, "client_secret": client.client_secret}
        raise SignInRefused(
            WRONG_CLIENT,
            why="the provider takes neither client_secret_basic nor client_secret_post",
        )

    def _signing_keys(self, *, again: bool = False) -> list[SigningKey]:
        with self._lock:
            keys = None if again else self._keys
        if keys is None:
            published = _object(self._get(self.endpoint("jwks_uri"))).get("keys")
            keys = signing_keys(published)
            count = len(published) if isinstance(published, list) else 0
            if len(keys) < count:
                log.info("keys of single sign-on left out", extra={"keys": count - len(keys)})
            with self._lock:
                self._keys = keys
        return keys

    @staticmethod
    def _get(url: str, *, login: AuthBase | None = None) -> requests.Response:
        try:
            response = requests.get(url, auth=login, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            response.raise_for_status()
        except requests.RequestException:
            raise SignInRefused(UNREACHABLE, why="the provider does not answer") from None
        return response


class _Bearer(AuthBase):
    """As a login, so that no file of the machine's puts another one in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _object(response: requests.Response) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise SignInRefused(UNREACHABLE, why="the provider's response is not a JSON object")
    return said


def _token_refused(response: requests.Response) -> SignInRefused:
    status = response.status_code
    if status >= 500:
        return SignInRefused(UNREACHABLE, why="the token endpoint failed", status=status)
    if status < 400:
        return SignInRefused(UNTRUSTED, why="the token endpoint redirects", status=status)
    error = known_error(_error_of(response))
    # https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    is_client = error in {"invalid_client", "unauthorized_client"} or status == 401
    text = WRONG_CLIENT if is_client else UNTRUSTED
    return SignInRefused(text, why="the token endpoint refused", status=status, error=error)


def _error_of(response: requests.Response) -> object:
    try:
        said = response.json()
    except ValueError:
        return None
    return said.get("error") if isinstance(said, dict) else None


def known_error(error: object) -> str:
    """Return an error code of OAuth as it is fit for the log."""
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else "not named"


def _clock_off(response: requests.Response) -> float | None:
    try:
        theirs = parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return theirs.timestamp() - time.time()
