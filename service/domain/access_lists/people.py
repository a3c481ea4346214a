"""Finds the people in a parsed list, whatever its shape, and nobody in a file of other data."""

from collections.abc import Iterator

from service.domain.access_lists.fields import fields_of, is_deep
from service.domain.access_lists.groups import (
    describes_a_role,
    holds_people,
    is_group,
    is_list_of_users,
    is_setting,
    is_slug,
    may_have_rights,
)
from service.domain.access_lists.names import names_somebody
from service.domain.access_lists.person import (
    ListedPerson,
    completed,
    person_of_key,
    person_of_one_name,
    person_of_text,
)
from service.domain.access_lists.person_of_fields import person_of_fields
from service.domain.access_lists.words import (
    ACCOUNTS_KEYS,
    FIELD_KEYS,
    MEMBERS_KEYS,
    Trust,
    field_key,
    trust_under,
)
from service.domain.access_lists.yaml_text import DEEPEST, Items, Node, Pairs, UnreadableText

MOST_REPEATS = 50_000


def people_in(document: Node, *, heading: str = "") -> Iterator[ListedPerson]:
    """Yield the people of one document, in its order.

    Raises:
        UnreadableText: its aliases expand without end.
    """
    return _Finder().walk(document, (heading,) if heading else (), Trust.LIKELY)


class _Finder:
    """Walks one document; counts what aliases repeat, so that a small file cannot grow huge."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._repeats = 0

    def walk(
        self, node: Node, path: tuple[str, ...], trust: Trust, *, own: Trust | None = None
    ) -> Iterator[ListedPerson]:
        """Walk what stands under a heading; ``own`` is the trust in the mapping itself."""
        if isinstance(node, Items):
            self._note(node, path)
            yield from self._list(node, path, trust)
        elif isinstance(node, Pairs):
            self._note(node, path)
            yield from self._mapping(node, path, trust, own=own)

    def _list(self, node: Items, path: tuple[str, ...], trust: Trust) -> Iterator[ListedPerson]:
        has_full_names = trust is Trust.LIKELY and any(map(_is_full_name, node.items))
        for number, item in enumerate(node.items, start=1):
            here = (*path, f"entry {number}")
            if isinstance(item, str):
                person = person_of_text(item, _place(here), path[-1] if path else "", trust)
                if not person and has_full_names:
                    person = person_of_one_name(item, _place(here))
                if person:
                    yield person
            else:
                yield from self.walk(item, here, trust)

    def _mapping(
        self, node: Pairs, path: tuple[str, ...], trust: Trust, *, own: Trust | None
    ) -> Iterator[ListedPerson]:
        pairs = self._merged(node, 0)
        fields = fields_of(pairs)
        if describes_a_role(path, pairs) and not fields.has(FIELD_KEYS):
            return
        group = is_group(pairs)
        is_item = bool(path) and path[-1].startswith("entry ") and len(pairs) > 1
        person = (
            None
            if group
            else person_of_fields(
                fields, _place(path), trust if own is None else own, is_one=is_item
            )
        )
        if person:
            yield person
        for key, value in pairs:
            name = field_key(key)
            under = trust_under(name, above=trust)
            if person and name in ACCOUNTS_KEYS:
                continue
            if person or (name in FIELD_KEYS and not is_deep(value)):
                if holds_people(name, value) or (not person and is_list_of_users(name, value)):
                    yield from self.walk(value, (*path, key), max(under, Trust.YES))
                continue
            if group and is_setting(value) and not MEMBERS_KEYS.isdisjoint(fields.values):
                continue
            yield from self._under_key(key, value, (*path, key), (trust, under))

    def _under_key(
        self, key: str, value: Node, path: tuple[str, ...], trusts: tuple[Trust, Trust]
    ) -> Iterator[ListedPerson]:
        trust, under = trusts
        named = person_of_key(key, value, _place(path), trust)
        if isinstance(value, Pairs):
            fields = fields_of(self._merged(value, 0))
            # What stands right under such a heading is a detail of whatever is around it.
            is_detail = under <= Trust.NO
            sure = min(trust, Trust.NO) if trust <= Trust.NO else max(trust, Trust.UNSAID)
            sure = Trust.NEVER if is_detail else sure
            inner = person_of_fields(fields, _place(path), sure, is_one=True)
            if inner and not is_group(value.pairs_by_text()):
                yield inner if is_slug(key, inner, sure) else completed(inner, key)
                return
            if any(isinstance(child, Pairs) for _, child in value.pairs):
                named = None
        if named:
            yield named
            return
        if trust is Trust.YES and may_have_rights(key, value):
            yield completed(ListedPerson(position=_place(path)), key)
        if isinstance(value, Items) and field_key(key).endswith("team"):
            under = max(under, Trust.UNSAID)
        yield from self.walk(value, path, under, own=Trust.NEVER if under <= Trust.NO else None)

    def _merged(self, node: Pairs, depth: int) -> list[tuple[str, Node]]:
        """Resolve merge keys (https://yaml.org/type/merge.html): the mapping's own keys win."""
        own = [(key, value) for key, value in node.pairs_by_text() if key != "<<"]
        bases = [value for key, value in node.pairs_by_text() if key == "<<"]
        if not bases or depth > DEEPEST:
            return own
        taken = {key for key, _ in own}
        for base in bases:
            for one in base.items if isinstance(base, Items) else [base]:
                if isinstance(one, Pairs):
                    self._count(len(one.pairs))
                    for key, value in self._merged(one, depth + 1):
                        if key not in taken:
                            taken.add(key)
                            own.append((key, value))
        return own

    def _note(self, node: Items | Pairs, path: tuple[str, ...]) -> None:
        if id(node) in self._seen:
            self._count(1)
        self._seen.add(id(node))
        if len(path) > 2 * DEEPEST:
            raise UnreadableText("it refers to itself")

    def _count(self, repeats: int) -> None:
        self._repeats += repeats
        if self._repeats > MOST_REPEATS:
            raise UnreadableText("its aliases repeat too much")


def _is_full_name(item: Node) -> bool:
    return isinstance(item, str) and names_somebody(item.strip())


def _place(path: tuple[str, ...]) -> str:
    return " / ".join(path) or "the whole file"
