"""What a page about one leaver can't do, and where its reader goes on."""


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
        ticket_id: whose page the reader goes back to; None where there is none.
        status: the HTTP status.
        sentence: what is wrong, in the reader's words.
    """

    def __init__(self, ticket_id: int | None, *, status: int, sentence: str) -> None:
        super().__init__(ticket_id)
        self.ticket_id = ticket_id
        self.status = status
        self.sentence = sentence
