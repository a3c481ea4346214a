"""One person of a list: what a text or a key says about them."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.access_lists.fields import ADDRESS, LONGEST, is_deep, texts_of, without_address
from service.domain.access_lists.names import is_full_name, is_one_name, names_somebody, spells
from service.domain.access_lists.words import (
    ABOUT_A_PERSON,
    ABOUT_A_THING,
    RIGHTS,
    Trust,
    field_key,
    is_heading,
)
from service.domain.access_lists.yaml_text import Items, Node, Pairs

USER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """What a list says about one person, as it spells it, and where it says so."""

    position: str
    name: str = ""
    email: str | None = None
    github: str | None = None
    user_name: str | None = None
    expires_at: datetime | None = None
    other_names: tuple[str, ...] = ()

    def says_something(self) -> bool:
        """Say whether anything identifies the person."""
        return bool(self.name or self.email or self.github or self.user_name)


def person_of_text(text: str, position: str, heading: str, trust: Trust) -> ListedPerson | None:
    """Read ``Jane Doe``, ``Jane Doe <jane.doe@…>`` or ``jane.doe``."""
    stripped = next(iter(texts_of(text)), "")
    addresses = ADDRESS.findall(stripped)
    if addresses:
        name = without_address(stripped)
        person = ListedPerson(position=position, name=name, email=", ".join(addresses))
        is_one = trust > Trust.NO or (trust is Trust.NO and spells(addresses[0], name))
        return person if is_one else None
    if trust >= Trust.LIKELY and is_full_name(stripped) and not stripped.islower():
        return ListedPerson(position=position, name=stripped)
    if trust is Trust.YES and stripped:
        return _by_one_word(stripped, position, heading)
    return None


def person_of_one_name(text: str, position: str) -> ListedPerson | None:
    """Read ``Sukarno`` in a bare list that has full names as well."""
    return ListedPerson(position=position, name=text.strip()) if is_one_name(text.strip()) else None


def _by_one_word(text: str, position: str, heading: str) -> ListedPerson:
    if "github" in field_key(heading):
        return ListedPerson(position=position, github=text)
    if USER_NAME.fullmatch(text) and text == text.lower():
        return ListedPerson(position=position, user_name=text)
    return ListedPerson(position=position, name=text)


def person_of_key(key: str, value: Node, position: str, trust: Trust) -> ListedPerson | None:
    """Read ``jane.doe: admin``, ``Jane Doe: jane.doe@…`` or ``jdoe: Jane Doe``."""
    is_one_word = not re.search(r"[ .@]", key)
    is_group = is_one_word and isinstance(value, Items) and not _says_rights(value)
    if is_group or len(key) > LONGEST:
        return None
    texts = texts_of(value) if not isinstance(value, Pairs) else []
    address = next((found for text in texts for found in ADDRESS.findall(text)), None)
    is_named = ADDRESS.search(key) or (address and is_full_name(key))
    full = next((text for text in texts if is_full_name(text)), None)
    if isinstance(value, str) and full and trust > Trust.NO and not is_named:
        is_named = spells(key, full, run_together=trust >= Trust.LIKELY)
    if isinstance(value, Pairs) and trust >= Trust.LIKELY and names_somebody(key):
        said = {field_key(each) for each, _ in value.pairs_by_text()}
        is_named = is_named or (said & ABOUT_A_PERSON and not said & ABOUT_A_THING)
    if not is_named and trust is not Trust.YES:
        return None
    if is_heading(field_key(key)) or trust <= Trust.NO:
        return None
    named = completed(ListedPerson(position=position, email=address), key)
    if isinstance(value, Items) or not full or named.name:
        return named
    return replace(named, name=full) if named.user_name or names_somebody(full) else named


def _says_rights(value: Items) -> bool:
    words = {field_key(word) for word in texts_of(value)}
    return bool(words) and not is_deep(value) and words <= RIGHTS


def completed(person: ListedPerson, key: str) -> ListedPerson:
    """Add what the mapping's key says, if the fields leave it open."""
    if is_heading(field_key(key)):
        return person
    if said := person_of_text(key, person.position, "", Trust.UNSAID):
        return replace(person, name=person.name or said.name, email=person.email or said.email)
    if USER_NAME.fullmatch(key) and not key.istitle():
        return person if person.user_name else replace(person, user_name=key)
    return person if person.name else replace(person, name=key)
