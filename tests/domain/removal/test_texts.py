"""What a pull request says, and that it never names a person."""

from datetime import UTC, datetime

from service.domain.access_lists.entries import entries_from_yaml
from service.domain.removal.removal import Removal, remove
from service.domain.removal.texts import (
    branch_name,
    commit_message,
    line_ranges,
    pull_request_text,
)

LINK = "https://govuk.zendesk.com/agent/tickets/12345"
FILES = {
    "config/govuk_tech.yml": (
        b"# Everybody.\n- name: Jo Smith\n  email: jo@example.gov.uk\n- name: Bo Lee\n"
    ),
    "config/others.yml": b"- jo@example.gov.uk\n- bo@example.gov.uk\n",
}


def removal() -> Removal:
    entries = [one for file in FILES for one in entries_from_yaml(FILES[file], file=file)]
    done = remove(FILES, [one for one in entries if one.email == "jo@example.gov.uk"])
    assert isinstance(done, Removal)
    return done


def test_the_text_says_what_when_and_how_to_say_no_and_names_nobody() -> None:
    text = pull_request_text(
        12345,
        ticket_link=LINK,
        card_url="https://trello.com/c/abc",
        due=datetime(2026, 12, 18, 17, tzinfo=UTC),
        timezone="Europe/London",
        removal=removal(),
    )

    assert text.title == "Remove a leaver (Zendesk ticket 12345)"
    assert text.body == (
        f"Zendesk ticket: {LINK}\n\n"
        "Card: https://trello.com/c/abc\nLeaving date: 18 December 2026\n\n"
        "**Merging this takes effect at once. Do not merge before 18 December 2026, 17:00 "
        "(Europe/London).**\n\n"
        "Removed, and nothing else:\n"
        "- `config/govuk_tech.yml`: lines 2 to 3\n- `config/others.yml`: line 1\n\n"
        "Comments directly above that were left in place, since they do not name the leaver:\n"
        "- `config/govuk_tech.yml`: line 1\n\n"
        "What the service has not done: it never merges or approves, and it has removed no other "
        "access or account. The card lists what else there is to do.\n\n"
        "How to say no: close this pull request. It is not opened again."
    )
    everything = f"{text.title} {text.body} {commit_message(12345, LINK)}".lower()
    assert "smith" not in everything
    assert "jo@" not in everything


def test_the_time_is_local_in_summer() -> None:
    text = pull_request_text(
        1,
        ticket_link=LINK,
        card_url="x",
        due=datetime(2026, 7, 1, 16, tzinfo=UTC),
        timezone="Europe/London",
        removal=removal(),
    )

    assert "Do not merge before 1 July 2026, 17:00 (Europe/London)." in text.body


def test_a_branch_has_no_slash_and_counts_after_a_withdrawal() -> None:
    assert [branch_name(7, 1), branch_name(7, 2)] == ["leaver-ticket-7", "leaver-ticket-7-2"]


def test_lines_are_written_in_few_words() -> None:
    assert line_ranges([3]) == "line 3"
    assert line_ranges([3, 4, 5]) == "lines 3 to 5"
    assert line_ranges([9, 3, 4, 12, 13]) == "lines 3 to 4, 9 and 12 to 13"


def test_the_diff_shows_every_file() -> None:
    diff = removal().diff

    assert "--- a/config/govuk_tech.yml" in diff
    assert "-- name: Jo Smith" in diff
    assert "+++ b/config/others.yml" in diff
    assert not [line for line in diff.splitlines() if line.startswith("+") and line[1:2] != "+"]
