"""Single sign-on by OpenID Connect: code flow with PKCE, and an ID token that is checked."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

from authlib.integrations.requests_client import OAuth2Session

from service.desk.signing_in.current_operator import Admitted, SignInPolicy
from service.desk.signing_in.id_tokens import CLOCK_SKEW_SECONDS, ODD, NotNow, checked_claims
from service.desk.signing_in.identity_provider import (
    UNTRUSTED,
    Client,
    IdentityProvider,
    SignInRefused,
    Tokens,
    known_error,
)

CANCELLED = "You cancelled at single sign-on. Start again from the sign-in page when you like."
NOT_ALLOWED = (
    "Your account is not on the list of operators, or its e-mail address is not verified. Ask "
    "the people who run this service to add it, or use an operator token."
)
WRONG_CLOCK = (
    "This service's clock and that of single sign-on differ{by}, so the sign-in does not count. "
    "Ask the people who run this service to set its clock (by NTP), or use your operator token."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the browser must bring back from the provider: kept in a cookie of its own."""

    state: str
    nonce: str
    verifier: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who came back and may come in; the ID token names the session to the provider."""

    admitted: Admitted
    id_token: str


class SingleSignOn:
    """Sends people to the provider, and learns who they are when they come back."""

    def __init__(self, client: Client, policy: SignInPolicy) -> None:
        self._client = client
        self._policy = policy
        self._provider = IdentityProvider(client)

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
        session = OAuth2Session(
            self._client.client_id,
            scope=self._client.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        url, _ = session.create_authorization_url(
            self._provider.endpoint("authorization_endpoint"),
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
        return url, begun

    def finish(
        self, begun: Begun | None, brought: Mapping[str, str], *, redirect_uri: str
    ) -> SignedIn:
        """Return somebody who came back and may come in.

        Args:
            begun: what the browser kept of this very flow; None if it kept nothing.
            brought: what it brings from the provider.
            redirect_uri: see `begin`.

        Raises:
            SignInRefused: see there.
        """
        state, code = brought.get("state", ""), brought.get("code", "")
        if begun is None or not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise SignInRefused(UNTRUSTED, why="no sign-in was begun in this browser")
        # https://www.rfc-editor.org/rfc/rfc9207#section-2.4
        if brought.get("iss", self._client.issuer) != self._client.issuer:
            raise SignInRefused(UNTRUSTED, why="the response is another provider's")
        # https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
        if brought.get("error") == "access_denied":
            raise SignInRefused(CANCELLED, why="cancelled")
        if not code:
            error = known_error(brought.get("error"))
            raise SignInRefused(UNTRUSTED, why="the provider gave no code", error=error)
        tokens = self._provider.fetch_tokens(
            code, verifier=begun.verifier, redirect_uri=redirect_uri
        )
        claims = self._all_claims(tokens, nonce=begun.nonce)
        admitted = self._policy.admit(claims)
        if admitted is None:
            raise SignInRefused(NOT_ALLOWED, why=self._policy.refusal(claims))
        return SignedIn(admitted=admitted, id_token=tokens.id_token)

    def way_out(self, id_token: str | None) -> str | None:
        """Return where the browser ends the provider's session, too; None if that is not offered.

        https://openid.net/specs/openid-connect-rpinitiated-1_0.html
        """
        try:
            address = self._provider.endpoint("end_session_endpoint")
        except SignInRefused:
            return None
        said = {"client_id": self._client.client_id} | (
            {"id_token_hint": id_token} if id_token else {}
        )
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(said)}"

    def origins(self) -> frozenset[str]:
        """Return where the form to sign out may lead: browsers look at that before they go."""
        end = self._provider.known_metadata().get("end_session_endpoint")
        urls = [self._client.issuer, *([end] if isinstance(end, str) else [])]
        return frozenset(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in urls)

    def _all_claims(self, tokens: Tokens, *, nonce: str) -> Mapping[str, Any]:
        """Return the ID token's claims, and the userinfo's if those say not all that counts.

        Many providers give addresses and groups at their userinfo endpoint only:
        https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
        """
        claims = self._id_claims(tokens, nonce=nonce)
        if tokens.access_token is None or self._policy.has_all(claims):
            return claims
        more = self._provider.userinfo(tokens.access_token)
        # https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse
        if more and more.get("sub") != claims["sub"]:
            raise SignInRefused(UNTRUSTED, why="the userinfo is about another person")
        return merged_claims(claims, more)

    def _id_claims(self, tokens: Tokens, *, nonce: str) -> Mapping[str, Any]:
        try:
            return checked_claims(
                self._provider.decoded(tokens.id_token),
                issuer=self._client.issuer,
                client_id=self._client.client_id,
                nonce=nonce,
                access_token=tokens.access_token,
            )
        except NotNow:
            _refuse_time(tokens.clock_off)
        except ODD as error:
            why = "the ID token is not as it must be"
            raise SignInRefused(UNTRUSTED, why=why, error=type(error).__name__) from None


def merged_claims(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Return all claims of both; the signed token's count more.

    Address and whether it is verified are one claim: never one of here and one of there.
    """
    both = {**userinfo, **id_token}
    source = userinfo if "email" in userinfo and "email_verified" not in id_token else id_token
    for name in ("email", "email_verified"):
        both.pop(name, None)
        if name in source:
            both[name] = source[name]
    return both


def _refuse_time(clock_off: float | None) -> NoReturn:
    is_known = clock_off is not None and abs(clock_off) > CLOCK_SKEW_SECONDS
    by = f" by about {max(1, round(abs(clock_off) / 60))} minutes" if is_known and clock_off else ""
    raise SignInRefused(
        WRONG_CLOCK.format(by=by),
        why="the ID token's time has passed or not come yet: check this machine's clock",
        clock_off_seconds=None if clock_off is None else round(clock_off),
    )
