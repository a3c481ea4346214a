"""Finding the leaver in the lists: a match, candidates for a person to choose from, or nobody."""

from dataclasses import dataclass

from service.domain.addresses import Identity, addresses_in, github_name
from service.domain.directory import Entry
from service.domain.index import Directory, Profile
from service.domain.name_likeness import Fit, compare_names
from service.domain.names import read_name
from service.domain.text import LOOK_ALIKE, clean
from service.domain.weighing import Leaver, Weighed, weigh

MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
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
        candidates: best first; empty where what is sought can't be read.
        reason: one sentence that names nobody.
    """

    candidates: tuple[Candidate, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMatch:
    """Nobody plausible."""


def match_person(
    sought: Sought, directory: Directory, *, policy: MatchingPolicy
) -> Match | Candidates | NoMatch:
    """Find who is meant; whatever is not beyond doubt is left to a person."""
    leaver = _taken_apart(sought)
    organisation = frozenset(domain.casefold() for domain in policy.organisation_domains)
    weighed = weigh(leaver, directory, organisation=organisation)
    if not weighed:
        return _nobody(leaver)
    if decided := _decided_by_identity(leaver, weighed):
        return _match(leaver, decided)
    if policy.act_on_name_alone and (decided := _decided_by_name(leaver, weighed)):
        return _match(leaver, decided, by_name_alone=True)
    shown = weighed[:MOST_CANDIDATES]
    return Candidates(
        candidates=tuple(
            Candidate(entry=one.profile.entry, evidence=_evidence(leaver, one)) for one in shown
        ),
        reason=_reason(leaver, weighed),
    )


def _taken_apart(sought: Sought) -> Leaver:
    name = read_name(sought.name)
    return Leaver(
        name=name,
        addresses=addresses_in(sought.email) or addresses_in(sought.name),
        github=github_name(sought.github),
        oddities=tuple(dict.fromkeys((*name.oddities, *clean(sought.email).oddities))),
    )


def _match(leaver: Leaver, entries: list[Weighed], *, by_name_alone: bool = False) -> Match:
    return Match(
        entries=tuple(one.profile.entry for one in entries),
        evidence=_evidence(leaver, entries[0]),
        by_name_alone=by_name_alone,
    )


def _evidence(leaver: Leaver, one: Weighed) -> tuple[str, ...]:
    return (*one.evidence, *(f"in the ticket, {oddity}" for oddity in leaver.oddities))


def _nobody(leaver: Leaver) -> Candidates | NoMatch:
    """Tell nobody found from nothing readable: only the first lets a ticket be closed."""
    if leaver.name.is_placeholder or not (leaver.names or leaver.addresses or leaver.github):
        return Candidates(candidates=(), reason="The name is missing or cannot be read.")
    if any(name.is_spelt_out for name in leaver.names):
        return Candidates(
            candidates=(), reason="The name is written in another alphabet and was not found."
        )
    return NoMatch()


def _decided_by_identity(leaver: Leaver, weighed: list[Weighed]) -> list[Weighed]:
    """Return the entries of the one person whose address or GitHub name decides, if any."""
    return _one_person([one for one in weighed if _is_safe(leaver, one)], weighed)


def _is_safe(leaver: Leaver, one: Weighed) -> bool:
    if Identity.OTHER in {one.address, one.github} or leaver.name.is_placeholder:
        return False
    is_exact = one.name.fit is Fit.EXACT
    if not leaver.names:
        return _is_safe_by_address_alone(one)
    if one.identity is not Identity.SAME:
        return one.address is Identity.SIBLING and is_exact
    if leaver.contradicts_itself and one.name.fit < Fit.REORDERED:
        return False
    return _name_fits(one) and not one.name.is_contradicted


def _is_safe_by_address_alone(one: Weighed) -> bool:
    if one.address is Identity.SIBLING:
        return one.hint.fit is Fit.EXACT
    return one.address is Identity.SAME and one.hint.fit >= Fit.REORDERED


def _name_fits(one: Weighed) -> bool:
    """Take the name that the entry's address spells where the entry has none of its own."""
    is_nameless = not one.profile.name.readings
    return one.name.fit >= Fit.PLAUSIBLE or (is_nameless and one.hint.fit >= Fit.REORDERED)


