"""Finding the leaver in the lists: a match, candidates for a person to choose from, or nobody."""

from dataclasses import dataclass

from service.domain.access_lists.entries import Entry
from service.domain.matching.addresses import IdentityMatch, read_addresses
from service.domain.matching.deciding import decided_by_identity, decided_by_name
from service.domain.matching.index import Directory
from service.domain.matching.name_likeness import Fit
from service.domain.matching.names import read_name
from service.domain.matching.scoring import ParsedQuery, ScoredEntry, score_entries
from service.domain.matching.user_names import user_name
from service.domain.reasons import Reason, ReasonCode
from service.domain.text import clean

MOST_CANDIDATES = 20

IDENTITY_WITHOUT_NAME = Reason(
    ReasonCode.IDENTITY_WITHOUT_NAME,
    "The e-mail address or GitHub name is in the lists, without a name to check it by.",
)
IDENTITY_AND_NAME_DIFFER = Reason(
    ReasonCode.IDENTITY_AND_NAME_DIFFER,
    "The e-mail address or GitHub name points at one person, the name at another.",
)
NAME_DOES_NOT_FIT = Reason(
    ReasonCode.NAME_DOES_NOT_FIT,
    "The e-mail address or GitHub name is in the lists, but the name does not fit it.",
)
SEVERAL_CANDIDATES = Reason(
    ReasonCode.SEVERAL_CANDIDATES, "More than one person in the lists may be meant."
)
OTHER_EMAIL = Reason(
    ReasonCode.OTHER_EMAIL_IN_LISTS,
    "The name is in the lists, with another e-mail address or none.",
)
NEAR_MATCH = Reason(
    ReasonCode.NEAR_MATCH,
    "One person in the lists is near to what the ticket says, but not certain.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonQuery:
    """Who is looked for: what the ticket, or an operator, says."""

    name: str | None = None
    email: str | None = None
    github: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingPolicy:
    """What is agreed about matching.

    Attributes:
        organisation_domains: mail domains of one organisation: the same local part at two of
            them is the same person.
        act_on_name_alone: whether a full name that fits exactly one person is enough.
    """

    organisation_domains: frozenset[str] = frozenset(
        {
            "digital.cabinet-office.gov.uk",
            "cabinet-office.gov.uk",
            "cabinetoffice.gov.uk",
            "dsit.gov.uk",
        }
    )
    act_on_name_alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One person, beyond doubt.

    Attributes:
        entries: all entries of that one person (one a file, usually), best first.
        evidence: why, in words that an operator can check.
        by_name_alone: no address or user name backs the name.
    """

    entries: tuple[Entry, ...]
    evidence: tuple[str, ...]
    by_name_alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry that may be the leaver, with what speaks for and against it."""

    entry: Entry
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Plausible, not certain (or not readable at all): a person must choose.

    Attributes:
        candidates: best first; empty if what is sought can't be read.
        reason: one sentence that names nobody.
    """

    candidates: tuple[Candidate, ...]
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMatch:
    """Nobody plausible."""


def match_person(
    sought: PersonQuery, directory: Directory, *, policy: MatchingPolicy
) -> Match | Candidates | NoMatch:
    """Find who is meant; whatever is not beyond doubt is left to a person."""
    query = _parsed(sought)
    organisation = frozenset(domain.casefold() for domain in policy.organisation_domains)
    scored = score_entries(query, directory, organisation=organisation)
    if not scored:
        return _nobody(query)
    if decided := decided_by_identity(query, scored):
        return _match(query, decided)
    if policy.act_on_name_alone and (decided := decided_by_name(query, scored)):
        return _match(query, decided, by_name_alone=True)
    shown = scored[:MOST_CANDIDATES]
    return Candidates(
        candidates=tuple(
            Candidate(entry=one.parsed.entry, evidence=_evidence(query, one)) for one in shown
        ),
        reason=_reason(query, scored),
    )


def _parsed(sought: PersonQuery) -> ParsedQuery:
    name = read_name(sought.name)
    return ParsedQuery(
        name=name,
        addresses=read_addresses(sought.email) or read_addresses(sought.name),
        github=user_name(sought.github),
        oddities=tuple(dict.fromkeys((*name.oddities, *clean(sought.email).oddities))),
    )


def _match(query: ParsedQuery, entries: list[ScoredEntry], *, by_name_alone: bool = False) -> Match:
    return Match(
        entries=tuple(one.parsed.entry for one in entries),
        evidence=_evidence(query, entries[0]),
        by_name_alone=by_name_alone,
    )


def _evidence(query: ParsedQuery, one: ScoredEntry) -> tuple[str, ...]:
    return (*one.evidence, *(f"in the ticket, {oddity}" for oddity in query.oddities))


def _nobody(query: ParsedQuery) -> Candidates | NoMatch:
    """Distinguish nobody found from nothing readable: only the first lets a ticket be closed."""
    if not (query.names or query.addresses or query.github) or query.name.is_placeholder:
        return _unreadable("The name is missing or cannot be read.")
    if any(name.is_spelt_out for name in query.names):
        return _unreadable("The name is written in another alphabet and was not found.")
    if query.oddities:
        return _unreadable("The name or address holds unusual characters and was not found.")
    return NoMatch()


def _unreadable(problem: str) -> Candidates:
    return Candidates(candidates=(), reason=Reason(ReasonCode.NAME_UNREADABLE, problem))


def _reason(query: ParsedQuery, scored: list[ScoredEntry]) -> Reason:
    best = scored[0]
    is_known = best.identity >= IdentityMatch.LOCAL
    if is_known and not query.names:
        return IDENTITY_WITHOUT_NAME
    if is_known and best.name.fit < Fit.PLAUSIBLE and best.parsed.has_full_name:
        is_somebody_named = any(one.name.fit >= Fit.PLAUSIBLE for one in scored)
        return IDENTITY_AND_NAME_DIFFER if is_somebody_named else NAME_DOES_NOT_FIT
    if len(scored) > 1:
        return SEVERAL_CANDIDATES
    if query.addresses and best.address < IdentityMatch.NEAR and best.name.fit is Fit.EXACT:
        return OTHER_EMAIL
    return NEAR_MATCH
