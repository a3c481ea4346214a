"""Cookies as they were handed out some time ago."""

import time
from dataclasses import asdict

from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from service.desk.signing_in.sessions import Session


def cookie_of(session: Session, *, secret: str, seconds_ago: int) -> str:
    """Return the cookie of a session, signed so long ago."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - seconds_ago

    cookies = URLSafeTimedSerializer(secret, salt="leavers session", signer=Earlier)
    return str(cookies.dumps(asdict(session)))
