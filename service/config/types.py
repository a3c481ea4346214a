"""What kinds of settings there are: each says in words what is wrong with a value."""

import posixpath
import re
from datetime import time
from ipaddress import ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from service.config import extras
from service.config.messages import wrong

# Published for trying things out: https://developer.zendesk.com/documentation/webhooks/verifying/
ZENDESK_TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105
# Published, too: what the README sets until the webhook is there.
PLACEHOLDER = "later"
_SHORTEST_SESSION_SECRET = 32
# Working days after the leaving date: about a year.
_LONGEST_STEP = 250


def _a_signing_secret(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value() == ZENDESK_TEST_SECRET:
        raise wrong("is Zendesk's published test secret: take the webhook's own signing secret")
    return secret


def no_placeholder(secret: SecretStr | None) -> SecretStr | None:
    """Refuse what the README has one set until the webhook is there."""
    if secret and is_published_secret(secret):
        raise wrong("is still the placeholder: set it to the webhook's own signing secret")
    return secret


def is_published_secret(secret: SecretStr) -> bool:
    """Return whether a signing secret is what everybody can read in the README."""
    return secret.get_secret_value().strip().casefold() == PLACEHOLDER


def _a_session_secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < _SHORTEST_SESSION_SECRET:
        raise wrong(
            f"has fewer than {_SHORTEST_SESSION_SECRET} characters: make one with, for example, "
            "openssl rand -hex 32"
        )
    return secret


def _a_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("is not a time zone such as Europe/London") from None
    return name


def _a_folder(path: str) -> str:
    """Spell a folder of the repository in one way; the repository itself is the empty path."""
    return posixpath.normpath(f"/{path}").strip("/")


def _mail_domains(domains: frozenset[str]) -> frozenset[str]:
    if not all(re.fullmatch(r"[^\s@.]+(\.[^\s@.]+)+", domain) for domain in domains):
        raise wrong("contains something that is not a mail domain such as dsit.gov.uk")
    return domains


def _signs_of_people(signs: frozenset[str]) -> frozenset[str]:
    """Refuse what can be nobody's, such as a full name: it would protect nobody, without a word."""
    if not all(re.fullmatch(r"[^\s@;]+(@[^\s@;]+)?", sign) for sign in signs):
        raise wrong(
            "contains something that is neither an e-mail address nor a user name, such as "
            "jane.doe@example.gov.uk,jdoe"
        )
    return signs


def _networks(networks: frozenset[str]) -> frozenset[str]:
    """Refuse what is not an address or a network, and one that is everybody."""
    for network in networks:
        try:
            is_everybody = ip_network(network).prefixlen == 0
        except ValueError:
            is_everybody = True
        if is_everybody:
            raise wrong(
                "contains something that is not the address or the network of a proxy, such as "
                "10.1.2.3 or 10.1.2.0/24"
            )
    return networks


def _of_form(pattern: str, otherwise: str) -> AfterValidator:
    """Ask for a form, and say in words what is wrong if pydantic would quote the pattern."""

    def checked(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise wrong(otherwise)
        return value

    return AfterValidator(checked)


def is_blank(value: Any) -> bool:
    """Return whether a value is a text without anything to be seen in it."""
    return isinstance(value, str) and not value.strip()


def _comma_separated(value: Any) -> Any:
    if isinstance(value, str):
        return frozenset(part.strip().casefold() for part in value.split(",") if part.strip())
    return value


def _reviewers(names: tuple[str, ...]) -> tuple[str, ...]:
    """A user's name is letters, digits and hyphens; a team's slug may hold more."""
    if not all(re.fullmatch(r"[A-Za-z0-9-]{1,39}|team:[\w.-]{1,100}", name) for name in names):
        raise wrong("is not user names and teams by their slugs, such as jdoe,team:govuk-platform")
    return names


def _names(value: Any) -> Any:
    """Read names, separated by commas, as they are spelt."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _steps(value: Any) -> Any:
    """Read working days in ascending order; an empty text, or ``none``, stands for no step."""
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",") if word.strip()]
    if [word.casefold() for word in words] == ["none"]:
        words = []
    steps = [int(word) if word.isascii() and word.isdigit() else 0 for word in words]
    if any(not 1 <= step <= _LONGEST_STEP for step in steps) or steps != sorted(set(steps)):
        raise wrong("is not made of ascending numbers of working days, such as 1,3,5")
    return tuple(steps)


def _time_or_off(value: Any) -> Any:
    """Read ``off`` as no time at all."""
    return None if isinstance(value, str) and value.strip().casefold() == "off" else value


def _a_local_time(at: time | None) -> time | None:
    if at is not None and at.tzinfo is not None:
        raise wrong("must be a local time of day such as 17:00: TIMEZONE says where")
    return at


Text = Annotated[str, Field(min_length=1)]
Secret = Annotated[SecretStr, Field(min_length=1)]
SigningSecret = Annotated[Secret, AfterValidator(_a_signing_secret)]
SessionSecret = Annotated[SecretStr, AfterValidator(_a_session_secret)]
Subdomain = Annotated[
    str,
    _of_form(
        r"[a-z0-9][a-z0-9-]*",
        "is not a subdomain such as govuk, the first part of govuk.zendesk.com",
    ),
]
# As Zendesk keeps it: https://support.zendesk.com/hc/en-us/articles/4408888486170
Tag = Annotated[
    str,
    AfterValidator(str.lower),
    _of_form(
        r"[\w/:-]+",
        "is not one word of letters, digits, and the signs _ - : and /, such as leaver: Zendesk "
        "keeps no other tags",
    ),
]
NameAndValue = Annotated[
    str, _of_form(r"[^\s=]+=.*\S", "is not of the form name=value, such as groups=platform-team")
]
Scope = Annotated[str, _of_form(r"(.* )?openid( .*)?", "lacks openid, as in “openid email groups”")]
Repository = Annotated[
    str,
    _of_form(
        r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+",
        "is not of the form owner/name, such as example/access-lists",
    ),
]
TrelloBoard = Annotated[
    str,
    _of_form(
        r"[A-Za-z0-9]+",
        "is not an id or short link such as nC8QJJoZ: take what stands after /b/ in the board's "
        "address",
    ),
]
TrelloCard = Annotated[
    str,
    _of_form(
        r"[A-Za-z0-9]+",
        "is not an id or short link such as IQIV54Pc: take what stands after /c/ in its address",
    ),
]
NotifyUrls = Annotated[
    Secret, AfterValidator(extras.needs("notify")), AfterValidator(extras.notify_urls)
]
Dsn = Annotated[Secret, AfterValidator(extras.needs("sentry")), AfterValidator(extras.a_dsn)]
CommaSeparated = Annotated[frozenset[str], NoDecode, BeforeValidator(_comma_separated)]
MailDomains = Annotated[CommaSeparated, AfterValidator(_mail_domains)]
SignsOfPeople = Annotated[CommaSeparated, AfterValidator(_signs_of_people)]
Reviewers = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_names), AfterValidator(_reviewers)
]
Networks = Annotated[CommaSeparated, AfterValidator(_networks)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names), Field(min_length=1)]
WorkingDays = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_steps)]
LocalTime = Annotated[time, AfterValidator(_a_local_time)]
TimeOrOff = Annotated[time | None, BeforeValidator(_time_or_off), AfterValidator(_a_local_time)]
Timezone = Annotated[str, AfterValidator(_a_timezone)]
Folder = Annotated[str, AfterValidator(_a_folder)]
