"""The person whose entry an operator chose: all entries that bear the same address or user name."""

from service.domain.directory import Entry
from service.domain.finding.index import Directory


def entries_of_chosen(entry_id: str, directory: Directory) -> tuple[Entry, ...]:
    """Return the chosen entry and the same person's other ones; nothing where it is gone."""
    chosen = directory.by_id(entry_id)
    signs = {sign for entry in chosen for sign in _signs(entry)}
    others = (entry for entry in directory.entries if signs & _signs(entry))
    return tuple(dict.fromkeys((*chosen, *others)))


def _signs(entry: Entry) -> frozenset[tuple[str, str]]:
    signs = {"email": entry.email, "github": entry.github}
    return frozenset(
        (kind, sign.strip().casefold()) for kind, sign in signs.items() if sign and sign.strip()
    )
