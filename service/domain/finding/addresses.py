"""E-mail addresses and user names, compared as identities: who do they say somebody is?"""

import re
from collections.abc import Set
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from service.domain.text import LOOK_ALIKE, clean, folded

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'|]+@[^\s<>()\[\],;:\"'|@]+")
_NUMBER = re.compile(r"[._-]?\d+$")
_NO_NAME = frozenset(
    {"", "none", "na", "null", "nil", "no", "unknown", "tbc", "tba", "nothing", "notknown", "false"}
)
_GITHUB_LINK = re.compile(r"^(?:https?://)?(?:www\.)?github\.com/", re.IGNORECASE)


class Identity(IntEnum):
    """How two identities of one kind stand to each other, best last."""

    OTHER = 0
    """Both in one organisation, and different: two people, or one with two accounts."""
    NUMBER = 1
    """Only a number differs: that is how namesakes are told apart."""
    UNKNOWN = 2
    """One is missing, or they belong to different organisations: nothing is said."""
    NEAR = 3
    """A letter or two differ, or a look-alike letter stands in one of them."""
    LOCAL = 4
    """The same local part at an unrelated domain."""
    SIBLING = 5
    """The same local part at two domains of one organisation."""
    SAME = 6


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
    def has_number(self) -> bool:
        """Whether a number tells the bearer from a namesake."""
        return self.stem != self.local


def addresses_in(text: str | None) -> tuple[Address, ...]:
    """Find every address in a text, each once."""
    if not text or "@" not in text:
        return ()
    cleaned = clean(text.replace("\uff20", "@"))
    is_odd = LOOK_ALIKE in cleaned.oddities
    found = (_address(raw, is_odd=is_odd) for raw in _ADDRESS.findall(cleaned.text))
    return tuple(dict.fromkeys(address for address in found if address.local and address.domain))


def without_addresses(text: str) -> str:
    """Take the addresses out of a text."""
    return _ADDRESS.sub(" ", text) if "@" in text else text


def compare_addresses(one: Address, other: Address, *, organisation: Set[str]) -> Identity:
    """Say how two addresses stand to each other."""
    are_kin = one.domain == other.domain or {one.domain, other.domain} <= organisation
    if one.local == other.local:
        if one.is_odd or other.is_odd:
            return Identity.NEAR
        if one.domain == other.domain:
            return Identity.SAME
        return Identity.SIBLING if are_kin else _at_other_domain(one, other)
    if not are_kin:
        return Identity.UNKNOWN
    if one.stem == other.stem:
        return Identity.NUMBER
    return Identity.NEAR if _is_near(one.local, other.local) else Identity.OTHER


def github_name(text: str | None) -> str:
    """Reduce ``@Jane`` and ``https://github.com/jane`` to ``jane``; placeholders to nothing."""
    if not text:
        return ""
    name = _GITHUB_LINK.sub("", clean(text).text.strip()).strip(" @/").casefold()
    return "" if re.sub(r"[^a-z]", "", name) in _NO_NAME and not re.search(r"\d", name) else name


def local_words(local: str) -> tuple[str, ...]:
    """Split ``jane.doe-smith2`` into the words of a name."""
    return tuple(word for word in re.split(r"[^a-z]+", folded(local)) if word)


def _address(raw: str, *, is_odd: bool) -> Address:
    local, _, domain = raw.casefold().strip(".").rpartition("@")
    return Address(local.removeprefix("mailto:").partition("+")[0].strip("."), domain, is_odd)


def _at_other_domain(one: Address, other: Address) -> Identity:
    """A slip in the domain is a slip; another domain may be another person of the name."""
    is_slip = OSA.distance(one.domain, other.domain, score_cutoff=2) <= 2
    return Identity.NEAR if is_slip else Identity.LOCAL


def _is_near(one: str, other: str) -> bool:
    longest = max(len(one), len(other))
    allowed = 2 if longest >= 10 else 1 if longest >= 5 else 0
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
