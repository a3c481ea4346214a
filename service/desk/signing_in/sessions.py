"""Who is signed in: a signed, short-lived cookie that scripts cannot read, and nothing else."""

import hashlib
import hmac
import secrets
import time
from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "leavers_session"
# Without a request for so long, or after so long altogether, one has to sign in again; in seconds.
LONGEST_PAUSE = 60 * 60
LONGEST_SESSION = 9 * 60 * 60
# A cookie that was handed out so long ago is handed out again, in seconds; not with every answer.
RENEWED_AFTER = 5 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser's visit.

    Attributes:
        name: the operator's name, which goes into the history; empty if nobody is signed in.
        way: ``token`` or ``sso``.
        claim: what let them in: the token's mark; by single sign-on the claim of the provider's,
            and nothing if it was their address.
        since: when it began, in seconds since 1970.
        nonce: known to this browser alone; the forms' tokens depend on it.
    """

    name: str = ""
    way: str = ""
    claim: str = ""
    since: float
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a browser brought.

    Attributes:
        session: a new one if it brought none that counts.
        is_fresh: its cookie was handed out in the last minutes, and may stay.
    """

    session: Session
    is_fresh: bool


class Sessions:
    """Reads and writes the cookie.

    Args:
        secret: signs it; changing it signs everybody out.
    """

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeTimedSerializer(secret, salt="leavers session")
        self._forms = URLSafeSerializer(secret, salt="leavers form")
        self._mark_key = hashlib.sha256(f"leavers token {secret}".encode()).digest()

    @staticmethod
    def new(*, name: str = "", way: str = "", claim: str = "") -> Session:
        """Begin a session; it is never one that the browser had before."""
        nonce = secrets.token_urlsafe(16)
        return Session(name=name, way=way, claim=claim, since=time.time(), nonce=nonce)

    def read(self, request: Request) -> Brought:
        """Return the browser's session; a new one if it has none that counts."""
        try:
            said, signed_at = self._cookies.loads(
                request.cookies.get(COOKIE, ""), max_age=LONGEST_PAUSE, return_timestamp=True
            )
            session = Session(**said)
        except (BadSignature, TypeError):
            return Brought(session=self.new(), is_fresh=False)
        if time.time() - session.since > LONGEST_SESSION:
            return Brought(session=self.new(), is_fresh=False)
        age = time.time() - signed_at.timestamp()
        return Brought(session=session, is_fresh=age < RENEWED_AFTER)

    def write(self, response: Response, session: Session, *, is_secure: bool) -> None:
        """Hand the session to the browser, for another while.

        Lax and not Strict: a link to a leaver in Zendesk or a chat must find one signed in.
        """
        response.set_cookie(
            COOKIE,
            self._cookies.dumps(asdict(session)),
            max_age=LONGEST_PAUSE,
            path="/desk",
            secure=is_secure,
            httponly=True,
            samesite="lax",
        )

    def mark_of(self, token_digest: bytes) -> str:
        """Return what stands in the cookie for an operator's token; it reveals nothing about it."""
        return hmac.new(self._mark_key, token_digest, hashlib.sha256).hexdigest()[:16]

    def form_token(self, session: Session) -> str:
        """Return what every form of this session carries."""
        token: str = self._forms.dumps(session.nonce)
        return token

    def is_own_form(self, session: Session, token: str) -> bool:
        """Return whether a form was made for this session, and not by another site."""
        return hmac.compare_digest(self.form_token(session).encode(), token.encode())
