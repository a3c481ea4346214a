"""The words by which access lists call their fields and their groups of people."""

import re
from enum import IntEnum
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAME_KEYS = frozenset(
    {
        *("name", "full_name", "fullname", "display_name", "displayname", "person", "person_name"),
        *("cn", "common_name"),
    }
)
REAL_NAME_KEYS = frozenset({"real_name", "realname", "legal_name"})
# Who it is, by name or by user name; what else stands there may be anything's.
WHO_KEYS = frozenset({"user", "member", "team_member", "staff_member", "employee", "colleague"})
FIRST_NAME_KEYS = frozenset({"first_name", "firstname", "forename", "given_name", "first"})
LAST_NAME_KEYS = frozenset({"last_name", "lastname", "surname", "family_name", "last"})
EMAIL_KEYS = frozenset(
    {
        *("email", "emails", "email_address", "email_addresses", "mail"),
        *("work_email", "user_email", "primary_email"),
    }
)
# The full name of a user whose `name` is a login.
FULL_NAME_KEYS = frozenset(
    {"comment", "comments", "gecos", "description", "note", "notes", "info", "about"}
)
# Other names that somebody goes or went by.
OTHER_NAME_KEYS = frozenset(
    {
        *("known_as", "preferred_name", "nickname", "also_known_as", "aka", "alias", "aliases"),
        *("former_name", "previous_name", "maiden_name", "birth_name", "other_names"),
    }
)
GITHUB_KEYS = frozenset({"github"})
USER_NAME_KEYS = frozenset(
    {"ssh", "ssh_username", "ssh_user", "ssh_login", "username", "user_name", "login", "user_id"}
)
EXPIRY_KEYS = frozenset({"expires_at"})
LOGIN_KEYS = GITHUB_KEYS | USER_NAME_KEYS
# Who somebody is, in a list of users: an address or a user name, if nothing else says it.
ACCOUNT_KEYS = frozenset(
    {
        *("account", "account_name", "handle", "id", "uid", "userid", "nick", "alias", "identity"),
        *(
            "principal",
            "principal_name",
            "subject",
            "ldap",
            "aws_username",
            "iam_user",
            "unix_user",
        ),
    }
)
# Accounts of one person beside a full name; elsewhere a list of several people's.
ACCOUNTS_KEYS = _words("github_usernames github_users github_logins usernames logins")
PERSON_KEYS = EMAIL_KEYS | LOGIN_KEYS
# Beside one of these, a comment may be the full name of somebody.
SOMEBODY_KEYS = PERSON_KEYS | WHO_KEYS | ACCOUNT_KEYS | {"gecos"}
NAMING_KEYS = NAME_KEYS | FIRST_NAME_KEYS | LAST_NAME_KEYS | REAL_NAME_KEYS
FIELD_KEYS = PERSON_KEYS | NAMING_KEYS

# What stands beside the name of a person, and not beside the name of a machine or a team.
ABOUT_A_PERSON = _words(
    """role roles title job_title team teams department organisation manager line_manager status
    notes note comment start_date end_date joined leaving_date access permissions groups ssh_key
    ssh_keys public_key active contractor expires phone slack slack_username user_type"""
)
# What stands beside the name of a person alone: neither a team, a service nor an event has it.
ABOUT_A_PERSON_ALONE = _words(
    """role job_title line_manager joined leaving_date production_access access_level ssh_key
    ssh_keys contractor user_type slack_username employee_id staff_id staff_number pronouns"""
)
ROLES_OF_MACHINES = _words(
    """primary secondary replica master slave leader follower db database web frontend backend
    cache worker queue proxy server monitoring router storage"""
)
# What stands beside the name of a machine, a service or a connection.
ABOUT_A_MACHINE = _words(
    """password host hostname port url uri database adapter repo repository image schedule cron
    region namespace command steps jobs uses run on runs_on version chart path endpoint bucket arn
    cidr secret token api_key encoding pool timeout homepage"""
)

# What stands beside the name of a thing, in a list without addresses or user names.
ABOUT_A_THING = ABOUT_A_MACHINE | _words(
    """description type kind slug key value default enabled options owner owners services colour
    color format summary text label labels category priority members required example content
    icon version status order weight tags language platform schema input output needs with env
    privacy visibility"""
)

# Under these stands what somebody may do, unless it is plainly about people.
ABOUT_RIGHTS = _words("roles permissions policies rights scopes capabilities")

# What stands in a list of what one person may do.
RIGHTS = _words(
    """admin administrator root sudo ssh vpn read write readonly read_only read_write execute
    deploy push pull maintain console superuser editor viewer reader writer owner user"""
)

