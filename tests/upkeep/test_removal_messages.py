"""What people hear of pull requests: in messages, on the card and in the history."""

from collections.abc import Iterator
from datetime import time, timedelta
from functools import partial

import pytest

from integrations.sandbox import Sandbox, faults
from service.config.rules import line_link
from service.domain.urgent import UrgentRules
from service.records.message_retries import MOST_TRIES
from service.records.notices import NoticeRecords
from service.records.pull_request_notices import PullRequestNotices
from service.records.urgent import UrgentCards
from service.upkeep.notifications import MessageLinks, Notifier, Target
from tests.support.lists import TECH_FILE
from tests.support.removal import WITHOUT_ADA, Removals, removals_service

REPOSITORY = "https://github.com/alphagov/govuk-user-reviewer"
PULL = f"{REPOSITORY}/pull/1"
RULES = UrgentRules(
    within=timedelta(hours=24), due_time=time(17), repeat_at=time(9), timezone="Europe/London"
)


class Inbox:
    """Takes messages, or refuses so many of them first."""

    def __init__(self, removals: Removals, *, refuses: int = 0) -> None:
        self._refuses = refuses
        self.tried = 0
        self.messages: list[tuple[str, str]] = []
        database = removals.service.database
        self._removals = removals
        self._notifier = Notifier(
            NoticeRecords(database),
            UrgentCards(database),
            PullRequestNotices(database),
            [Target(key="inbox", send=self._take)],
            links=MessageLinks(ticket="https://z.example/{}"),
            urgent=RULES,
        )

    def _take(self, title: str, text: str) -> bool:
        self.tried += 1
        if self.tried <= self._refuses:
            return False
        self.messages.append((title, text))
        return True

    def open(self) -> list[tuple[str, str]]:
        """Send what is new, or due again; return the messages that came."""
        before = len(self.messages)
        self._notifier.send()
        self._removals.database.run(
            "UPDATE pull_request_notices SET next_try_at = now() WHERE next_try_at IS NOT NULL"
        )
        return self.messages[before:]


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


def changes(removals: Removals, ticket_id: int = 7) -> list[str]:
    """What the history says was changed of the pull request."""
    rows = removals.database.run(
        "SELECT facts ->> 'what' FROM history WHERE event = 'pull_request_changed'"
        " AND ticket_id = %s ORDER BY id",
        ticket_id,
    )
    return [what for (what,) in rows]


def test_one_message_has_the_address_of_a_new_one_and_names_nobody(removals: Removals) -> None:
    inbox = Inbox(removals)
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    first = inbox.open()
    removals.look()
    again = inbox.open()

    assert first == [
        (
            "1 pull request about leavers' entries",
            f"7: a pull request that removes the entry waits for people. {PULL} https://z.example/7",
        )
    ]
    assert again == []


def test_a_refused_message_is_tried_again(removals: Removals) -> None:
    inbox = Inbox(removals, refuses=1)
    removals.add_leaver(7)
    removals.look()

    assert [len(inbox.open()) for _ in range(3)] == [0, 1, 0]


def test_a_message_that_is_refused_each_time_is_given_up(removals: Removals) -> None:
    inbox = Inbox(removals, refuses=100)
    removals.add_leaver(7)
    removals.look()
    for _ in range(MOST_TRIES + 2):
        inbox.open()

    assert inbox.tried == MOST_TRIES


@pytest.mark.parametrize(
    ("then", "says"),
    [
        ("set aside", "the removal is not wanted any more"),
        ("gone", "the entry is no longer in the access lists"),
        ("moved", "the leaving date was moved"),
    ],
)
def test_people_hear_once_of_what_they_touched_and_have_to_settle(
    removals: Removals, then: str, says: str
) -> None:
    inbox = Inbox(removals)
    card = removals.add_leaver(7)
    removals.look()
    removals.pulls.approve(1)
    removals.look()
    inbox.open()
    if then == "set aside":
        removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
    elif then == "gone":
        removals.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    else:
        card.due = "2099-01-01T17:00:00+00:00"
    removals.look()
    first = inbox.open()
    removals.look()
    again = inbox.open()

    ((_, text),) = first
    assert text.startswith(f"7: {says}, but people have changed or approved its pull request")
    assert "/pull/1 https://z.example/7" in text
    assert again == []


def test_people_hear_again_if_it_is_set_aside_for_the_second_time(removals: Removals) -> None:
    inbox = Inbox(removals)
    removals.add_leaver(7)
    removals.look()
    removals.pulls.approve(1)
    came = []
    for outcome in ("set_aside", "tech_card", "set_aside"):
        removals.database.run("UPDATE leavers SET outcome = %s", outcome)
        removals.look()
        came.append(len(inbox.open()))

    assert came == [1, 0, 1]


def test_the_cards_reminder_has_the_reason_the_place_and_a_link_that_stays(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    inline = "users: [{name: Ada Archer, email: ada.archer@digital.cabinet-office.gov.uk},\n"
    inline += "  {name: Bo Lee, email: b@l.uk}]\n"
    removals.sandbox.github.put_file(TECH_FILE, inline)
    removals.database.run("DELETE FROM lists")
    removals.look()
    commit = removals.sandbox.github.head
    removals.sandbox.github.put_file("config/others.yml", "- name: Bo\n- name: Cy\n")
    removals.database.run("DELETE FROM lists")
    removals.look()

    words = partial(
        removals.service.removals.words_for_card, line_link=line_link(removals.service.settings)
    )
    (said,) = words(7)
    assert "written in brackets" in said
    assert f"Remove it by hand: {TECH_FILE}, line 1. {REPOSITORY}/blob/{commit}/" in said
    assert said.endswith(f"/{TECH_FILE}#L1")
    assert removals.events(7) == ["pull_request_not_opened"]


@pytest.mark.parametrize(
    ("mutation", "history"),
    [
        ("convertPullRequestToDraft", ["draft", "described"]),
        ("markPullRequestReadyForReview", ["draft", "described", "ready", "described"]),
    ],
)
def test_the_history_says_what_was_changed_if_the_reply_was_lost(
    removals: Removals, mutation: str, history: list[str]
) -> None:
    card = removals.add_leaver(7)
    removals.look()
    past, card.due = card.due, "2099-01-01T17:00:00+00:00"
    rule = removals.sandbox.faults.add(
        fault=faults.acts_then_breaks(), method="POST", path="/graphql", body=mutation
    )
    removals.look()
    if mutation.startswith("mark"):
        card.due = past
        removals.look()
    removals.let_time_go_by()
    removals.look()

    assert rule.struck == 1
    assert changes(removals) == history
