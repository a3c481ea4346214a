"""Whom the access lists give for a leaver, from all that a ticket and the operators say."""

from service.domain import wording
from service.domain.corrections import Corrections
from service.domain.identity import entries_of_chosen
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
    PersonQuery,
    match_person,
)
from service.domain.ticket import LeaverDetails, value_of


def find_leaver(
    details: LeaverDetails,
    corrections: Corrections,
    directory: Directory,
    *,
    policy: MatchingPolicy,
) -> Match | Candidates | NoMatch:
    """Find the leaver in the lists; an entry that an operator chose is the leaver's.

    Args:
        details: what the ticket says, with the operators' corrections in place.
        corrections: what operators have said.
        directory: the people of all lists.
        policy: what is agreed about matching.
    """
    if corrections.entry:
        entries = entries_of_chosen(corrections.entry, directory)
        if not entries:
            return Candidates(candidates=(), reason=wording.CHOICE_IS_GONE)
        return Match(entries=entries, evidence=(wording.CHOSEN_BY_OPERATOR,))
    sought = PersonQuery(
        name=value_of(details.name),
        email=value_of(details.email),
        github=value_of(details.github),
    )
    return match_person(sought, directory, policy=policy)
