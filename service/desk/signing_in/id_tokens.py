"""What a single sign-on provider signed: checked with its keys, and claim by claim."""

import base64
import binascii
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidTokenError,
    JoseError,
    SecurityWarning,
)
from joserfc.jwk import JWKRegistry, Key

# What a provider signs with; never "none", and never a shared secret.
ALGORITHMS = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519", "Ed448"),
]
CLOCK_SKEW_SECONDS = 60
# Which of them are taken is decided above; a warning would stand in the log, which is JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

# What reading something odd raises.
ODD = (JoseError, AttributeError, KeyError, TypeError, ValueError, binascii.Error)


class NotNow(Exception):
    """A token's time has passed or not come yet, by this machine's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key that a provider may have signed with; `id` and `algorithm` if it names them."""

    id: str | None
    algorithm: str | None
    key: Key


def signing_keys(published: object) -> list[SigningKey]:
    """Return the keys that can be used, and leave out those that can't be read or are not for this.

    https://www.rfc-editor.org/rfc/rfc7517#section-5
    """
    if not isinstance(published, list):
        return []
    found = []
    for raw in published:
        try:
            if raw["kty"] == "oct" or raw.get("use", "sig") != "sig":
                continue
            key = JWKRegistry.import_key(raw)
        except ODD:
            continue
        found.append(SigningKey(id=raw.get("kid"), algorithm=raw.get("alg"), key=key))
    return found


def decode(token: str, keys: Iterable[SigningKey]) -> jwt.Token:
    """Check a token's signature.

    Raises:
        JoseError: none of the keys made it, or it is not a signed token.
        ValueError: see JoseError.
    """
    header = _header(token)
    for one in keys:
        is_other = header.get("kid") not in {None, one.id}
        if is_other or one.algorithm not in {None, header.get("alg")}:
            continue
        try:
            return jwt.decode(token, one.key, algorithms=ALGORITHMS)
        except ODD:
            # Keys of unlike kinds may share an id: https://www.rfc-editor.org/rfc/rfc7517#section-4.5
            continue
    raise BadSignatureError


def checked_claims(
    token: jwt.Token, *, issuer: str, client_id: str, nonce: str, access_token: str | None
) -> Mapping[str, Any]:
    """Return the claims of an ID token whose signature was checked.

    Raises:
        NotNow: see there.
        JoseError: a claim is missing, or is not what it must be.
    """
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    try:
        claims.validate(leeway=CLOCK_SKEW_SECONDS)
    except (ExpiredTokenError, InvalidTokenError):
        raise NotNow from None
    if not nonce or claims.get("nonce") != nonce:
        raise ValueError
    return claims


def _header(token: str) -> dict[str, Any]:
    encoded = token.partition(".")[0]
    header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    if not isinstance(header, dict):
        raise TypeError
    return header
