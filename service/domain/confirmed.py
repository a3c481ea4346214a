"""Knowing a plan again: an operator confirms one plan, and no other may be carried out."""

from service.domain.plan import Ask, MakeCard, NoAccess, Plan, SetAside
from service.domain.wording import digest


def digest_of(plan: Plan) -> str:
    """Return the plan's digest: all that an operator sees of it before confirming goes into it."""
    match plan:
        case MakeCard(outcome=outcome, card=card, entries=entries):
            return digest(outcome, card.name, card.due, card.head, *(one.id for one in entries))
        case NoAccess(outcome=outcome):
            return digest(outcome)
        case SetAside(outcome=outcome, reason=reason):
            return digest(outcome, reason)
        case Ask(reason=reason, candidates=candidates):
            return digest("ask", reason, *(one.entry.id for one in candidates))
