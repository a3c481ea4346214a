"""The card that a leaver needs: its template, its name, when it is due, and how it begins."""

from datetime import date

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.cards import WantedCard
from service.domain.dates import due_at
from service.domain.drafts import Role
from service.domain.facts import Facts, Policy
from service.domain.identity import person_keys
from service.domain.ticket import LeaverDetails


def wanted_card(
    facts: Facts,
    policy: Policy,
    entries: tuple[Entry, ...],
    *,
    role: Role,
    leaving_date: date,
    by_name_alone: bool,
) -> WantedCard:
    """Return the card that is made from the template of a role.

    Args:
        facts: what is known.
        policy: the settings.
        entries: the person's; empty if somebody without access gets a card, too.
        role: whose template it is.
        leaving_date: by which it is due.
        by_name_alone: whether the description has to say that the match is by name alone.
    """
    return WantedCard(
        ticket_id=facts.ticket.id,
        role=role,
        name=wording.card_name(_spelling(entries, facts.details), role),
        due=due_at(leaving_date, due_time=policy.due_time, timezone=policy.timezone),
        head=_head(facts, policy, by_name_alone=by_name_alone),
        ticket_link=policy.ticket_link.format(facts.ticket.id),
        names=_names(entries, facts.details),
        person_keys=person_keys(entries, facts.details),
    )


def _names(entries: tuple[Entry, ...], details: LeaverDetails) -> frozenset[str]:
    names = [name for entry in entries for name in (entry.name, *entry.other_names) if name]
    if details.name:
        names.append(details.name.value)
    return frozenset(names)


def _head(facts: Facts, policy: Policy, *, by_name_alone: bool) -> str:
    link = policy.ticket_link.format(facts.ticket.id)
    head = wording.card_head(link, by_name_alone=by_name_alone)
    if facts.removal is None:
        return head
    return f"{head}\n\n{facts.removal.warning(policy.commit_link, policy.timezone)}"


def _spelling(entries: tuple[Entry, ...], details: LeaverDetails) -> str:
    """Return the name as the list spells it; the ticket's if the list has none."""
    listed = next(filter(None, map(_full_name, entries)), None)
    said = details.name or details.email
    return listed or (said.value if said else "")


def _full_name(entry: Entry) -> str:
    """Return the entry's name; if that is a login, the full name beside it."""
    full = (name for name in entry.other_names if " " in name)
    return next(full, entry.name) if entry.name.islower() else entry.name
