"""Whether a mapping or a field of a list is a group, a role or a setting, and not a person."""

import re

from service.domain.access_lists.fields import ADDRESS, is_deep, is_named_as_a_person, texts_of
from service.domain.access_lists.names import is_full_name
from service.domain.access_lists.person import USER_NAME, ListedPerson
from service.domain.access_lists.words import (
    ABOUT_RIGHTS,
    ACCOUNTS_KEYS,
    FIELD_KEYS,
    NAMING_KEYS,
    PERSON_KEYS,
    Trust,
    field_key,
    is_heading,
    trust_under,
)
from service.domain.access_lists.yaml_text import Items, Node, Pairs


def is_group(pairs: list[tuple[str, Node]]) -> bool:
    """Say whether a mapping stands for several people, and not for one."""
    keys = [field_key(key) for key, _ in pairs]
    is_named = not NAMING_KEYS.isdisjoint(keys)
    has_accounts = not ACCOUNTS_KEYS.isdisjoint(keys)
    own = ACCOUNTS_KEYS if has_accounts and is_named_as_a_person(pairs) else frozenset()
    return any(
        (key not in own and holds_people(key, value))
        or (not is_named and is_list_of_users(key, value))
        for key, (_, value) in zip(keys, pairs, strict=True)
    )


def describes_a_role(path: tuple[str, ...], pairs: list[tuple[str, Node]]) -> bool:
    """Say whether a mapping says what a role may do, and not who has it."""
    if not ABOUT_RIGHTS.intersection(field_key(key) for key in path[:-1]):
        return False
    is_one_role = not field_key(path[-1]).endswith("s")
    return is_one_role and all(
        isinstance(value, str) and not re.search(r"[ .@]", key) and not ADDRESS.search(value)
        for key, value in pairs
    )


def is_setting(value: Node) -> bool:
    """Say whether a value beside a team's members is about the team, as ``privacy: closed`` is."""
    if isinstance(value, Pairs):
        return all(isinstance(child, str) and is_setting(child) for _, child in value.pairs)
    return isinstance(value, str) and not ADDRESS.search(value) and not is_full_name(value)


def is_slug(key: str, person: ListedPerson, trust: Trust) -> bool:
    """Say whether a key is only the name again, as in an address of the web: ``jane-doe``."""
    words = person.name.casefold().split()
    return trust is not Trust.YES and len(words) > 1 and key in {"-".join(words), "_".join(words)}


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


def may_have_rights(key: str, value: Node) -> bool:
    """Say whether ``jdoe: [wiki, mail]`` may say what jdoe may do; ``web: [jdoe]`` looks alike."""
    words = texts_of(value) if isinstance(value, Items) and not is_deep(value) else []
    is_plain = all(USER_NAME.fullmatch(word) and word.islower() for word in words)
    is_user_name = USER_NAME.fullmatch(key) and not is_heading(field_key(key))
    return bool(words and is_plain and is_user_name)
