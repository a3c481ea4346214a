"""When a leaver is found beyond doubt: what decides, who is one person, and who is a rival."""

from service.domain.matching.addresses import Identity
from service.domain.matching.index import Profile
from service.domain.matching.name_likeness import Fit, compare_names
from service.domain.matching.names import WrittenName
from service.domain.matching.weighing import Leaver, Weighed
from service.domain.text import LOOK_ALIKE


def decided_by_identity(leaver: Leaver, weighed: list[Weighed]) -> list[Weighed]:
    """Return the entries of the one person whose address or GitHub name decides, if any."""
    return _one_person([one for one in weighed if _is_safe(leaver, one)], weighed)


def _is_safe(leaver: Leaver, one: Weighed) -> bool:
    if Identity.OTHER in {one.address, one.github}:
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
    return one.name.fit >= Fit.PLAUSIBLE or (is_nameless and one.hint.fit >= Fit.PLAUSIBLE)


def decided_by_name(leaver: Leaver, weighed: list[Weighed]) -> list[Weighed]:
    """Return the entries of the one person of this full name, if nothing contradicts it."""
    if LOOK_ALIKE in leaver.oddities or leaver.name.is_placeholder:
        return []
    safe = [one for one in weighed if _is_safe_by_name(leaver, one)]
    if leaver.addresses and any(
        one.name.fit is Fit.EXACT and one.profile.addresses for one in weighed if one not in safe
    ):
        # A namesake has an address, which may be the leaver's other one.
        return []
    return _one_person(safe, weighed)


def _is_safe_by_name(leaver: Leaver, one: Weighed) -> bool:
    numbered = (*one.profile.addresses, *leaver.addresses)
    return (
        _have_one_full_name(leaver.name, one.profile.name)
        and {one.address, one.github} == {Identity.UNKNOWN}
        and not one.profile.oddities
        and not any(address.has_number for address in numbered)
        and (not leaver.addresses or _is_spelt(leaver, one))
    )


def _have_one_full_name(ours: WrittenName, theirs: WrittenName) -> bool:
    """Compare names as they stand: without what may be a title, it may be another's name."""
    names = (*ours.readings[:1], *theirs.readings[:1])
    is_full = len(names) == 2 and all(len(name.words) > 1 for name in names)
    return is_full and compare_names(*names).fit is Fit.EXACT and not _are_told_apart(ours, theirs)


def _are_told_apart(ours: WrittenName, theirs: WrittenName) -> bool:
    """Say whether brackets tell namesakes apart: by other words, or a number on one side."""
    numbers = [{word for word in name.beside if not word.isalpha()} for name in (ours, theirs)]
    is_one_in_other = ours.beside <= theirs.beside or theirs.beside <= ours.beside
    return numbers[0] != numbers[1] or not is_one_in_other


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
    best = min(safe, key=lambda one: one.rank)
    if any(one in others for one in safe) or any(_is_rival(one, best) for one in others):
        return []
    return sorted(person, key=lambda one: one.rank)


def _belongs(one: Weighed, person: list[Weighed]) -> bool:
    """Say whether an entry is one more of the same person: same name, and something else shared."""
    return _name_fits(one) and any(_are_same_person(one.profile, other.profile) for other in person)


def _are_same_person(one: Profile, other: Profile) -> bool:
    if one.oddities or other.oddities:
        return False
    has_one_user = one.user_name != "" and one.user_name == other.user_name
    says_the_same = one.entry.id == other.entry.id and one.entry.file != other.entry.file
    return (
        not set(one.addresses).isdisjoint(other.addresses)
        or (one.github != "" and one.github == other.github)
        or (has_one_user and not (one.addresses and other.addresses))
        or says_the_same
    )


def _is_rival(one: Weighed, safe: Weighed) -> bool:
    """Say whether somebody else may be meant, or this may be one more entry of the same person."""
    if one.is_spelt_in_part or (one.is_by_login and one.best_fit < Fit.PLAUSIBLE):
        return not _fits_in_full(safe)
    if one.best_fit < Fit.PLAUSIBLE or one.address is Identity.ACCOUNT:
        return one.identity >= Identity.ACCOUNT
    is_somebody_else = Identity.OTHER in {one.address, one.github} or (
        one.address is Identity.NUMBER
    )
    if _fits_in_full(safe) and one.profile.addresses and one.identity < Identity.SIBLING:
        return one.name.fit is Fit.EXACT and not is_somebody_else
    return not is_somebody_else or one.name.order > safe.name.order


def _fits_in_full(one: Weighed) -> bool:
    """Say whether name and address are both exactly the leaver's: a near twin fits less well."""
    return one.address is Identity.SAME and one.name.fit is Fit.EXACT
