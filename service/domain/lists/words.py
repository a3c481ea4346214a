"""The words by which access lists call their fields and their groups of people."""

import re
from enum import IntEnum
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAME_KEYS = frozenset({"name", "full_name", "fullname", "display_name", "person", "person_name"})
FIRST_NAME_KEYS = frozenset({"first_name", "firstname", "forename", "given_name", "first"})
LAST_NAME_KEYS = frozenset({"last_name", "lastname", "surname", "family_name", "last"})
EMAIL_KEYS = frozenset(
    {"email", "emails", "email_address", "email_addresses", "e_mail", "mail", "work_email"}
)
GITHUB_KEYS = frozenset(
    {"github", "github_username", "github_user", "github_login", "github_handle", "gh_username"}
)
USER_NAME_KEYS = frozenset(
    {"ssh", "ssh_username", "ssh_user", "ssh_login", "username", "user_name", "login", "user_id"}
)
LOGIN_KEYS = GITHUB_KEYS | USER_NAME_KEYS
PERSON_KEYS = EMAIL_KEYS | LOGIN_KEYS
NAMING_KEYS = NAME_KEYS | FIRST_NAME_KEYS | LAST_NAME_KEYS
FIELD_KEYS = PERSON_KEYS | NAMING_KEYS

# What stands beside the name of a person, and not beside the name of a machine or a team.
ABOUT_A_PERSON = _words(
    """role roles title job_title team teams department organisation manager line_manager status
    notes note comment start_date end_date joined leaving_date access permissions groups ssh_key
    ssh_keys public_key active contractor expires phone slack slack_username user_type"""
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
    icon version status order weight tags language platform schema input output needs with env"""
)

# Under these stands what somebody may do, unless it is plainly about people.
ABOUT_RIGHTS = _words("roles permissions policies rights scopes capabilities")

_PEOPLE = _words(
    """user users username usernames people person persons staff member members admin admins
    administrator administrators developer developers engineer engineers contractor contractors
    reviewer reviewers owner owners maintainer maintainers editor editors approver approvers lead
    leads colleague colleagues employee employees account accounts name names leaver leavers
    joiner joiners email emails logins"""
)
_ANYTHING = _words("production staging integration access tech list entries")
_OTHER = _words(
    """repo repos repository repositories service services app apps application applications url
    urls domain domains region regions environment environments team teams department departments
    organisation organisations permission permissions template templates label labels tag tags
    host hosts queue queues topic topics feature features page pages job jobs step steps database
    databases contact contacts support smtp notification notifications bot bots"""
)


class Trust(IntEnum):
    """How sure it is that what stands here is a person."""

    NO = 0
    """Machines, services, teams: only what has a user name is a person."""
    UNSAID = 1
    """An unknown heading: what has an e-mail address or a user name is a person."""
    LIKELY = 2
    """The top of a file: a full name in a bare list is a person, too."""
    YES = 3
    """Under a heading such as ``users``: everything is."""


@lru_cache(maxsize=4096)
def key_of(text: str | None) -> str:
    """Normalise a key: ``E-mail address`` and ``email_address`` are the same field."""
    words = re.sub(r"[^a-z0-9]+", "_", (text or "").casefold()).strip("_")
    return words.replace("e_mail", "email")


@lru_cache(maxsize=4096)
def trust_under(key: str, *, above: Trust) -> Trust:
    """Say how far a heading vouches for what stands under it."""
    words = set(key.split("_"))
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
