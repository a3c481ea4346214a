"""What one mapping, text or key of a list says about one person."""

import re
import unicodedata
from dataclasses import dataclass, replace

from service.domain.lists.words import (
    ABOUT_A_MACHINE,
    ABOUT_A_THING,
    ABOUT_RIGHTS,
    EMAIL_KEYS,
    FIELD_KEYS,
    FIRST_NAME_KEYS,
    GITHUB_KEYS,
    LAST_NAME_KEYS,
    LOGIN_KEYS,
    NAME_KEYS,
    NAMING_KEYS,
    PERSON_KEYS,
    USER_NAME_KEYS,
    Trust,
    is_heading,
    key_of,
    trust_under,
)
from service.domain.lists.yaml_text import Items, Node, Pairs

LONGEST = 1000
"""Characters; whatever is longer is no name, address or user name."""

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_NAME_WORD = "(?:[^\\W\\d_]+\\.?|[^\\W\\d_]+(?:['\u2019`-][^\\W\\d_]+)+)"
_FULL_NAME = re.compile(rf"{_NAME_WORD}(?:,? {_NAME_WORD}){{1,5}}(?: [(\[].*[)\]])?")
_USER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a list says about one person, as it spells it, and where it says so."""

    position: str
    name: str = ""
    email: str | None = None
    github: str | None = None
    user_name: str | None = None

    def says_something(self) -> bool:
        """Say whether there is anything to know the person by."""
        return bool(self.name or self.email or self.github or self.user_name)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping by normalised key; a key written twice keeps both values."""

    values: dict[str, list[Node]]

    def texts(self, keys: frozenset[str]) -> list[str]:
        """Return all texts of these fields, each once."""
        found = (_texts(value) for key in self.values if key in keys for value in self.values[key])
        return list(dict.fromkeys(text for texts in found for text in texts))

    def first(self, keys: frozenset[str]) -> str | None:
        """Return the first text of these fields."""
        return next(iter(self.texts(keys)), None)

    def has(self, keys: frozenset[str]) -> bool:
        """Say whether any of these fields is there, even without a value."""
        return not keys.isdisjoint(self.values)


def fields_of(pairs: list[tuple[str, Node]]) -> Fields:
    """Take a mapping apart by field."""
    values: dict[str, list[Node]] = {}
    for key, value in pairs:
        values.setdefault(key_of(key), []).append(value)
    return Fields(values)


def person_of_fields(fields: Fields, position: str, trust: Trust) -> Person | None:
    """Read a mapping with a person's fields."""
    # Who signs in with an address has it for a user name.
    user_names = fields.texts(USER_NAME_KEYS)
    addresses = [name for name in user_names if _ADDRESS.fullmatch(name)]
    emails = dict.fromkeys((*fields.texts(EMAIL_KEYS), *addresses))
    person = Person(
        position=position,
        name=_name(fields),
        email=", ".join(emails) or None,
        github=fields.first(GITHUB_KEYS),
        user_name=next((name for name in user_names if name not in addresses), None),
    )
    return person if person.says_something() and _is_person(fields, person, trust) else None


def _name(fields: Fields) -> str:
    if words := fields.texts(NAME_KEYS):
        return " ".join(words)
    return " ".join((*fields.texts(FIRST_NAME_KEYS), *fields.texts(LAST_NAME_KEYS)))


def _is_person(fields: Fields, person: Person, trust: Trust) -> bool:
    if fields.has(ABOUT_A_MACHINE):
        is_known = fields.has(LOGIN_KEYS) or (trust > Trust.NO and _is_full_name(person.name))
        return bool(person.name) and fields.has(PERSON_KEYS) and is_known
    if fields.has(LOGIN_KEYS):
        return True
    if fields.has(PERSON_KEYS):
        return trust > Trust.NO
    is_thing = not fields.values.keys().isdisjoint(ABOUT_A_THING)
    return trust is Trust.YES or (
        trust is Trust.LIKELY and not is_thing and _is_full_name(person.name)
    )


