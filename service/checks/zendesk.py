"""Is Zendesk right? Credentials, scope, ticket fields, and the groups of leaver tickets."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from integrations.zendesk.account import OwnUser, TicketHolder, ZendeskAccount
from service.checks.findings import Check, Finding, Wrong, find_all
from service.config.settings import Settings
from service.domain.errors import PermanentError

_TEXTS = frozenset({"text", "textarea", "regexp"})
_GROUPS = "https://{}.zendesk.com/admin/people/team/groups"


def zendesk_findings(settings: Settings, account: ZendeskAccount) -> Iterator[Finding]:
    """Look at Zendesk as the service sees it."""
    checks = [
        Check(name="Zendesk scope", look=partial(_scope, settings)),
        *_fields(settings, account),
        Check(name="Zendesk group", look=partial(_shown, partial(_group, settings, account))),
    ]
    yield from find_all(Check(name="Zendesk", look=partial(_login, settings, account)), checks)


def _login(settings: Settings, account: ZendeskAccount) -> str:
    user = account.me()
    _check_subdomain(settings, user)
    return f"logged in as user {user.id}"


def _check_subdomain(settings: Settings, user: OwnUser) -> None:
    """`ZENDESK_URL` may lead to another account than the one that the links are made for."""
    if user.subdomain not in {None, settings.zendesk_subdomain.lower()}:
        raise Wrong(
            f"ZENDESK_SUBDOMAIN is {settings.zendesk_subdomain}, but the account is "
            f"{user.subdomain}. Set ZENDESK_SUBDOMAIN to that, or check ZENDESK_URL."
        )


def _scope(settings: Settings) -> str:
    scopes = frozenset(settings.zendesk_scope.split())
    for right, does in (("read", "read"), ("write", "solve")):
        if not scopes & {right, f"tickets:{right}"}:
            raise Wrong(
                f"ZENDESK_SCOPE does not let the service {does} tickets. Set it to "
                "“read tickets:write”, and let the OAuth client have that scope."
            )
    return f"“{settings.zendesk_scope}”"


def _fields(settings: Settings, account: ZendeskAccount) -> Iterator[Check]:
    for what, setting, number, kinds in (
        ("name", "ZENDESK_NAME_FIELD_ID", settings.zendesk_name_field_id, _TEXTS),
        ("e-mail address", "ZENDESK_EMAIL_FIELD_ID", settings.zendesk_email_field_id, _TEXTS),
        (
            "leaving date",
            "ZENDESK_LEAVING_DATE_FIELD_ID",
            settings.zendesk_leaving_date_field_id,
            _TEXTS | {"date"},
        ),
    ):
        if number is not None:
            look = partial(_field, account, number, setting=setting, kinds=kinds)
            yield Check(name=f"Zendesk field, {what}", look=partial(_shown, look))


def _shown(look: Callable[[], str]) -> str:
    """Leave out what an account does not show at all: there is nothing to fix about that."""
    try:
        return look()
    except PermanentError as failure:
        if failure.status != 404:
            raise
    return "Zendesk does not show it"


def _field(account: ZendeskAccount, number: int, *, setting: str, kinds: frozenset[str]) -> str:
    field = account.field(number)
    if field is None:
        raise Wrong(
            f"There is no ticket field {number}. Check {setting}: the numbers are in Admin Center "
            "under Objects and rules > Tickets > Fields."
        )
    if not field.is_active:
        raise Wrong(
            f"The ticket field {number} is not active. Activate it, or take {setting} away."
        )
    if field.kind not in kinds:
        raise Wrong(
            f"The ticket field {number} is of the type {field.kind}, which can't hold it. Check "
            f"{setting}: it must be one of {', '.join(sorted(kinds))}."
        )
    return f"“{field.title}”, {field.kind}"


def _group(settings: Settings, account: ZendeskAccount) -> str:
    groups = account.groups_of(account.me().id)
    leavers = account.recent_leavers(settings.zendesk_leaver_tag)
    needed = _groups_to_be_in(leavers)
    if not needed:
        return "there is no leaver ticket yet whose group the service's agent must be in"
    missing = sorted(needed - groups)
    if missing:
        numbers = ", ".join(map(str, missing))
        raise Wrong(
            f"The service's agent is not in the group of leaver tickets (number {numbers}), so it "
            f"can't be given them. Add it there: {_GROUPS.format(settings.zendesk_subdomain)}"
        )
    return "the service's agent is in the group of leaver tickets"


def _groups_to_be_in(leavers: tuple[TicketHolder, ...]) -> frozenset[int]:
    """Return the groups of tickets that wait for the service; if none does, the usual one."""
    waiting = [one for one in leavers if not (one.is_assigned or one.is_solved)]
    groups = [one.group_id for one in waiting or leavers if one.group_id is not None]
    if waiting:
        return frozenset(groups)
    return frozenset(group for group, _ in Counter(groups).most_common(1))
