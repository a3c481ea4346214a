"""Finding the leaver in the lists: a match, candidates for a person to choose from, or nobody."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.addresses import (
    Address,
    Identity,
    addresses_in,
    compare_addresses,
    github_name,
    local_words,
)
from service.domain.directory import Entry
from service.domain.index import Directory, Profile
from service.domain.name_likeness import NO_FIT, Fit, NameFit, compare_names
from service.domain.names import Name, WrittenName, name_of_words, read_name
from service.domain.text import LOOK_ALIKE

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaver:
    name: WrittenName
    addresses: tuple[Address, ...]
    github: str
    spelt: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plausible:
    profile: Profile
    name: NameFit
    hint: NameFit
    address: Identity
    github: Identity

    @property
    def rank(self) -> tuple[float, ...]:
        known = max(self.address, self.github)
        return (known >= Identity.SIBLING, self.name.fit, self.name.score, known, self.hint.score)

    @property
    def evidence(self) -> tuple[str, ...]:
        said = {
            Identity.SAME: "same e-mail address",
            Identity.SIBLING: "same e-mail address but for the domain, which is the same organisation's",
            Identity.LOCAL: "same e-mail name at another organisation's domain",
            Identity.NEAR: "nearly the same e-mail address",
            Identity.NUMBER: "e-mail address differs by a number",
            Identity.OTHER: "another e-mail address",
            Identity.UNKNOWN: "",
        }[self.address]
        git = {Identity.SAME: "same GitHub name", Identity.OTHER: "another GitHub name"}
        name = self.name.evidence or ("the name does not fit",)
        parts = (said, git.get(self.github, ""), *name, *self.profile.name.oddities)
        return tuple(dict.fromkeys(filter(None, parts)))


def match_person(
    sought: Sought, directory: Directory, *, policy: MatchingPolicy
) -> Match | Candidates | NoMatch:
    """Find who is meant; whatever is not beyond doubt is left to a person."""
    leaver = _leaver(sought)
    if not leaver.name.readings and not leaver.addresses and not leaver.github:
        return Candidates(candidates=(), reason="The name cannot be read.")
    plausible = sorted(
        _plausible(leaver, directory, policy),
        key=lambda one: (
            *(-x for x in one.rank),
            one.profile.entry.id,
            one.profile.entry.file,
            one.profile.entry.position,
        ),
    )
    if not plausible:
        return _nobody(leaver)
    return _decide(leaver, plausible, policy)


def _leaver(sought: Sought) -> _Leaver:
    addresses = addresses_in(sought.email) or addresses_in(sought.name)
    name = read_name(sought.name)
    spelt = tuple(
        name_of_words(words)
        for address in addresses
        if len(words := local_words(address.local)) > 1
    )
    return _Leaver(name=name, addresses=addresses, github=github_name(sought.github), spelt=spelt)


def _nobody(leaver: _Leaver) -> Candidates | NoMatch:
    if any(name.is_spelt_out for name in leaver.name.readings):
        return Candidates(
            candidates=(), reason="The name is written in another alphabet and was not found."
        )
    return NoMatch()


def _plausible(
    leaver: _Leaver, directory: Directory, policy: MatchingPolicy
) -> Iterable[_Plausible]:
    found: dict[int, Profile] = {}
    for name in (*leaver.name.readings, *leaver.spelt):
        found.update((profile.place, profile) for profile in directory.similar(name))
    for address in leaver.addresses:
        found.update((profile.place, profile) for profile in directory.at_address(address))
    if leaver.github:
        found.update((profile.place, profile) for profile in directory.with_github(leaver.github))
    weighed = (_weigh(leaver, profile, policy) for profile in found.values())
    return [one for one in weighed if _is_plausible(one)]


def _weigh(leaver: _Leaver, profile: Profile, policy: MatchingPolicy) -> _Plausible:
    ours = leaver.name.readings
    hints = [_best(ours, profile.hints), _best(leaver.spelt, profile.name.readings)]
    return _Plausible(
        profile=profile,
        name=_best(ours, profile.name.readings),
        hint=max(hints, key=lambda fit: (fit.fit, fit.score)),
        address=_address(leaver, profile, policy),
        github=_github(leaver, profile),
    )


def _best(ours: Iterable[Name], theirs: Iterable[Name]) -> NameFit:
    fits = [compare_names(one, other) for one in ours for other in theirs]
    return max(fits, key=lambda fit: (fit.fit, fit.score), default=NO_FIT)


def _address(leaver: _Leaver, profile: Profile, policy: MatchingPolicy) -> Identity:
    compared = [
        compare_addresses(one, other, organisation=policy.organisation_domains)
        for one in leaver.addresses
        for other in profile.addresses
    ]
    best = max(compared, default=Identity.UNKNOWN)
    return min(compared) if best is Identity.UNKNOWN and compared else best


def _github(leaver: _Leaver, profile: Profile) -> Identity:
    if not leaver.github or not profile.github:
        return Identity.UNKNOWN
    return Identity.SAME if leaver.github == profile.github else Identity.OTHER


def _is_plausible(one: _Plausible) -> bool:
    return (
        one.name.fit >= Fit.PLAUSIBLE
        or one.hint.fit >= Fit.PLAUSIBLE
        or max(one.address, one.github) >= Identity.LOCAL
    )


def _decide(
    leaver: _Leaver, plausible: list[_Plausible], policy: MatchingPolicy
) -> Match | Candidates:
    safe = [one for one in plausible if _is_safe(leaver, one)]
    by_name = not safe and policy.act_on_name_alone
    if by_name and LOOK_ALIKE not in leaver.name.oddities:
        safe = [one for one in plausible if _is_safe_by_name(leaver, one)]
    if (
        safe
        and _are_one_person(safe)
        and not any(_is_rival(one, safe) for one in plausible if one not in safe)
    ):
        evidence = tuple(dict.fromkeys((*safe[0].evidence, *leaver.name.oddities)))
        return Match(
            entries=tuple(one.profile.entry for one in safe),
            evidence=evidence,
            by_name_alone=by_name,
        )
    return Candidates(
        candidates=tuple(
            Candidate(entry=one.profile.entry, evidence=one.evidence)
            for one in plausible[:MOST_CANDIDATES]
        ),
        reason="More than one person fits." if len(plausible) > 1 else "The person is not certain.",
    )


def _is_safe(leaver: _Leaver, one: _Plausible) -> bool:
    if Identity.OTHER in {one.address, one.github}:
        return False
    if Identity.SAME in {one.address, one.github}:
        if not leaver.name.readings:
            return one.hint.fit >= Fit.REORDERED
        return one.name.fit >= Fit.PLAUSIBLE
    return one.address is Identity.SIBLING and one.name.fit is Fit.EXACT


def _is_safe_by_name(leaver: _Leaver, one: _Plausible) -> bool:
    return (
        one.name.fit is Fit.EXACT
        and any(len(name.words) > 1 for name in leaver.name.readings[:1])
        and one.address is Identity.UNKNOWN
        and one.github is Identity.UNKNOWN
        and not any(address.local != address.stem for address in one.profile.addresses)
        and not leaver.addresses
    )


def _are_one_person(safe: list[_Plausible]) -> bool:
    first = safe[0].profile
    return all(_is_same_person(first, one.profile) for one in safe[1:])


def _is_same_person(one: Profile, other: Profile) -> bool:
    shared = set(one.addresses) & set(other.addresses)
    return bool(shared) or bool(one.github and one.github == other.github)


def _is_rival(one: _Plausible, safe: list[_Plausible]) -> bool:
    if max(one.name.fit, one.hint.fit) < Fit.PLAUSIBLE:
        return max(one.address, one.github) >= Identity.LOCAL
    is_other = one.address in {Identity.OTHER, Identity.NUMBER} or one.github is Identity.OTHER
    fits_better = (one.name.fit, one.name.score) > (safe[0].name.fit, safe[0].name.score)
    return not is_other or fits_better
