"""Finds the people in a parsed list, whatever its shape, and nobody in a file of other data."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.domain.list_words import (
    ABOUT_A_MACHINE,
    ABOUT_A_PERSON,
    EMAIL_KEYS,
    FIELD_KEYS,
    FIRST_NAME_KEYS,
    GITHUB_KEYS,
    LAST_NAME_KEYS,
    LOGIN_KEYS,
    NAME_KEYS,
    PERSON_KEYS,
    USER_NAME_KEYS,
    Trust,
    key_of,
    trust_under,
)
from service.domain.yaml_text import DEEPEST, Items, Node, Pairs, UnreadableText

MOST_REPEATS = 50_000
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


def people_in(document: Node, *, heading: str = "") -> Iterator[Person]:
    """Yield the people of one document, in its order.

    Raises:
        UnreadableText: its aliases expand without end.
    """
    return _Finder().walk(document, (heading,) if heading else (), Trust.LIKELY)


@dataclass(frozen=True, slots=True)
class _Fields:
    """A mapping by normalised key; a key written twice keeps both values."""

    values: dict[str, list[Node]]

    def texts(self, keys: frozenset[str]) -> list[str]:
        found = (_texts(value) for key in self.values if key in keys for value in self.values[key])
        return list(dict.fromkeys(text for texts in found for text in texts))

    def first(self, keys: frozenset[str]) -> str | None:
        return next(iter(self.texts(keys)), None)

    def has(self, keys: frozenset[str]) -> bool:
        return not keys.isdisjoint(self.values)


class _Finder:
    """Walks one document; counts what aliases repeat, so that a small file cannot grow huge."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._repeats = 0

    def walk(self, node: Node, path: tuple[str, ...], trust: Trust) -> Iterator[Person]:
        if isinstance(node, Items):
            self._note(node, path)
            yield from self._list(node, path, trust)
        elif isinstance(node, Pairs):
            self._note(node, path)
            yield from self._mapping(node, path, trust)

    def _list(self, node: Items, path: tuple[str, ...], trust: Trust) -> Iterator[Person]:
        for number, item in enumerate(node.items, start=1):
            here = (*path, f"entry {number}")
            if isinstance(item, str):
                person = _person_of_text(item, _place(here), path[-1] if path else "", trust)
                if person:
                    yield person
            else:
                yield from self.walk(item, here, trust)

    def _mapping(self, node: Pairs, path: tuple[str, ...], trust: Trust) -> Iterator[Person]:
        pairs = self._merged(node, 0)
        fields = _fields(pairs)
        person = None if _is_group(pairs) else _person_of_fields(fields, _place(path), trust)
        if person:
            yield person
        for key, value in pairs:
            name = key_of(key)
            under = trust_under(name, above=trust)
            if person or name in FIELD_KEYS:
                if _holds_people(name, value):
                    yield from self.walk(value, (*path, key), under)
                continue
            yield from self._under_key(key, value, (*path, key), (trust, under))

    def _under_key(
        self, key: str, value: Node, path: tuple[str, ...], trusts: tuple[Trust, Trust]
    ) -> Iterator[Person]:
        trust, under = trusts
        named = _person_of_key(key, value, _place(path), trust)
        if isinstance(value, Pairs):
            fields = _fields(self._merged(value, 0))
            sure = Trust.NO if under is Trust.NO else max(trust, Trust.UNSAID)
            inner = _person_of_fields(fields, _place(path), sure)
            if inner and not _is_group(value.pairs_by_text()):
                yield _completed(inner, key)
                return
            if any(isinstance(child, Pairs) for _, child in value.pairs):
                named = None
        if named:
            yield named
        else:
            yield from self.walk(value, path, under)

    def _merged(self, node: Pairs, depth: int) -> list[tuple[str, Node]]:
        """Resolve merge keys (https://yaml.org/type/merge.html): the mapping's own keys win."""
        own = [(key, value) for key, value in node.pairs_by_text() if key != "<<"]
        bases = [value for key, value in node.pairs_by_text() if key == "<<"]
        if not bases or depth > DEEPEST:
            return own
        taken = {key for key, _ in own}
        for base in bases:
            for one in base.items if isinstance(base, Items) else [base]:
                if isinstance(one, Pairs):
                    self._count(len(one.pairs))
                    for key, value in self._merged(one, depth + 1):
                        if key not in taken:
                            taken.add(key)
                            own.append((key, value))
        return own

    def _note(self, node: Items | Pairs, path: tuple[str, ...]) -> None:
        if id(node) in self._seen:
            self._count(1)
        self._seen.add(id(node))
        if len(path) > 2 * DEEPEST:
            raise UnreadableText("it refers to itself")

    def _count(self, repeats: int) -> None:
        self._repeats += repeats
        if self._repeats > MOST_REPEATS:
            raise UnreadableText("its aliases repeat too much")


