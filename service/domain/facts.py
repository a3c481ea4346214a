"""All that a plan is made from: the settings that decide, and what is known about a leaver."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from service.domain.corrections import Corrections
from service.domain.matching.match_person import Candidates, Match, NoMatch
from service.domain.removed import LeftLists
from service.domain.ticket import LeaverDetails, Ticket


class NoAccessAction(StrEnum):
    """What to do when nobody plausible is found."""

    SOLVE = "solve"
    NON_TECH_CARD = "non_tech_card"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings that decide about a leaver.

    Attributes:
        leaver_tag: what makes a ticket a leaver ticket.
        ticket_link: the link to a ticket, with ``{}`` for its number.
        tech_file: path in the repository; a person in it is in a tech role.
        no_access_action: see `NoAccessAction`.
        due_time: local time of day of a card's due date.
        timezone: of that time.
        commit_link: the link to a commit of the lists, with ``{}`` for its name.
        protected: addresses and user names, in lower case, for which a person is always asked.
    """

    leaver_tag: str
    ticket_link: str
    tech_file: str
    no_access_action: NoAccessAction
    due_time: time
    timezone: str
    commit_link: str = ""
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """What is known about a leaver before anybody is looked for.

    Attributes:
        ticket: as it was last read.
        details: what it says, with the operators' corrections in place.
        corrections: what operators have said.
        operator_override: an operator asked for this ticket, whatever its tags.
        was_handed_to_person: a person was asked about this leaver before, or it had failed.
        is_operators: an operator asked for this very run.
    """

    ticket: Ticket
    details: LeaverDetails
    corrections: Corrections
    operator_override: bool
    was_handed_to_person: bool
    is_operators: bool = False

    def with_finding(
        self, finding: Match | Candidates | NoMatch, removal: LeftLists | None = None
    ) -> "Facts":
        """Return what is known once the person has been looked for."""
        return Facts(
            ticket=self.ticket,
            details=self.details,
            corrections=self.corrections,
            operator_override=self.operator_override,
            was_handed_to_person=self.was_handed_to_person,
            is_operators=self.is_operators,
            finding=finding,
            removal=removal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(TicketFacts):
    """All that is known about a leaver.

    Attributes:
        finding: the result of searching the access lists, and then those who left them lately.
        removal: if the leaver left them lately: when, and by which commit.
    """

    finding: Match | Candidates | NoMatch
    removal: LeftLists | None = None