def person_of_text(text: str, position: str, heading: str, trust: Trust) -> Person | None:
    """Read ``Jane Doe``, ``Jane Doe <jane.doe@…>`` or ``jane.doe``."""
    stripped = next(iter(_texts(text)), "")
    addresses = _ADDRESS.findall(stripped)
    if addresses:
        rest = _ADDRESS.sub(" ", stripped).strip(" <>()[],;:\"'-")
        name = " ".join(rest.split())
        person = Person(position=position, name=name, email=", ".join(addresses))
        return person if trust > Trust.NO else None
    if trust >= Trust.LIKELY and _is_full_name(stripped) and not stripped.islower():
        return Person(position=position, name=stripped)
    if trust is Trust.YES and stripped:
        return _by_one_word(stripped, position, heading)
    return None


def _is_full_name(text: str) -> bool:
    """Say whether a text may be a person's first and last name, in any alphabet."""
    letters = "".join(c for c in text if unicodedata.category(c)[0] != "M")
    return bool(_FULL_NAME.fullmatch(letters))


def _by_one_word(text: str, position: str, heading: str) -> Person:
    if "github" in key_of(heading):
        return Person(position=position, github=text)
    if _USER_NAME.fullmatch(text) and text == text.lower():
        return Person(position=position, user_name=text)
    return Person(position=position, name=text)


def person_of_key(key: str, value: Node, position: str, trust: Trust) -> Person | None:
    """Read ``jane.doe: admin``, ``Jane Doe: jane.doe@…`` or ``jdoe: Jane Doe``."""
    is_group = isinstance(value, Items) and not re.search(r"[ .@]", key)
    if is_group or len(key) > LONGEST:
        return None
    texts = _texts(value) if not isinstance(value, Pairs) else []
    address = next((found for text in texts for found in _ADDRESS.findall(text)), None)
    is_named = _ADDRESS.search(key) or (address and _is_full_name(key))
    if not is_named and trust is not Trust.YES:
        return None
    if is_heading(key_of(key)) or trust is Trust.NO:
        return None
    named = completed(Person(position=position, email=address), key)
    full = next((text for text in texts if _is_full_name(text)), None)
    is_user_name = bool(named.user_name and full and not isinstance(value, Items))
    return replace(named, name=full or "") if is_user_name else named


def completed(person: Person, key: str) -> Person:
    """Add what the mapping's key says, where the fields leave it open."""
    if is_heading(key_of(key)):
        return person
    if told := person_of_text(key, person.position, "", Trust.UNSAID):
        return replace(person, name=person.name or told.name, email=person.email or told.email)
    if _USER_NAME.fullmatch(key) and not key.istitle():
        return person if person.user_name else replace(person, user_name=key)
    return person if person.name else replace(person, name=key)


def is_group(pairs: list[tuple[str, Node]]) -> bool:
    """Say whether a mapping stands for several people, and not for one."""
    keys = [key_of(key) for key, _ in pairs]
    is_named = not NAMING_KEYS.isdisjoint(keys)
    return any(
        holds_people(key, value) or (not is_named and is_list_of_users(key, value))
        for key, (_, value) in zip(keys, pairs, strict=True)
    )


def describes_a_role(path: tuple[str, ...], pairs: list[tuple[str, Node]]) -> bool:
    """Say whether a mapping says what a role may do, and not who has it."""
    if not ABOUT_RIGHTS.intersection(key_of(key) for key in path[:-1]):
        return False
    is_one_role = not key_of(path[-1]).endswith("s")
    return is_one_role and all(
        isinstance(value, str) and not re.search(r"[ .@]", key) and not _ADDRESS.search(value)
        for key, value in pairs
    )


def is_list_of_users(key: str, value: Node) -> bool:
    """Say whether a field holds the addresses or user names of several people."""
    return key in PERSON_KEYS and isinstance(value, Items) and len(value.items) > 1


def holds_people(key: str, value: Node) -> bool:
    """Say whether a key's value is a group of people, not one more detail of a person."""
    if key in FIELD_KEYS or trust_under(key, above=Trust.UNSAID) is not Trust.YES:
        return False
    return isinstance(value, Items) or (
        isinstance(value, Pairs) and any(isinstance(child, Pairs) for _, child in value.pairs)
    )


def _texts(value: Node) -> list[str]:
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
    return [text for child in children[:20] if isinstance(child, str) for text in _texts(child)]
