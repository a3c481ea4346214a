"""Single sign-on by OpenID Connect: code flow with PKCE, and an ID token that is checked."""

import hmac
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from service.desk.visitors import Admitted, SignInPolicy

log = logging.getLogger(__name__)

# What a provider signs with; never "none", and never a shared secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
TIMEOUT_SECONDS = 10
CLOCK_SKEW_SECONDS = 60
# A provider that did not answer is not asked again at once: each attempt could hold a thread for
# as long as the time-out.
LEFT_ALONE_SECONDS = 10

UNREACHABLE = "Single sign-on does not answer. Try again in a minute, or use your operator token."
UNTRUSTED = (
    "Single sign-on gave an answer that can't be trusted. Start again from the sign-in page."
)
CANCELLED = "You cancelled at single sign-on. Start again from the sign-in page when you like."
NOT_ALLOWED = (
    "Your account is not on the list of operators, or its e-mail address is not verified. Ask "
    "whoever runs this service to add it, or use an operator token."
)


class SignInRefused(Exception):
    """Nobody is signed in; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the browser must bring back from the provider: kept in a cookie of its own."""

    state: str
    nonce: str
    verifier: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How the provider knows this service."""

    issuer: str
    client_id: str
    client_secret: str
    scope: str


class SingleSignOn:
    """Sends people to the provider, and learns who they are when they come back."""

    def __init__(self, client: Client, admission: SignInPolicy) -> None:
        self._client = client
        self._admission = admission
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._left_alone_until = float("-inf")
        self._lock = threading.Lock()

    def begin(self, *, redirect_uri: str, next_page: str) -> tuple[str, Begun]:
        """Return where to send the browser, and what it must bring back.

        Raises:
            SignInRefused: the provider can't be reached.
        """
        begun = Begun(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            next=next_page,
        )
        url, _ = self._session(redirect_uri).create_authorization_url(
            self._provider()["authorization_endpoint"],
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
        return url, begun

    def finish(self, begun: Begun, brought: Mapping[str, str], *, redirect_uri: str) -> Admitted:
        """Return somebody who came back and may come in.

        Args:
            begun: what the browser kept.
            brought: what it brings from the provider.
            redirect_uri: see `begin`.

        Raises:
            SignInRefused: see there.
        """
        state, code = brought.get("state", ""), brought.get("code", "")
        if not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise SignInRefused(UNTRUSTED)
        # https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
        if brought.get("error") == "access_denied":
            raise SignInRefused(CANCELLED)
        if not code:
            raise SignInRefused(UNTRUSTED)
        token = self._fetch_token(code, begun.verifier, redirect_uri)
        try:
            claims = self._claims(token, nonce=begun.nonce)
        except (JoseError, OAuthError, KeyError, TypeError, ValueError) as error:
            log.warning("single sign-on refused", extra={"error": type(error).__name__})
            raise SignInRefused(UNTRUSTED) from None
        admitted = self._admission.admit(claims)
        if admitted is None:
            raise SignInRefused(NOT_ALLOWED)
        return admitted

    def _session(self, redirect_uri: str) -> OAuth2Session:
        return OAuth2Session(
            self._client.client_id,
            self._client.client_secret,
            scope=self._client.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_SECONDS,
        )

    def _fetch_token(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        session = self._session(redirect_uri)
        session.register_compliance_hook("access_token_response", _refuse_redirect)
        try:
            # The secret and the code go to the provider, and to nobody whom it names.
            token: dict[str, Any] = session.fetch_token(
                self._provider()["token_endpoint"],
                code=code,
                code_verifier=verifier,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError):
            raise SignInRefused(UNREACHABLE) from None
        except OAuthError as error:
            log.warning("single sign-on refused", extra={"error": type(error).__name__})
            raise SignInRefused(UNTRUSTED) from None
        return token

    def _claims(self, token: dict[str, Any], *, nonce: str) -> CodeIDToken:
        decoded = self._decode(token["id_token"])
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self._client.issuer},
                "aud": {"essential": True, "value": self._client.client_id},
            },
            params={
                "nonce": nonce,
                "client_id": self._client.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=CLOCK_SKEW_SECONDS)
        if not nonce or claims.get("nonce") != nonce:
            raise ValueError
        return claims

    def _decode(self, id_token: str) -> jwt.Token:
        """Check the signature; a provider that has changed its keys is asked for them once more."""
        try:
            return jwt.decode(id_token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(id_token, self._key_set(anew=True), algorithms=ALGORITHMS)

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            keys = None if anew else self._keys
        if keys is None:
            keys = KeySet.import_key_set(
                cast("KeySetSerialization", _get(self._provider()["jwks_uri"]))
            )
            with self._lock:
                self._keys = keys
        return keys

    def _provider(self) -> dict[str, Any]:
        """Return what the provider says of itself.

        https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
        """
        with self._lock:
            known, is_left_alone = self._metadata, time.monotonic() < self._left_alone_until
        if known:
            return known
        if is_left_alone:
            raise SignInRefused(UNREACHABLE)
        try:
            said = _get(f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration")
        except SignInRefused:
            with self._lock:
                self._left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
            raise
        if said.get("issuer") != self._client.issuer:
            log.warning("single sign-on names another issuer than OIDC_ISSUER")
            raise SignInRefused(UNTRUSTED)
        with self._lock:
            self._metadata = said
        return said


def _refuse_redirect(response: requests.Response) -> requests.Response:
    if response.is_redirect or 300 <= response.status_code < 400:
        log.warning("single sign-on refused", extra={"error": "the token endpoint redirects"})
        raise SignInRefused(UNTRUSTED)
    return response


def _get(url: str) -> dict[str, Any]:
    try:
        response = requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        response.raise_for_status()
        said = response.json()
    except (requests.RequestException, ValueError):
        raise SignInRefused(UNREACHABLE) from None
    if not isinstance(said, dict):
        raise SignInRefused(UNREACHABLE)
    return said
