"""One mapping of a list by field: what it is called there, and what it says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.domain.access_lists.names import names_somebody
from service.domain.access_lists.words import (
    ACCOUNTS_KEYS,
    DETAIL_KEYS,
    EMAIL_KEYS,
    FIELD_KEYS,
    LOGIN_KEYS,
    NAME_KEYS,
    NAMING_KEYS,
    PERSON_KEYS,
    field_key,
    is_contact_email,
    is_own_email,
    may_be_own,
)
from service.domain.access_lists.yaml_text import Items, Node, Pairs

LONGEST = 1000
"""Characters; anything longer is not a name, address or user name."""

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping by normalised key; a key written twice keeps both values.

    Attributes:
        values: what the mapping says itself.
        beside: what would be somebody's, but makes nobody of a thing.
    """

    values: dict[str, list[Node]]
    beside: dict[str, list[Node]]

    def texts(self, keys: frozenset[str]) -> list[str]:
        """Return all texts of these fields, each once."""
        own = _texts_under(self.values, keys)
        return list(dict.fromkeys(own + _texts_under(self.beside, keys))) if self.beside else own

    def own_texts(self, keys: frozenset[str]) -> list[str]:
        """Return the texts that the mapping itself has for these fields."""
        return _texts_under(self.values, keys)

    def first(self, keys: frozenset[str]) -> str | None:
        """Return the first text of these fields."""
        return next(iter(self.texts(keys)), None)

    def all_texts(self) -> Iterator[str]:
        """Yield every text of the mapping that stands alone under its key."""
        for values in (*self.values.values(), *self.beside.values()):
            yield from (value for value in values if isinstance(value, str))

    def lone_address(self) -> str | None:
        """Return the address that stands under a key of no usual name, if there is just one."""
        found = [
            value.strip()
            for key, values in self.values.items()
            for value in values
            if isinstance(value, str) and ADDRESS.fullmatch(value.strip()) and may_be_own(key)
        ]
        return found[0] if len(found) == 1 else None

    def has(self, keys: frozenset[str]) -> bool:
        """Say whether any of these fields is there, even without a value."""
        return not keys.isdisjoint(self.values)


def _apart(field: str, value: Node) -> Iterator[tuple[str, Node]]:
    """Read an address that stands for a name, or beside it, as what it is."""
    if field in NAME_KEYS and isinstance(value, str) and (email := ADDRESS.search(value)):
        yield "email", email[0]
        if name := without_address(value):
            yield field, name
    else:
        yield field, value


def without_address(text: str) -> str:
    """Return what stands beside an address: ``Jane Doe`` of ``Jane Doe <jane@…>``."""
    return " ".join(ADDRESS.sub(" ", text).strip(" <>()[],;:\"'-").split())


def is_named_as_a_person(pairs: list[tuple[str, Node]]) -> bool:
    """Say whether a mapping has the full name of a person, and not that of a team."""
    return any(
        field_key(key) in NAME_KEYS and isinstance(value, str) and names_somebody(value)
        for key, value in pairs
    )


def _texts_under(fields: dict[str, list[Node]], keys: frozenset[str]) -> list[str]:
    if keys.isdisjoint(fields):
        return []
    values = [value for key in fields if key in keys for value in fields[key]]
    if len(values) == 1 and isinstance(values[0], str):
        return texts_of(values[0])
    found = (texts_of(value) for value in values)
    return list(dict.fromkeys(text for texts in found for text in texts))


def fields_of(pairs: list[tuple[str, Node]]) -> Fields:
    """Take a mapping apart by field."""
    values: dict[str, list[Node]] = {}
    for key, value in pairs:
        for field, said in _apart(field_key(key), value):
            values.setdefault(field, []).append(said)
    if not ACCOUNTS_KEYS.isdisjoint(values) and is_named_as_a_person(pairs):
        for plural in [key for key in values if key in ACCOUNTS_KEYS]:
            field = "github" if "github" in plural else "username"
            values.setdefault(field, []).extend(values.pop(plural))
    beside: dict[str, list[Node]] = {}
    is_named = not NAMING_KEYS.isdisjoint(values)
    if is_named or not PERSON_KEYS.isdisjoint(values):
        _read_beside(values, beside)
    if not is_named:
        for key in LOGIN_KEYS.intersection(values):
            if any(is_deep(value) for value in values[key]):
                del values[key]
    return Fields(values, beside)


def _read_beside(values: dict[str, list[Node]], beside: dict[str, list[Node]]) -> None:
    for key in [key for key in values if key in EMAIL_KEYS or key not in FIELD_KEYS]:
        for value in values[key]:
            if isinstance(value, Pairs | Items):
                if key in EMAIL_KEYS or key in DETAIL_KEYS:
                    _read_details(value, beside, only_addresses=key in EMAIL_KEYS)
            elif value and "@" in value and key not in FIELD_KEYS and ADDRESS.search(value):
                if is_own_email(key):
                    values.setdefault("email", []).append(value)
                elif is_contact_email(key) or key in DETAIL_KEYS:
                    beside.setdefault("email", []).append(value)


def _read_details(
    value: Pairs | Items, beside: dict[str, list[Node]], *, only_addresses: bool
) -> None:
    """Read what stands one level down: an account or address of the entry's person."""
    children: Iterable[Node] = value.items if isinstance(value, Items) else [value]
    for child in list(children)[:20]:
        if isinstance(child, str) and not only_addresses:
            beside.setdefault("", []).append(child)
        pairs = child.pairs_by_text()[:20] if isinstance(child, Pairs) else []
        if any(field_key(key) in NAMING_KEYS for key, _ in pairs):
            continue
        for key, text in pairs:
            if not isinstance(text, str):
                continue
            if only_addresses and ADDRESS.fullmatch(text.strip()):
                beside.setdefault("email", []).append(text)
            elif not only_addresses:
                field = field_key(key) if field_key(key) in PERSON_KEYS else ""
                beside.setdefault(field, []).append(text)


def is_deep(value: Node) -> bool:
    """Say whether a value is more than a text, or a list or mapping of texts."""
    if isinstance(value, Items):
        return any(isinstance(child, Pairs | Items) for child in value.items)
    if isinstance(value, Pairs):
        return any(isinstance(child, Pairs | Items) for _, child in value.pairs)
    return False


def texts_of(value: Node) -> list[str]:
    """Read the texts of a scalar, or of a short list or mapping of scalars."""
    if isinstance(value, str):
        text = " ".join(value.split()) if len(value) <= LONGEST else ""
        return [text] if text else []
    if isinstance(value, Items):
        children: list[Node] = value.items
    elif isinstance(value, Pairs):
        children = [child for _, child in value.pairs]
    else:
        return []
    return [text for child in children[:20] if isinstance(child, str) for text in texts_of(child)]
