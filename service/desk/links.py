"""Where the pages' links lead: to tickets, cards and lists."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from service.bootstrap import rules
from service.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The addresses that a browser is sent to.

    Attributes:
        ticket: of a ticket, by its number.
        card: of a card, by the address that the record has of it.
        file: of an access list, by its path in the repository.
    """

    ticket: Callable[[int], str]
    card: Callable[[str], str]
    file: Callable[[str], str]


def links_to_vendors(settings: Settings) -> Links:
    """Return links that lead to the vendors' own pages."""
    branch = quote(settings.user_reviewer_branch or "HEAD")
    repository = f"https://github.com/{settings.user_reviewer_repository}/blob/{branch}"
    return Links(
        ticket=rules(settings).policy.ticket_link.format,
        card=str,
        file=lambda path: f"{repository}/{quote(path)}",
    )
