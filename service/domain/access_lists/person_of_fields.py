"""One person of a list: what the fields of a mapping say about them, and whether it is a person."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.domain.access_lists.fields import ADDRESS, Fields
from service.domain.access_lists.names import is_full_name, is_one_name, names_somebody, spells
from service.domain.access_lists.person import USER_NAME, ListedPerson
from service.domain.access_lists.words import (
    ABOUT_A_MACHINE,
    ABOUT_A_PERSON,
    ABOUT_A_PERSON_ALONE,
    ABOUT_A_THING,
    ACCOUNT_KEYS,
    EMAIL_KEYS,
    EXPIRY_KEYS,
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
    ROLES_OF_MACHINES,
    SOMEBODY_KEYS,
    USER_NAME_KEYS,
    WHO_KEYS,
    Trust,
)

_GITHUB_PAGE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([a-z0-9-]+)/?", re.IGNORECASE)


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
    return bool(USER_NAME.fullmatch(text)) and not text.isdigit()


def _with_who(person: ListedPerson, fields: Fields) -> ListedPerson:
    """Read ``user: Jane Doe``, ``user: jdoe`` and ``username: Jane Doe`` as what they say."""
    if not person.name and person.user_name and is_full_name(person.user_name):
        person = replace(person, name=person.user_name, user_name=None)
    for who in fields.own_texts(WHO_KEYS):
        if ADDRESS.fullmatch(who):
            person = person if person.email else replace(person, email=who)
        elif is_full_name(who):
            person = person if person.name else replace(person, name=who)
        elif USER_NAME.fullmatch(who) and not person.user_name:
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
