"""The cut over hundreds of lists: exactly the entry's lines go, or it is refused with a reason."""

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.domain.access_lists.entries import Entry, UnreadableList, entries_from_yaml
from service.domain.removal.cut import FileCut, cut
from service.domain.removal.proof import is_proved
from service.domain.removal.refusals import RemovalRefused
from service.domain.removal.removal import Removal, remove
from tests.domain.removal.generated_lists import (
    GeneratedList,
    address_of,
    lists,
    refused_lists,
)

FILE = "config/list.yml"
MANY = settings(max_examples=400, derandomize=True)


def entry_of(user: str, content: bytes) -> Entry:
    entries = entries_from_yaml(content, file=FILE)
    return next(entry for entry in entries if entry.email == address_of(user))


@MANY
@given(lists())
def test_exactly_the_entrys_lines_go_and_one_blank_line_keeps_parting_the_neighbours(
    generated: GeneratedList,
) -> None:
    before = generated.content()
    labelled = generated.raw_lines()
    assume(not (generated.has_bom and labelled[0][1] == "leaver"))

    done = cut(before, [entry_of(generated.blocks[generated.leaver].user, before)], file=FILE)

    assert isinstance(done, FileCut), done
    removed = [labelled[number - 1] for number in done.removed]
    assert {label for _, label in removed} <= {"leaver", "blank"}
    assert [line for line, label in labelled if label == "leaver"] == [
        line for line, label in removed if label == "leaver"
    ]
    kept = [each for n, each in enumerate(labelled, 1) if n not in done.removed]
    assert done.after == b"".join(line for line, _ in kept)
    assert_neighbours_are_parted(labelled, done)
    entry = entry_of(generated.blocks[generated.leaver].user, before)
    assert is_proved({FILE: before}, [done], [entry])
    assert_neighbours_are_parted(labelled, done)


def assert_neighbours_are_parted(labelled: list[tuple[bytes, str]], done: FileCut) -> None:
    """Blank lines go only beside the leaver's, and one is left if something follows."""
    for first, last in runs_of(done.removed):
        run = [labelled[number - 1][1] for number in range(first, last + 1)]
        assert "leaver" in run
        if "blank" not in (run[0], run[-1]):
            continue
        blank_left = [
            label == "blank"
            for label in (labelled[first - 2][1] if first > 1 else "", *following(labelled, last))
        ]
        assert sum(blank_left) == (1 if last < len(labelled) else 0)


def runs_of(numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def following(labelled: list[tuple[bytes, str]], last: int) -> list[str]:
    return [label for _, label in labelled[last : last + 1]]


@MANY
@given(lists())
def test_what_stays_of_a_comment_directly_above_is_named_by_its_line(
    generated: GeneratedList,
) -> None:
    before = generated.content()
    done = cut(before, [entry_of(generated.blocks[generated.leaver].user, before)], file=FILE)
    assume(isinstance(done, FileCut))
    assert isinstance(done, FileCut)

    lines = generated.raw_lines()
    assert all(re.match(rb" *#", lines[number - 1][0]) for number in done.comments_left)
    assert not set(done.comments_left) & set(done.removed)


@settings(MANY, max_examples=200)
@given(refused_lists())
def test_a_shape_that_cannot_be_cut_is_refused_with_its_reason(
    case: tuple[bytes, str, str],
) -> None:
    content, user, reason = case
    found = [each for each in entries_from_yaml(content, file=FILE) if user in (each.email or "")]
    # Where the person stands twice, the alias comes last.
    entry = found[-1] if reason == "alias_or_merge_key" else found[0]

    done = cut(content, [entry], file=FILE)

    assert isinstance(done, RemovalRefused)
    assert (done.code, done.file) == (reason, FILE)
    assert 1 <= done.line <= content.count(b"\n") + 1


@settings(MANY, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                "- ",
                "  ",
                "name: ",
                "Jo Smith",
                "jo@example.gov.uk",
                "\n",
                "#",
                "[",
                "]",
                "{",
                "}",
                "&a ",
                "*a",
                "|",
                "\n\n",
                "users:",
                "email: ",
                ": ",
                "'",
                "\t",
                "\r",
                "? ",
                ">-\n",
                "<<: ",
            ]
        ),
        max_size=40,
    )
)
def test_whatever_a_file_says_a_cut_is_proved_or_refused(pieces: list[str]) -> None:
    content = "".join(pieces).encode()
    try:
        entries = entries_from_yaml(content, file=FILE)
    except UnreadableList:
        return
    for entry in entries:
        done = remove({FILE: content}, [entry])
        if isinstance(done, Removal):
            assert is_proved({FILE: content}, done.files, [entry])
        else:
            assert done.file == FILE
            assert done.sentence
