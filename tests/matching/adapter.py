"""Joins the matcher to the scorer of the labelled cases: JSON Lines in, JSON Lines out.

It decides nothing. `--ask-on-name-alone` sets the policy of the same name.
"""

import json
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
    PersonQuery,
    match_person,
)

Mapping = dict[str, Any]


class Lists:
    """A directory, and which case's id each of its entries has."""

    def __init__(self, mappings: list[Mapping]) -> None:
        self._ids: dict[tuple[str, str], list[str]] = {}
        entries = []
        for mapping in mappings:
            for entry in read(json.dumps(mapping, sort_keys=True)):
                entries.append(entry)
                self._ids.setdefault((entry.id, entry.file), []).append(mapping["id"])
        self.directory = Directory(entries)

    def ids(self, entries: list[Entry]) -> list[str]:
        """Return the cases' ids of entries, in their order."""
        return list(dict.fromkeys(i for e in entries for i in self._ids[e.id, e.file]))


@lru_cache(maxsize=200_000)
def read(mapping: str) -> tuple[Entry, ...]:
    """Read one mapping as a list of one entry: JSON is YAML."""
    fields = json.loads(mapping)
    file = fields.pop("file")
    del fields["id"]
    return entries_from_yaml(json.dumps([fields]), file=file)


def answer(lists: Lists, leaver: Mapping, policy: MatchingPolicy) -> Mapping:
    """Match one leaver."""
    sought = PersonQuery(
        name=leaver.get("name"), email=leaver.get("email"), github=leaver.get("github")
    )
    match match_person(sought, lists.directory, policy=policy):
        case Match(entries=entries):
            return {"outcome": "match", "entry_ids": lists.ids(list(entries))}
        case Candidates(candidates=candidates):
            shown = [candidate.entry for candidate in candidates]
            return {"outcome": "candidates", "entry_ids": lists.ids(shown)}
        case NoMatch():
            return {"outcome": "none", "entry_ids": []}


def main() -> None:
    """Answer every case on standard input."""
    policy = MatchingPolicy(act_on_name_alone="--ask-on-name-alone" not in sys.argv)
    for case, lists in cases():
        print(json.dumps({"id": case["id"], **answer(lists, case["leaver"], policy)}), flush=True)  # noqa: T201 - the scorer reads it


def cases() -> Iterator[tuple[Mapping, Lists]]:
    """Yield each case with its directory; one that was sent by name is built once."""
    defined: dict[str, list[Mapping]] = {}
    built: dict[str, Lists] = {}
    for line in sys.stdin:
        message = json.loads(line)
        if "define" in message:
            defined[message["define"]] = message["entries"]
        elif "directory" in message:
            yield message, Lists(message["directory"])
        else:
            reference, extra = message["directory_ref"], message["extra_entries"]
            if extra:
                yield message, Lists([*extra, *defined[reference]])
            else:
                if reference not in built:
                    built[reference] = Lists(defined[reference])
                yield message, built[reference]


if __name__ == "__main__":
    main()
