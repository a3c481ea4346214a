"""User names as identities: placeholders and logins that a team shares identify nobody."""

import re

from service.domain.matching.name_words import NOBODY, SHARED_LOGINS
from service.domain.text import clean, to_ascii

_NO_NAME = NOBODY - {"a", "n"} | {"", "no", "nothing", "notknown", "false"}
_GITHUB_LINK = re.compile(r"^(?:https?://)?(?:www\.)?github\.com/", re.IGNORECASE)


def user_name(text: str | None) -> str:
    """Reduce ``@Jane`` and ``https://github.com/jane`` to ``jane``; what is nobody's to nothing."""
    if not text:
        return ""
    name = _GITHUB_LINK.sub("", clean(text).text.strip()).strip(" @/").casefold()
    return "" if is_placeholder(name) or name in SHARED_LOGINS else name


def is_placeholder(name: str) -> bool:
    """Say whether a user name or local part says ``none`` or ``not provided``, as names do."""
    words = login_words(name)
    says_nobody = all(word in NOBODY and len(word) > 2 for word in words)
    return (says_nobody or "".join(words) in _NO_NAME) and not re.search(r"\d", name)


def login_words(name: str) -> tuple[str, ...]:
    """Split ``jane.doe-smith2`` into the words of a name."""
    return tuple(word for word in re.split(r"[^a-z]+", to_ascii(name)) if word)
