"""By what two tickets are known to be about the same person."""

import hashlib
from collections.abc import Iterable

from service.domain.directory import Entry
from service.domain.ticket import LeaverDetails


def person_keys(entries: Iterable[Entry], details: LeaverDetails) -> frozenset[str]:
    """Return digests of a person's entries and addresses; the ticket's address without an entry.

    A name is no key: two people may share it.
    """
    entries = tuple(entries)
    keys = {f"entry {entry.id}" for entry in entries}
    addresses = [entry.email for entry in entries if entry.email]
    if not entries and details.email:
        addresses = [details.email.value]
    keys |= {f"address {_digest(address)}" for address in addresses}
    return frozenset(keys)


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:16]
