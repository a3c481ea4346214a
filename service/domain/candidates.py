"""Possible matches of a leaver, side by side: what each entry says, and no other one does."""

from collections.abc import Sequence

from service.domain.access_lists.entries import Entry


def said_by(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return what an entry says: labels and values, without what it leaves out."""
    said = (
        ("Name", entry.name),
        ("E-mail address", entry.email),
        ("GitHub user", entry.github),
        ("User name", entry.ssh),
        ("Also called", ", ".join(entry.other_names)),
        ("Ends", f"{entry.expires_at:%Y-%m-%d}" if entry.expires_at else None),
    )
    return tuple((label, value) for label, value in said if value)


def differences(entries: Sequence[Entry]) -> list[tuple[tuple[str, str], ...]]:
    """Return, for each entry, what none of the others says; nothing if there is but one.

    The list that an entry stands in counts, and so does what an entry alone leaves out: its value
    is then empty. Upper and lower case are the same.
    """
    all_said = [dict([*said_by(entry), ("List", entry.file)]) for entry in entries]
    labels = list(dict.fromkeys(label for said in all_said for label in said))
    if len(entries) == 1:
        return [()]
    return [
        tuple(
            (label, said.get(label, ""))
            for label in labels
            if all(
                said.get(label, "").casefold() != other.get(label, "").casefold()
                for other in all_said
                if other is not said
            )
        )
        for said in all_said
    ]