def _fields(pairs: list[tuple[str, Node]]) -> _Fields:
    values: dict[str, list[Node]] = {}
    for key, value in pairs:
        values.setdefault(key_of(key), []).append(value)
    return _Fields(values)


def _person_of_fields(fields: _Fields, position: str, trust: Trust) -> Person | None:
    person = Person(
        position=position,
        name=_name(fields),
        email=", ".join(fields.texts(EMAIL_KEYS)) or None,
        github=fields.first(GITHUB_KEYS),
        user_name=fields.first(USER_NAME_KEYS),
    )
    return person if person.says_something() and _is_person(fields, person, trust) else None


def _name(fields: _Fields) -> str:
    if words := fields.texts(NAME_KEYS):
        return " ".join(words)
    return " ".join((*fields.texts(FIRST_NAME_KEYS), *fields.texts(LAST_NAME_KEYS)))


def _is_person(fields: _Fields, person: Person, trust: Trust) -> bool:
    if fields.has(ABOUT_A_MACHINE):
        return bool(person.name) and fields.has(LOGIN_KEYS)
    if fields.has(LOGIN_KEYS):
        return True
    if fields.has(PERSON_KEYS):
        return trust > Trust.NO
    others = fields.values.keys() - FIELD_KEYS - ABOUT_A_PERSON
    return trust is Trust.YES or (
        trust is Trust.LIKELY and not others and _is_full_name(person.name)
    )


def _person_of_text(text: str, position: str, heading: str, trust: Trust) -> Person | None:
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


def _person_of_key(key: str, value: Node, position: str, trust: Trust) -> Person | None:
    """Read ``jane.doe: admin``, ``Jane Doe: jane.doe@…`` or ``jdoe: Jane Doe``."""
    is_group = isinstance(value, Items) and not re.search(r"[ .@]", key)
    if is_group or len(key) > LONGEST:
        return None
    texts = _texts(value) if not isinstance(value, Pairs) else []
    address = next((found for text in texts for found in _ADDRESS.findall(text)), None)
    is_named = _ADDRESS.fullmatch(key) or (address and _is_full_name(key))
    if not is_named and trust is not Trust.YES:
        return None
    if key_of(key) in ABOUT_A_PERSON | ABOUT_A_MACHINE or trust is Trust.NO:
        return None
    named = _completed(Person(position=position, email=address), key)
    full = next((text for text in texts if _is_full_name(text)), None)
    is_user_name = bool(named.user_name and full and not isinstance(value, Items))
    return replace(named, name=full or "") if is_user_name else named


def _completed(person: Person, key: str) -> Person:
    """Add what the mapping's key says, where the fields leave it open."""
    if "@" in key:
        return person if person.email else replace(person, email=key)
    if _USER_NAME.fullmatch(key) and not key.istitle():
        return person if person.user_name else replace(person, user_name=key)
    return person if person.name else replace(person, name=key)


def _is_group(pairs: list[tuple[str, Node]]) -> bool:
    return any(_holds_people(key_of(key), value) for key, value in pairs)


def _holds_people(key: str, value: Node) -> bool:
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


def _place(path: tuple[str, ...]) -> str:
    return " / ".join(path) or "the whole file"
