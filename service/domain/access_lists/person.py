"""What one mapping, text or key of a list says about one person."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from service.domain.access_lists.fields import (
    ADDRESS,
    LONGEST,
    Fields,
    is_deep,
    is_named_as_a_person,
    texts_of,
    without_address,
)
from service.domain.access_lists.names import (
    is_full_name,
    is_one_name,
    names_somebody,
    spells,
)
from service.domain.access_lists.words import (
    ABOUT_A_MACHINE,
    ABOUT_A_PERSON,
    ABOUT_A_PERSON_ALONE,
    ABOUT_A_THING,
    ABOUT_RIGHTS,
    ACCOUNT_KEYS,
    ACCOUNTS_KEYS,
    EMAIL_KEYS,
    EXPIRY_KEYS,
    FIELD_KEYS,
    FIRST_NAME_KEYS,
    FULL_NAME_KEYS,
    GITHUB_KEYS,
    LAST_NAME_KEYS,
    LOGIN_KEYS,
    NAME_KEYS,
    NAMING_KEYS,
    OTHER_NAME_KEYS,
    PERSON_KEYS,
    REAL_NAME_KEYS,
    RIGHTS,
    ROLES_OF_MACHINES,
    SOMEBODY_KEYS,
    USER_NAME_KEYS,
    WHO_KEYS,
    Trust,
    is_heading,
    key_of,
    trust_under,
)
from service.domain.access_lists.yaml_text import Items, Node, Pairs

_USER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38})", re.IGNORECASE)
_GITHUB_PAGE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([a-z0-9-]+)/?", re.IGNORECASE)


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
        """Say whether there is anything to know the person by."""
        return bool(self.name or self.email or self.github or self.user_name)


def person_of_fields(
    fields: Fields, position: str, trust: Trust, *, is_one: bool
) -> ListedPerson | None:
    """Read a mapping with a person's fields.

    Args:
        fields: what the mapping says.
        position: where it stands.
        trust: how far the headings above vouch for it.
        is_one: whether it stands for one person if it is about people: it may be a list by key.
    """
    name, *other_names = _names(fields, is_sure=trust is Trust.YES) or [""]
    # Who signs in with an address has it for a user name.
    user_names = fields.texts(USER_NAME_KEYS)
    addresses = [name for name in user_names if ADDRESS.fullmatch(name)]
    emails = dict.fromkeys((*fields.texts(EMAIL_KEYS), *addresses))
    person = ListedPerson(
        position=position,
        name=name,
        email=", ".join(emails) or None,
        github=_github(fields),
        user_name=next((name for name in user_names if name not in addresses), None),
        expires_at=_end(fields),
        other_names=tuple(other_names),
    )
    if fields.has(WHO_KEYS) or not person.name:
        person = _with_who(person, fields)
    if is_one and trust is Trust.YES:
        person = _with_account(person, fields)
    return person if person.says_something() and _is_person(fields, person, trust) else None


def _end(fields: Fields) -> datetime | None:
    """Read the instant after which the entry no longer counts; a day counts to its end."""
    text = fields.first(EXPIRY_KEYS)
    if not text:
        return None
    try:
        end = datetime.fromisoformat(text)
    except ValueError:
        return None
    end = end.replace(tzinfo=end.tzinfo or UTC).astimezone(UTC)
    return end + timedelta(days=1) if len(text) == len("2026-12-18") else end


def _names(fields: Fields, *, is_sure: bool) -> list[str]:
    """Return the name, and the other names that the mapping gives to the same person."""
    apart = fields.texts(FIRST_NAME_KEYS) + fields.texts(LAST_NAME_KEYS)
    keys = sorted(NAME_KEYS.intersection(fields.values), key=lambda key: (key != "name", key))
    called = (" ".join(fields.own_texts(frozenset({key}))) for key in keys)
    names = [*called, " ".join(apart), *fields.texts(REAL_NAME_KEYS)]
    names = list(dict.fromkeys(filter(None, names)))
    is_somebody = is_sure or names or fields.has(SOMEBODY_KEYS)
    if is_somebody and not any(map(is_full_name, names)):
        texts = (text.partition(",")[0] for text in fields.own_texts(FULL_NAME_KEYS))
        names += filter(names_somebody, texts)
    return [*names, *(name for name in fields.own_texts(OTHER_NAME_KEYS) if name not in names)]


def _github(fields: Fields) -> str | None:
    """Return the GitHub name; a link to somebody's page there says it under any key."""
    texts = (text for text in fields.all_texts() if "/" in text)
    links = (text for text in texts if _GITHUB_PAGE.fullmatch(text))
    found = (*fields.texts(GITHUB_KEYS), *links)
    return next((_GITHUB_PAGE.sub(r"\1", text) for text in found), None)


