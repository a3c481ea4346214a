"""Whose mailbox an address may be, as far as its letters show."""

import re

from anyascii import anyascii

from service.domain.reading.values import words_of


def mailbox(address: str) -> str:
    """The part before the "@": one organisation has several domains for the same mailbox."""
    return address.partition("@")[0].partition("+")[0].casefold()


def spells_whole(address: str, name: str) -> bool:
    """Whether an address holds all words of a name, or a first letter in place of one."""
    local = re.sub(r"[\W\d_]", "", anyascii(mailbox(address)).casefold())
    words = words_of(name)
    whole = [word for word in words if len(word) > 1 and word in local]
    return bool(whole) and all(w in local or local.startswith(w[0]) for w in words)
