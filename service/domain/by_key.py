"""Values by key, of which most have one: at 100,000 entries a list for each would take 10 MB."""

from collections.abc import Hashable, KeysView, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", int, str)


class ByKey(Generic[K, V]):
    """Each key's values, in the order in which they were added."""

    def __init__(self) -> None:
        self._values: dict[K, V | list[V]] = {}

    def __getitem__(self, key: K) -> Sequence[V]:
        """Return the values of a key; none if it is unknown."""
        found = self._values.get(key)
        if found is None:
            return ()
        return found if isinstance(found, list) else (found,)

    def add(self, key: K, value: V) -> None:
        """Add a value to a key's."""
        known = self._values.get(key)
        if known is None:
            self._values[key] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            self._values[key] = [known, value]

    def keys(self) -> KeysView[K]:
        """Return all keys."""
        return self._values.keys()
