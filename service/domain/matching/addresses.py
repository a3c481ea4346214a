"""E-mail addresses, compared as identities: who do they say somebody is?"""

import re
from collections.abc import Set
from dataclasses import dataclass
from enum import IntEnum
from sys import intern

from rapidfuzz.distance import OSA

from service.domain.matching.user_names import is_placeholder
from service.domain.text import LOOK_ALIKE, clean

# Looked for only where a word begins: at each of its letters would take the square of its length.
ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"'|])[^\s<>()\[\],;:\"'|]+@[^\s<>()\[\],;:\"'|@]+")
_NUMBER = re.compile(r"[._-]?\d+$")
# Somebody's second account: ``jane.doe.admin``.
_ACCOUNT = re.compile(
    r"^(?:adm|admin|priv|privileged|test)[._-]|[._-](?:adm|admin|priv|privileged|test)$"
)


class IdentityMatch(IntEnum):
    """How two identities of one kind compare, best last."""

    OTHER = 0
    """Both in one organisation, and different: two people, or one with two accounts."""
    NUMBER = 1
    """Only a number differs: that is how namesakes are distinguished."""
    UNKNOWN = 2
    """One is missing, or they belong to different organisations: nothing is said."""
    NEAR = 3
    """A letter or two differ, or a look-alike letter stands in one of them."""
    ACCOUNT = 4
    """Only a word such as ``admin`` differs: a second account of one person."""
    LOCAL = 5
    """The same local part at an unrelated domain."""
    SIBLING = 6
    """The same local part at two domains of one organisation."""
    SAME = 7


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address as it is compared: lower case, without a plus tag.

    Attributes:
        local: what stands before the at sign, dots and numbers kept.
        domain: what stands after it.
        is_odd: it held look-alike letters, so it is not the same as any other address.
    """

    local: str
    domain: str
    is_odd: bool = False

    @property
    def stem(self) -> str:
        """The local part without a number at its end."""
        return _NUMBER.sub("", self.local) or self.local

    @property
    def person(self) -> str:
        """The local part without what distinguishes accounts of one person, or namesakes."""
        return _NUMBER.sub("", _ACCOUNT.sub("", self.local)) or self.local

    @property
    def has_number(self) -> bool:
        """Whether a number distinguishes the bearer from a namesake."""
        return self.stem != self.local


def read_addresses(text: str | None) -> tuple[Address, ...]:
    """Find every address in a text, each once."""
    if not text or "@" not in text:
        return ()
    cleaned = clean(text.replace("\uff20", "@"))
    is_odd = LOOK_ALIKE in cleaned.oddities
    found = (_address(raw, is_odd=is_odd) for raw in ADDRESS.findall(cleaned.text))
    return tuple(
        dict.fromkeys(one for one in found if one.domain and not is_placeholder(one.local))
    )


def without_addresses(text: str) -> str:
    """Take the addresses out of a text."""
    return ADDRESS.sub(" ", text) if "@" in text else text


def compare_addresses(one: Address, other: Address, *, organisation: Set[str]) -> IdentityMatch:
    """Compare two addresses."""
    are_kin = one.domain == other.domain or {one.domain, other.domain} <= organisation
    if one.local == other.local:
        if one.is_odd or other.is_odd:
            return IdentityMatch.NEAR
        if one.domain == other.domain:
            return IdentityMatch.SAME
        return IdentityMatch.SIBLING if are_kin else _at_other_domain(one, other)
    return _in_one_organisation(one, other) if are_kin else IdentityMatch.UNKNOWN


def _address(raw: str, *, is_odd: bool) -> Address:
    local, _, domain = raw.casefold().strip(".").rpartition("@")
    local = local.removeprefix("mailto:").partition("+")[0].strip(".")
    return Address(local, intern(domain), is_odd)  # Most share a domain: it is kept once.


def _in_one_organisation(one: Address, other: Address) -> IdentityMatch:
    if one.stem == other.stem:
        return IdentityMatch.NUMBER
    if one.person == other.person:
        return IdentityMatch.ACCOUNT
    return IdentityMatch.NEAR if _is_near(one.local, other.local) else IdentityMatch.OTHER


def _at_other_domain(one: Address, other: Address) -> IdentityMatch:
    """A slip in the domain is a slip; another domain may be another person of the name."""
    is_slip = OSA.distance(one.domain, other.domain, score_cutoff=2) <= 2
    return IdentityMatch.NEAR if is_slip else IdentityMatch.LOCAL


def _is_near(one: str, other: str) -> bool:
    longest = max(len(one), len(other))
    allowed = 2 if longest >= 10 else 1 if longest >= 5 else 0
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
