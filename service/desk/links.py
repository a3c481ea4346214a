"""Where the pages' links lead: to tickets, cards, lists and pages, and back to the page before."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

from service.config.rules import line_link, ticket_link
from service.config.settings import Settings
from service.domain.ticket import read_ticket_id
from service.records.search import PAGE

START = "/desk/"
# The lists that a leaver's page is reached from, and what they are called.
LISTS = {
    "/desk/needs-a-person": "Needs a person",
    "/desk/leavers": "All leavers",
    "/desk/failed": "Failed",
}
_OWN_PAGE = re.compile(r"/desk/[A-Za-z0-9/_?=&.%+~!*'(),:;@-]{0,500}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The addresses that a browser is sent to.

    Attributes:
        ticket: of a ticket, by its number.
        card: of a card, by the address that the record has of it.
        file: of an access list, by its path in the repository.
        line: of one line of it, by path, commit and number of the line.
        pull_request: of a pull request, by the address that the record has of it.
    """

    ticket: Callable[[int], str]
    card: Callable[[str], str]
    file: Callable[[str], str]
    line: Callable[[str, str, int], str]
    pull_request: Callable[[str], str] = str


def links_to_vendors(settings: Settings) -> Links:
    """Return links that lead to the vendors' own pages."""
    branch = quote(settings.user_reviewer_branch or "HEAD")
    files = f"https://github.com/{settings.user_reviewer_repository}/blob"
    return Links(
        ticket=ticket_link(settings).format,
        card=str,
        file=lambda path: f"{files}/{branch}/{quote(path)}",
        line=line_link(settings),
    )


def own_page(address: str | None) -> str:
    """Return an address within the pages; the start if it is any other."""
    return address if address and _OWN_PAGE.fullmatch(address) else START


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The list that one came from, page and search included.

    Attributes:
        href: its address; empty if one came by a link from elsewhere.
        name: what it is called.
    """

    href: str = ""
    name: str = ""

    def onward(self, href: str, **query: str) -> str:
        """Return the address of a page that will know which page one came from."""
        query |= {"from": self.href} if self.href else {}
        return f"{href}?{urlencode(query)}" if query else href


def origin_of(address: str | None) -> Origin:
    """Return the list at an address, or none if there is no such list."""
    path = own_page(address).partition("?")[0]
    return Origin(href=str(address), name=LISTS[path]) if path in LISTS else Origin()


def origin_of_request(request: Request) -> Origin:
    """Return the list that a page was reached from, or the list that the page is."""
    here = request.url.path
    if here in LISTS:
        query = request.url.query
        return origin_of(f"{here}?{query}" if query else here)
    return origin_of(request.query_params.get("from"))


def page_number(request: Request) -> int:
    """Return which page of a list is asked for."""
    return min(read_ticket_id(request.query_params.get("page")) or 1, 100_000)


def pages_for(number: int) -> int:
    """Return how many pages so many leavers make."""
    return max(1, -(-number // PAGE))