def _decided_by_name(leaver: Leaver, weighed: list[Weighed]) -> list[Weighed]:
    """Return the entries of the one person of this full name, if nothing contradicts it."""
    if LOOK_ALIKE in leaver.oddities or leaver.name.is_placeholder:
        return []
    return _one_person([one for one in weighed if _is_safe_by_name(leaver, one)], weighed)


def _is_safe_by_name(leaver: Leaver, one: Weighed) -> bool:
    main = leaver.names[:1]
    numbered = (*one.profile.addresses, *leaver.addresses)
    return (
        one.name.fit is Fit.EXACT
        and len(main[0].words) > 1
        and any(compare_names(main[0], name).fit is Fit.EXACT for name in one.profile.name.readings)
        and {one.address, one.github} == {Identity.UNKNOWN}
        and not one.profile.oddities
        and not any(address.has_number for address in numbered)
        and (not leaver.addresses or _is_spelt(leaver, one))
    )


def _is_spelt(leaver: Leaver, one: Weighed) -> bool:
    """Say whether the ticket's address tells nothing but the name, and the entry has none."""
    return not one.profile.addresses and one.hint.fit is Fit.EXACT and bool(leaver.spelt)


def _one_person(safe: list[Weighed], weighed: list[Weighed]) -> list[Weighed]:
    """Return all entries of the person who is safe, unless there are several, or rivals."""
    if not safe:
        return []
    person = safe[:1]
    for _ in weighed:
        more = [one for one in weighed if one not in person and _belongs(one, person)]
        if not more:
            break
        person += more
    others = [one for one in weighed if one not in person]
    if any(one in others for one in safe) or any(_is_rival(one, safe[0]) for one in others):
        return []
    return sorted(person, key=lambda one: one.rank)


def _belongs(one: Weighed, person: list[Weighed]) -> bool:
    """Say whether an entry is one more of the same person: same name, and something else shared."""
    fits = one.name.fit >= Fit.PLAUSIBLE or one.hint.fit >= Fit.REORDERED
    return fits and any(_are_same_person(one.profile, other.profile) for other in person)


def _are_same_person(one: Profile, other: Profile) -> bool:
    if one.oddities or other.oddities:
        return False
    has_one_user = bool(one.entry.ssh) and one.entry.ssh == other.entry.ssh
    says_the_same = one.entry.id == other.entry.id and one.entry.file != other.entry.file
    return (
        not set(one.addresses).isdisjoint(other.addresses)
        or (one.github != "" and one.github == other.github)
        or (has_one_user and not (one.addresses and other.addresses))
        or says_the_same
    )


def _is_rival(one: Weighed, safe: Weighed) -> bool:
    """Say whether somebody else may be meant, or this may be one more entry of the same person."""
    if one.best_fit < Fit.PLAUSIBLE:
        return one.identity >= Identity.LOCAL
    is_somebody_else = Identity.OTHER in {one.address, one.github} or (
        one.address is Identity.NUMBER
    )
    return not is_somebody_else or one.name.order > safe.name.order


def _reason(leaver: Leaver, weighed: list[Weighed]) -> str:
    best = weighed[0]
    if best.identity >= Identity.LOCAL and best.name.fit < Fit.PLAUSIBLE:
        named = any(one.name.fit >= Fit.PLAUSIBLE for one in weighed)
        if named:
            return "The e-mail address or GitHub name points at one person, the name at another."
        return "The e-mail address or GitHub name is known, but the name does not fit it."
    if len(weighed) > 1:
        return "More than one person in the lists may be meant."
    if leaver.addresses and best.address < Identity.NEAR and best.name.fit is Fit.EXACT:
        return "The name is in the lists, with another e-mail address or none."
    return "The person who is nearest is not certain to be the one."