_PEOPLE = _words(
    """user users username usernames people person persons staff member members admin admins
    administrator administrators developer developers engineer engineers contractor contractors
    reviewer reviewers owner owners maintainer maintainers editor editors approver approvers lead
    leads colleague colleagues employee employees account accounts name names leaver leavers
    joiner joiners email emails logins"""
)
_ANYTHING = _words(
    """production staging integration access tech list entries reader readers viewer viewers writer
    writers operator operators tester testers designer designers collaborator collaborators sres"""
)
_OTHER = _words(
    """repo repos repository repositories service services app apps application applications url
    urls domain domains region regions environment environments team teams department departments
    organisation organisations permission permissions template templates label labels tag tags
    host hosts queue queues topic topics feature features page pages job jobs step steps database
    databases contact contacts support smtp notification notifications bot bots"""
)
_CONTACTS = _words("contact contacts support")
# Whose address an e-mail key names, if not that of the person beside it.
_SOMEBODY_ELSE = _words(
    """manager managers owner owners approver approvers approved requester requested requestor
    sponsor supervisor boss lead reviewer reviewed by created updated added team group list service
    support admin administrator alert alerts notification notifications notify from to cc bcc reply
    sender noreply billing security emergency kin buddy partner parent client bot app smtp host"""
)
# Under these stand a person's accounts and addresses, one level down.
DETAIL_KEYS = _words(
    """contact contacts contact_details accounts account logins details profile profiles ids links
    social socials"""
)
# The lists of people that a team or an organisation has, beside its own settings.
MEMBERS_KEYS = _words("members member_list maintainers people")
# What a key may say beside "GitHub" and still name somebody's account there.
_OF_GITHUB_NAMES = _words(
    """github gh user username login handle account id name nick nickname profile url link page"""
)

_GITHUB = _words("github gh")

_APART = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ONE_WORD = re.compile(r"(?<![a-z0-9])(?:e_mail|git_hub|user_name)(?=s?(?:_|$))")
_ANY_EMAIL = re.compile(r"(?:\w+_)?e?mails?(?:_address(?:es)?)?(?:_?\d+)?")


class Trust(IntEnum):
    """How sure it is that what stands here is a person."""

    NEVER = 0
    """A team's or service's own contact: only what has a user name is a person."""
    NO = 1
    """Machines, services, teams: so is a full name with an address that spells it."""
    UNSAID = 2
    """An unknown heading: what has an e-mail address or a user name is a person."""
    LIKELY = 3
    """The top of a file: a full name in a bare list is a person, too."""
    YES = 4
    """Under a heading such as ``users``: everything is."""


@lru_cache(maxsize=4096)
def field_key(text: str | None) -> str:
    """Normalise a key: ``E-mail address``, ``emailAddress`` and ``email_address`` are one.

    So are all keys that name a GitHub account: ``github``.
    """
    apart = text or ""
    if not apart.islower():
        apart = _HUMP.sub("_", apart).casefold()
    words = _APART.sub("_", apart).strip("_")
    if "_" in words:
        words = _ONE_WORD.sub(lambda found: found[0].replace("_", ""), words)
    parts = set(words.split("_"))
    is_github = not parts.isdisjoint(_GITHUB) and parts <= _OF_GITHUB_NAMES
    return "github" if is_github else words


@lru_cache(maxsize=4096)
def trust_under(key: str, *, above: Trust) -> Trust:
    """Say how far a heading vouches for what stands under it."""
    words = set(key.split("_"))
    if words & _CONTACTS and above <= Trust.NO:
        return Trust.NEVER
    if words & _OTHER and not key.endswith(("users", "members", "people", "staff")):
        return Trust.NO
    if words & _PEOPLE:
        return Trust.YES
    if words & _ANYTHING:
        return max(above, Trust.LIKELY)
    return Trust.YES if above is Trust.YES else Trust.UNSAID


@lru_cache(maxsize=4096)
def is_heading(key: str) -> bool:
    """Say whether a key is a word of the list's own, and nobody's name or user name."""
    headings = _PEOPLE | _ANYTHING | _OTHER
    is_detail = key in ABOUT_A_PERSON | ABOUT_A_THING | FIELD_KEYS
    return is_detail or all(word in headings for word in key.split("_"))


@lru_cache(maxsize=4096)
def is_own_email(key: str) -> bool:
    """Say whether a key such as ``gds_email`` or ``email_2`` names the address of who has it."""
    found = _ANY_EMAIL.fullmatch(key)
    return bool(found) and _SOMEBODY_ELSE.isdisjoint(key.split("_")) and not is_contact_email(key)


@lru_cache(maxsize=4096)
def may_be_own(key: str) -> bool:
    """Say whether a lone address under this key may be that of the mapping's person."""
    return _SOMEBODY_ELSE.isdisjoint(key.split("_")) and key not in ABOUT_A_MACHINE


@lru_cache(maxsize=4096)
def is_contact_email(key: str) -> bool:
    """Say whether a key such as ``contact_email`` may name a person's address or a thing's."""
    return bool(_ANY_EMAIL.fullmatch(key)) and key.startswith("contact_")
