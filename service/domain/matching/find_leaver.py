"""Find a leaver in the access lists, from all that a ticket and the operators say."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.corrections import Corrections
from service.domain.identity import entries_of_chosen
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    MOST_CANDIDATES,
    Candidate,
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
    PersonQuery,
    match_person,
)
from service.domain.matching.mentions import By, mentions_in
from service.domain.matching.short_forms import is_given_name
from service.domain.reading.another_person import says_as_well
from service.domain.reading.names_in_prose import is_somebody_elses
from service.domain.reading.people import NOBODY
from service.domain.reading.sources import SUBJECT
from service.domain.reading.values import is_written_as_a_name, words_of
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import About, LeaverDetails, Question, value_of

ANOTHER_IS_MENTIONED = Reason(
    ReasonCode.OTHER_LEAVER_IN_TEXT,
    "The ticket mentions somebody else who is in the lists, and does not say plainly what for.",
)
SOMEBODY_IS_MENTIONED = Reason(
    ReasonCode.OTHER_LEAVER_IN_TEXT,
    "The leaver's name is not in the lists, but the ticket mentions somebody who is.",
)
NOT_A_NAME = Reason(
    ReasonCode.NAME_UNREADABLE, "What stands in the place of the leaver's name may not be a name."
)

Finding = Match | Candidates | NoMatch


def find_leaver(
    details: LeaverDetails,
    corrections: Corrections,
    directory: Directory,
    *,
    policy: MatchingPolicy,
) -> Finding:
    """Find the leaver in the lists; an entry that an operator chose is the leaver's.

    The lists are the vocabulary: anyone in them who is mentioned in the ticket, other than
    plainly as somebody else, must be the person found, or a person is asked.

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
    finding = match_person(_sought(details), directory, policy=policy)
    if corrections.decides_person or details.is_answered:
        return finding
    return _held_to_mentions(details, finding, directory)


def _sought(details: LeaverDetails) -> PersonQuery:
    name = value_of(details.name)
    for other in details.other_names if name else ():
        name = f"{name} (known as {other})"
    return PersonQuery(name=name, email=value_of(details.email), github=value_of(details.github))


def without_words_of_subjects(details: LeaverDetails, directory: Directory) -> LeaverDetails:
    """Drop a name that is the subject's alone, and no word of which anybody in the lists has."""
    if not (details.name and details.name.where == SUBJECT and details.is_subject_alone):
        return details
    if any(directory.bearers(word) for word in words_of(details.name.value)):
        return details
    asked = () if details.email else (Question(about=About.PERSON, reason=NOBODY),)
    return replace(details, name=None, questions=(*asked, *details.questions))


def _held_to_mentions(details: LeaverDetails, finding: Finding, directory: Directory) -> Finding:
    """If anybody else is mentioned, turn a match, or "nobody", into a question."""
    found = finding.entries if isinstance(finding, Match) else ()
    # A full name, an address or a user name counts always; a first name alone if less is sure.
    needs_sure = bool(found) and details.is_called_leaver
    others = list(_others_mentioned(details, found, directory, needs_sure=needs_sure))
    match finding:
        case Match(entries=entries, evidence=evidence) if others:
            known = tuple(Candidate(entry=entry, evidence=evidence) for entry in entries)
            return _asked(known, others, ANOTHER_IS_MENTIONED)
        case Candidates(candidates=candidates, reason=reason):
            return _asked(candidates, others, reason)
        case NoMatch() if others:
            return _asked((), others, SOMEBODY_IS_MENTIONED)
        case NoMatch() if not details.email and not _may_be_a_name(_name(details), directory):
            return Candidates(candidates=(), reason=NOT_A_NAME)
    return finding


def _may_be_a_name(text: str, directory: Directory) -> bool:
    """Return whether a word is a first name, or in a name of the lists: in "Blue Sky" none is.

    Nobody can say who "Voluntary Exit" is, so nobody can say that such a person is in no list.
    """
    words = words_of(text)
    return is_written_as_a_name(text) and any(
        is_given_name(word) or (len(word) > 1 and directory.bearers(word)) for word in words
    )


def _name(details: LeaverDetails) -> str:
    return value_of(details.name) or ""


def _others_mentioned(
    details: LeaverDetails, found: Iterable[Entry], directory: Directory, *, needs_sure: bool
) -> Iterator[Entry]:
    """Yield the entries that the ticket mentions, but for those of the person who was found."""
    own = set(found)
    words = set(words_of(_name(details)))
    for passage in dict.fromkeys(details.passages):
        is_sure_enough = not needs_sure or says_as_well(passage)
        for one in mentions_in(passage, directory):
            said = passage[one.start : one.end]
            is_weak = not is_sure_enough or words.issuperset(words_of(said))
            is_own = not own.isdisjoint(one.entries) or (one.by is By.HINT and is_weak)
            if not is_own and not is_somebody_elses(passage[: one.start], passage[one.end :]):
                yield from one.entries


def _asked(
    candidates: tuple[Candidate, ...], mentioned: Iterable[Entry], reason: Reason
) -> Candidates:
    known = {one.entry for one in candidates}
    more = (
        Candidate(entry=entry, evidence=("mentioned in the ticket",))
        for entry in dict.fromkeys(mentioned)
        if entry not in known
    )
    return Candidates(candidates=(*candidates, *more)[:MOST_CANDIDATES], reason=reason)
