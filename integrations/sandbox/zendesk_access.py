"""Who may do what in the sandbox's Zendesk: OAuth clients and their access tokens.

https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.sandbox.clock import Clock
from integrations.sandbox.messages import Json, Reply, Request, json_reply
from integrations.sandbox.zendesk_update import ZendeskRefusal

_INVALID_TOKEN = {
    "error": "invalid_token",
    "error_description": "The access token provided is expired, revoked, malformed or invalid "
    "for other reasons.",
}
_INVALID_CLIENT = {
    "error": "invalid_client",
    "error_description": "Client authentication failed due to unknown client, no client "
    "authentication included, or unsupported authentication method.",
}
_FORBIDDEN = {
    "error": {
        "title": "Forbidden",
        "message": "You do not have access to this page. Please contact the account owner of this "
        "help desk for further help.",
    }
}
_KNOWN_SCOPES = frozenset(
    {"read", "write", "tickets:read", "tickets:write", "users:read", "search:read"}
    | {f"{thing}:{right}" for thing in ("webhooks", "triggers") for right in ("read", "write")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    scopes: frozenset[str]
    ends_at: datetime
    is_admin: bool


@dataclass(slots=True, kw_only=True)
class ZendeskAccess:
    """The account's OAuth clients, and the access tokens that were issued to them.

    Attributes:
        admin_access_token: of an administrator; it does not expire.
        token_seconds: how long a new access token lasts.
        may_write: whether the user that the credentials belong to may change tickets.
    """

    clock: Clock
    client_id: str = "leavers_service"
    client_secret: str = "sandbox-zendesk-client-secret"  # noqa: S105 - made up
    admin_access_token: str = "sandbox-zendesk-admin-access-token"  # noqa: S105 - made up
    admin_client_id: str = "leavers_setup"
    admin_client_secret: str = "sandbox-zendesk-admin-client-secret"  # noqa: S105 - made up
    token_seconds: float = 1800.0
    may_write: bool = True
    _tokens: dict[str, _Token] = field(default_factory=dict, repr=False)

    def give_token(self, request: Request) -> Reply:
        """Answer ``POST /oauth/tokens``."""
        sent = request.body_parameters()
        if sent.get("grant_type") != "client_credentials":
            return json_reply({"error": "unsupported_grant_type"}, status=400)
        client = (sent.get("client_id"), sent.get("client_secret"))
        is_admin = client == (self.admin_client_id, self.admin_client_secret)
        if not is_admin and client != (self.client_id, self.client_secret):
            return json_reply(_INVALID_CLIENT, status=401)
        scopes = frozenset(str(sent.get("scope", "read")).split())
        if not scopes or scopes - _KNOWN_SCOPES:
            return json_reply({"error": "invalid_scope"}, status=400)
        token = secrets.token_hex(32)
        ends_at = self.clock.now() + timedelta(seconds=self.token_seconds)
        self._tokens[token] = _Token(scopes=scopes, ends_at=ends_at, is_admin=is_admin)
        grant: Json = {
            "access_token": token,
            "token_type": "bearer",
            "scope": " ".join(sorted(scopes)),
            "expires_in": int(self.token_seconds),
        }
        return json_reply(grant)

    def expire_tokens(self) -> None:
        """Refuse every access token that was issued so far."""
        self._tokens.clear()

    def is_let_in(self, request: Request) -> bool:
        """Return whether a request has an access token.

        Raises:
            ZendeskRefusal: the token is not valid, or has not the scope that the request needs.
        """
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return False
        self._check_bearer(value, request)
        return True

    def is_admin(self, request: Request) -> bool:
        """Return whether a request has an administrator's access token."""
        value = request.headers.get("authorization", "").partition(" ")[2]
        token = self._tokens.get(value)
        return value == self.admin_access_token or (token is not None and token.is_admin)

    def refuse(self) -> ZendeskRefusal:
        """Return the refusal of a user without the right."""
        return ZendeskRefusal(json_reply(_FORBIDDEN, status=403))

    def check_right(self, request: Request) -> None:
        """Refuse a change by a user who may only read.

        Raises:
            ZendeskRefusal: see there.
        """
        if request.method not in ("GET", "HEAD") and not self.may_write:
            raise self.refuse()

    def _check_bearer(self, value: str, request: Request) -> None:
        if value == self.admin_access_token:
            return
        token = self._tokens.get(value)
        if token is None or token.ends_at <= self.clock.now():
            raise ZendeskRefusal(json_reply(_INVALID_TOKEN, status=401))
        right = "read" if request.method in ("GET", "HEAD") else "write"
        thing = request.path.split("/")[3] if request.path.count("/") >= 3 else ""
        if not token.scopes & {right, f"{thing}:{right}"}:
            body = {
                "error": "Forbidden",
                "description": f"You are missing the following required scopes: {right}",
            }
            raise ZendeskRefusal(json_reply(body, status=403))