def _with_account(person: ListedPerson, fields: Fields) -> ListedPerson:
    """Read who somebody in a list of users is, if an unusual key says it."""
    if not person.email and (address := fields.lone_address()):
        return replace(person, email=address)
    if person.name or person.email or person.user_name or person.github:
        return person
    accounts = fields.own_texts(ACCOUNT_KEYS)
    user_name = next((one for one in accounts if _is_user_name(one)), None)
    return replace(person, user_name=user_name)


def _is_user_name(text: str) -> bool:
    return bool(_USER_NAME.fullmatch(text)) and not text.isdigit()


def _with_who(person: ListedPerson, fields: Fields) -> ListedPerson:
    """Read ``user: Jane Doe``, ``user: jdoe`` and ``username: Jane Doe`` as what they say."""
    if not person.name and person.user_name and is_full_name(person.user_name):
        person = replace(person, name=person.user_name, user_name=None)
    for who in fields.own_texts(WHO_KEYS):
        if ADDRESS.fullmatch(who):
            person = person if person.email else replace(person, email=who)
        elif is_full_name(who):
            person = person if person.name else replace(person, name=who)
        elif _USER_NAME.fullmatch(who) and not person.user_name:
            person = replace(person, user_name=who)
    return person


def _is_person(fields: Fields, person: ListedPerson, trust: Trust) -> bool:
    if fields.has(ABOUT_A_MACHINE):
        is_known = fields.has(LOGIN_KEYS) or (trust > Trust.NO and is_full_name(person.name))
        return bool(person.name) and fields.has(PERSON_KEYS) and is_known
    if fields.has(LOGIN_KEYS) or trust is Trust.YES:
        return True
    if fields.has(PERSON_KEYS) and trust > Trust.NO:
        return True
    if fields.has(ABOUT_A_THING):
        return False
    is_user = fields.has(WHO_KEYS) and _says_what_people_have(fields)
    return (is_user and trust >= Trust.LIKELY) or _is_plainly_one(fields, person, trust)


def _is_plainly_one(fields: Fields, person: ListedPerson, trust: Trust) -> bool:
    """Say whether a full name is a person's by what stands beside it."""
    if trust >= Trust.UNSAID and _says_what_people_have(fields) and names_somebody(person.name):
        return True
    if trust >= Trust.LIKELY:
        is_only_named = fields.values.keys() <= NAMING_KEYS | ABOUT_A_PERSON
        return is_full_name(person.name) or (is_only_named and is_one_name(person.name))
    known = (*fields.texts(EMAIL_KEYS), *fields.own_texts(WHO_KEYS))
    return trust >= Trust.NO and any(spells(text, person.name) for text in known)


def _says_what_people_have(fields: Fields) -> bool:
    roles = {word for role in fields.own_texts(frozenset({"role"})) for word in role.split()}
    is_machine = not ROLES_OF_MACHINES.isdisjoint(role.casefold() for role in roles)
    return fields.has(ABOUT_A_PERSON_ALONE) and not is_machine


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
    if "github" in key_of(heading):
        return ListedPerson(position=position, github=text)
    if _USER_NAME.fullmatch(text) and text == text.lower():
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
        said = {key_of(each) for each, _ in value.pairs_by_text()}
        is_named = is_named or (said & ABOUT_A_PERSON and not said & ABOUT_A_THING)
    if not is_named and trust is not Trust.YES:
        return None
    if is_heading(key_of(key)) or trust <= Trust.NO:
        return None
    named = completed(ListedPerson(position=position, email=address), key)
    if isinstance(value, Items) or not full or named.name:
        return named
    return replace(named, name=full) if named.user_name or names_somebody(full) else named


def may_have_rights(key: str, value: Node) -> bool:
    """Say whether ``jdoe: [wiki, mail]`` may say what jdoe may do; ``web: [jdoe]`` looks alike."""
    words = texts_of(value) if isinstance(value, Items) and not is_deep(value) else []
    is_plain = all(_USER_NAME.fullmatch(word) and word.islower() for word in words)
    is_user_name = _USER_NAME.fullmatch(key) and not is_heading(key_of(key))
    return bool(words and is_plain and is_user_name)


def _says_rights(value: Items) -> bool:
    words = {key_of(word) for word in texts_of(value)}
    return bool(words) and not is_deep(value) and words <= RIGHTS


def completed(person: ListedPerson, key: str) -> ListedPerson:
    """Add what the mapping's key says, if the fields leave it open."""
    if is_heading(key_of(key)):
        return person
    if said := person_of_text(key, person.position, "", Trust.UNSAID):
        return replace(person, name=person.name or said.name, email=person.email or said.email)
    if _USER_NAME.fullmatch(key) and not key.istitle():
        return person if person.user_name else replace(person, user_name=key)
    return person if person.name else replace(person, name=key)


def is_group(pairs: list[tuple[str, Node]]) -> bool:
    """Say whether a mapping stands for several people, and not for one."""
    keys = [key_of(key) for key, _ in pairs]
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
    if not ABOUT_RIGHTS.intersection(key_of(key) for key in path[:-1]):
        return False
    is_one_role = not key_of(path[-1]).endswith("s")
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
