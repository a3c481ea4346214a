"""What is known about a leaver and what is to be done: everything before the first write."""

from dataclasses import dataclass

from service.domain.plan import Facts, Plan
from service.domain.ticket import LeaverDetails, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The facts and the plan that follows from them."""

    facts: Facts
    plan: Plan

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was read."""
        return self.facts.ticket

    @property
    def details(self) -> LeaverDetails:
        """What it says, with the operators' corrections in place."""
        return self.facts.details
