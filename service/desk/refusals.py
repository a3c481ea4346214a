"""What a page about one leaver can't do, and where its reader goes on."""

from service.records.leaver import Leaver


class NeverSeen(Exception):
    """The ticket has never come here: it may be looked up all the same.

    Args:
        ticket_id: whose leaver was asked for.
    """

    def __init__(self, ticket_id: int) -> None:
        super().__init__(ticket_id)
        self.ticket_id = ticket_id


class Refused(Exception):
    """Something can't be done about a leaver.

    Args:
        leaver: whose page the reader goes back to, where the ticket was ever seen.
        status: the HTTP status.
        sentence: what is wrong, in the reader's words.
    """

    def __init__(self, leaver: Leaver, *, status: int, sentence: str) -> None:
        super().__init__(leaver.ticket_id)
        self.ticket_id = leaver.ticket_id if leaver.version else None
        self.status = status
        self.sentence = sentence
