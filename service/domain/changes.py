"""A change to a ticket, as one update carries it out."""

from dataclasses import dataclass

from service.domain.ticket import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one update does to a ticket; what it does not name stays as it is.

    Attributes:
        note: an internal note, plain text in which links stand as they are; None for none.
        solve: set the status to solved, and assign the ticket where nobody has it.
        add_tags: tags that the ticket shall have.
        remove_tags: tags that it shall not have.
        mark: left in the update's metadata. Zendesk keeps it only where something changes.
    """

    note: str | None = None
    solve: bool = False
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    mark: Mark | None = None
