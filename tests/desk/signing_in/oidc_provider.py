"""A small OpenID Connect provider over real HTTP, with real keys: it lets everybody in at once.

It does what the service relies on, and is strict about it: the code counts once, the secret and the
PKCE verifier must be right, and the ID token is signed with RS256.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "leavers-pages", "a-secret-of-the-provider"


class Provider(ThreadingHTTPServer):
    """A provider on a port of its own; what it says of people can be changed.

    Attributes:
        claims: laid over the ID token's; None takes one away.
        key: signs the ID tokens.
        published: what it says that it signs with; usually the same key.
        is_silent: it says nothing of itself.
        odd_keys: stand before its own among the keys that it publishes.
        names_key: an ID token says which key it was signed with.
        clock_off: its clock less ours, in seconds.
        named: laid over what it says of itself.
        userinfo: what it returns at its userinfo endpoint; None: it has none.
        token_status: with which it answers the request for a token; a redirect leads to itself.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}/realm"
        self.key = self.published = new_key()
        self.claims: dict[str, Any] = {"email": "dana@example.gov.uk", "email_verified": True}
        self.asked: list[str] = []
        self.token_status = 200
        self.is_silent = False
        self.odd_keys: list[Any] = []
        self.names_key = True
        self.clock_off = 0
        self.named: dict[str, str] = {}
        self.userinfo: dict[str, Any] | None = None
        self._codes: dict[str, dict[str, str]] = {}
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def settings(self) -> dict[str, str]:
        """The environment variables that connect a service to it."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_ALLOWED_EMAILS": "Dana@example.gov.uk,@allowed.example.gov.uk",
        }

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        userinfo = {"userinfo_endpoint": f"{self.issuer}/userinfo"}
        said = (userinfo if self.userinfo is not None else {}) | {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return said | self.named

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser goes back to, with a code."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{back}"

    def token(self, form: dict[str, str], login: tuple[str, str]) -> tuple[int, dict[str, Any]]:
        """Change a code for an ID token."""
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = (
            asked is not None
            and login == (CLIENT_ID, CLIENT_SECRET)
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form.get("redirect_uri")
        )
        if not is_right or asked is None:
            return 400, {"error": "invalid_grant"}
        now = int(time.time()) + self.clock_off
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "dana",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256"} | ({"kid": self.key.kid} if self.names_key else {})
        return self.token_status, {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": jwt.encode(header, claims, self.key),
        }


def new_key() -> RSAKey:
    """Make a key that a provider may sign with."""
    return RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"}, auto_kid=True)


class _Exchange(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider, address = self._begin()
        query = dict(parse_qsl(address.query))
        if address.path.endswith("/.well-known/openid-configuration"):
            self._answer(503 if provider.is_silent else 200, provider.metadata())
        elif address.path.endswith("/keys"):
            own = provider.published.as_dict(private=False)
            self._answer(200, {"keys": [*provider.odd_keys, own]})
        elif address.path.endswith("/userinfo"):
            self._answer(200, provider.userinfo or {})
        elif address.path.endswith("/authorize"):
            self.send_response(302)
            self.send_header("Location", provider.authorize(query))
            self.end_headers()
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        provider, _ = self._begin()
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        given = base64.b64decode(self.headers.get("Authorization", "Basic Og==").split()[1])
        name, _, password = given.decode().partition(":")
        self._answer(*provider.token(form, (unquote(name), unquote(password))))

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Its own time, as the header `Date` gives it."""
        provider = cast("Provider", self.server)
        return super().date_time_string((timestamp or time.time()) + provider.clock_off)

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def _begin(self) -> tuple[Provider, Any]:
        provider = cast("Provider", self.server)
        address = urlsplit(self.path)
        provider.asked.append(address.path.rpartition("/")[2])
        return provider, address

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        if 300 <= status < 400:
            provider = cast("Provider", self.server)
            self.send_header("Location", f"{provider.issuer}/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
