"""Leavers after their date, with a clock that is passed in: real board, lists and tables."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from psycopg.rows import dict_row

from integrations.github.user_reviewer import UserReviewer
from integrations.http.policy import Call, CallPolicy
from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault
from integrations.sandbox.trello import COLLEAGUE
from integrations.sandbox.trello_cards import SandboxCard
from integrations.trello.client import Trello
from integrations.trello.requester import HeaderLogin
from service.domain.access_lists.entries import entries_from_yaml
from service.domain.after_date import AfterDateRules
from service.domain.cards import Card
from service.domain.errors import OutsideError
from service.domain.matching.match_person import MatchingPolicy
from service.records.after_date import AfterDateRecords, say_after_date
from service.records.database import AsyncConnection, Database
from service.records.lists import ListRecords
from service.records.reminders import ReminderRecords
from service.records.removed import RemovedRecords
from service.records.watched import WatchedRecords
from service.upkeep.after_date import AfterDateLook
from service.upkeep.reminders import Reminders
from service.work.access_lists import AccessLists
from tests.support.leaver_rows import insert_leaver
from tests.support.lists import OTHER_LIST, TECH_FILE, TECH_LIST, put_lists

# A Friday; local time is UTC in winter.
DUE = datetime(2026, 12, 18, 17, 0, tzinfo=UTC)
MONDAY = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
RULES = AfterDateRules(
    steps=(1, 3, 5), until_days=60, due_time=time(17, 0), timezone="Europe/London"
)
WITHOUT_ADA = TECH_LIST.partition("- name: Benedict")[2].join(["- name: Benedict", ""])


@dataclass
class Scene:
    """A board, lists, tables and a clock."""

    sandbox: Sandbox
    database: Database
    late_write: timedelta = timedelta()
    is_dry_run: bool = False
    now: datetime = MONDAY
    rules: AfterDateRules = RULES
    links: Callable[[int], list[str]] = lambda _ticket_id: []
    # What somebody does once the look has begun.
    meanwhile: Callable[[], object] = lambda: None
    calls: list[Call] = field(default_factory=list)

    def look(self, now: datetime | None = None) -> dict[str, int]:
        """Look once, as a worker that has just started does."""
        self.now = now or self.now
        trello = Trello(
            HeaderLogin(self.sandbox.trello.key, self.sandbox.trello.token),
            url=self.sandbox.trello.url,
            board=self.sandbox.trello.board.short_link,
            list_name="To do",
            templates={},
            policy=self._policy(),
        )
        reviewer = UserReviewer(
            token=self.sandbox.github.token,
            url=self.sandbox.github.url,
            repository=self.sandbox.github.repository,
            branch="main",
            directory="config",
            policy=self._policy(),
        )
        removed = RemovedRecords(self.database, look_back=timedelta(days=90))
        look = AfterDateLook(
            lists=AccessLists(reviewer, ListRecords(self.database), removed, tech_file=TECH_FILE),
            trello=trello,
            leavers=WatchedRecords(self.database),
            records=AfterDateRecords(self.database),
            rules=self.rules,
            matching=MatchingPolicy(organisation_domains=frozenset(), act_on_name_alone=True),
            done_lists=["done"],
            reminders=None if self.is_dry_run else self._reminders(trello),
            clock=lambda: self.now,
        )

        def open_cards() -> tuple[Card, ...]:
            self.meanwhile()
            return trello.visible_cards()

        return look.look(open_cards)

    def _reminders(self, trello: Trello) -> Reminders:
        records = ReminderRecords(self.database, late_write=self.late_write)
        return Reminders(trello, records, self.rules, self.links)

    def _policy(self) -> CallPolicy:
        def before_call(call: Call) -> None:
            self.calls.append(call)
            if call.lease:
                call.lease()

        return CallPolicy(timeout=60, before_call=before_call, after_call=lambda *_: None)

    def add_leaver(
        self, number: int = 4001, *, of_card: SandboxCard | None = None, **changes: Any
    ) -> SandboxCard:
        """Record a leaver that is done, and put its card on the board."""
        link = f"https://govuk-sandbox.zendesk.com/agent/tickets/{number}"
        card = self.sandbox.trello.add_card(
            name="Leaver: Ada Archer (tech role)",
            desc=f"Zendesk ticket: {link}",
            due="2026-12-18T17:00:00.000Z",
            checklists={"Access": ("AWS", "GitHub", "Fastly")},
        )
        (ada, *_) = entries_from_yaml(TECH_LIST, file=TECH_FILE)
        columns = {
            "state": "done",
            "outcome": "tech_card",
            "name": "Ada Archer",
            "email": ada.email,
            "leaving_date": DUE.date(),
            "entry": json.dumps(
                {"id": ada.id, "file": ada.file, "email": ada.email, "github": ada.github}
            ),
            "person_keys": [f"entry {ada.id}"],
            "finished_at": DUE - timedelta(days=20),
        } | changes
        known = {"card_id": (of_card or card).id, "url": (of_card or card).url, "due": DUE}
        has_card = columns["outcome"] != "no_access"
        with self.database.transaction() as connection:
            insert_leaver(connection, number, card=known if has_card else None, **columns)
        return card

    def run(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Ask the database."""
        with self.database.transaction() as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description is not None else []

    def say(self, *, remind_from: date | None) -> None:
        """Say as an operator that it is over, or when to remind again."""

        async def say(dsn: str) -> bool:
            async with await AsyncConnection.connect(dsn, row_factory=dict_row) as connection:
                return await say_after_date(
                    connection, 4001, remind_from=remind_from, reason="", by="alice"
                )

        with self.database.transaction() as connection:
            dsn = connection.info.dsn
        assert asyncio.run(say(dsn))

    def status(self, number: int = 4001) -> str | None:
        """How the leaver stands; None if it was not looked at."""
        rows = self.run("SELECT status FROM after_date WHERE ticket_id = %s", number)
        return rows[0]["status"] if rows else None

    def events(self, number: int = 4001) -> list[str]:
        """The events of its history."""
        rows = self.run("SELECT event FROM history WHERE ticket_id = %s ORDER BY id", number)
        return [row["event"] for row in rows]

    def read_alone(self) -> int:
        """How often a card was read on its own."""
        return sum(call.operation == "read a card" for call in self.calls)

    def out_of_the_lists(self) -> None:
        """Somebody takes Ada out."""
        put_lists(self.sandbox, tech=WITHOUT_ADA)


@pytest.fixture
def scene(sandbox: Sandbox, tables: Database) -> Scene:
    put_lists(sandbox)
    return Scene(sandbox=sandbox, database=tables)


def comments(card: SandboxCard) -> list[str]:
    return [comment.text for comment in card.comments]


def test_somebody_still_listed_is_reminded_of_on_the_card(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.sandbox.trello.tick(card.id, items=1)

    looked = scene.look()

    assert (scene.status(), looked) == ("still_listed", {"looked_at": 1, "reminded": 1})
    assert comments(card) == [
        (
            "Leavers service, reminder 1 of 3: the leaving date was 18 December 2026. Still in the "
            "access lists: config/govuk_tech.yml. Checklist: 1 of 3 done."
        )
    ]
    assert scene.events() == ["after_date", "reminded"]


def test_a_look_needs_no_calls_but_the_lists_the_board_and_the_comment(scene: Scene) -> None:
    scene.add_leaver()
    scene.look()

    trello = [call.operation for call in scene.calls if call.system == "Trello"]
    zendesk = [call for call in scene.calls if call.system == "Zendesk"]

    assert trello == ["read the board's open cards", "look up the lists", "comment on a card"]
    assert zendesk == []


def test_there_is_at_most_one_reminder_a_card_and_day(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.add_leaver(4002, of_card=card)

    for hours in (0, 1, 12):
        scene.look(MONDAY + timedelta(hours=hours))

    assert len(comments(card)) == 1


def test_the_steps_follow_one_another_until_it_is_over(scene: Scene) -> None:
    card = scene.add_leaver()
    for days in range(3):
        scene.look(MONDAY + timedelta(days=days))
    scene.out_of_the_lists()
    scene.look(MONDAY + timedelta(days=3))
    in_between = scene.status()
    scene.sandbox.trello.complete(card.id)
    scene.look(MONDAY + timedelta(days=4))
    scene.look(MONDAY + timedelta(days=8))

    assert [text[:35] for text in comments(card)] == [
        "Leavers service, reminder 1 of 3: t",
        "Leavers service, reminder 2 of 3: t",
    ]
    assert (in_between, scene.status()) == ("card_open", "over")
    (row,) = scene.run("SELECT gone_commit, gone_working_days, ended_at FROM after_date")
    assert (row["gone_commit"], row["gone_working_days"]) == (scene.sandbox.github.head, 4)
    assert row["ended_at"] == MONDAY + timedelta(days=4)
    assert scene.events().count("after_date") == 3


def test_an_entry_that_left_before_the_card_counts_from_its_commit(scene: Scene) -> None:
    found = {"was_removed": True, "removed_at": "2026-12-01T09:00:00+00:00", "removed_by": "abc123"}
    scene.add_leaver(found=json.dumps(found))
    scene.out_of_the_lists()
    for days in range(2):
        scene.look(MONDAY + timedelta(days=days))

    (row,) = scene.run("SELECT gone_at, gone_commit, gone_working_days FROM after_date")
    assert (row["gone_at"], row["gone_commit"], row["gone_working_days"]) == (
        datetime(2026, 12, 1, 9, tzinfo=UTC),
        "abc123",
        0,
    )


def test_an_entry_that_came_back_and_left_again_counts_from_the_last_time(scene: Scene) -> None:
    found = {"was_removed": True, "removed_at": "2026-12-01T09:00:00+00:00", "removed_by": "abc123"}
    scene.add_leaver(found=json.dumps(found))
    scene.look(MONDAY)
    scene.out_of_the_lists()
    for days in (1, 2):
        scene.look(MONDAY + timedelta(days=days))

    (row,) = scene.run("SELECT gone_at, gone_commit FROM after_date")
    assert row["gone_at"] == MONDAY + timedelta(days=1)
    assert row["gone_commit"] == scene.sandbox.github.head


def test_nothing_is_said_before_the_due_time(scene: Scene) -> None:
    card = scene.add_leaver()

    looked = scene.look(DUE - timedelta(minutes=1))

    assert (scene.status(), looked["looked_at"], comments(card)) == (None, 0, [])


def test_a_date_that_a_person_moved_counts(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.look()
    scene.sandbox.trello.set_due(card.id, DUE + timedelta(days=28))

    scene.look(MONDAY + timedelta(days=2))
    before = scene.status()
    scene.look(DUE + timedelta(days=31))

    assert (before, scene.status()) == (None, "still_listed")
    assert "the leaving date was 15 January 2027" in comments(card)[-1]


def test_a_date_that_a_person_removed_is_the_leaving_date(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.sandbox.trello.set_due(card.id, None)

    scene.look(DUE - timedelta(minutes=1))
    before = scene.status()
    scene.look(DUE)

    assert (before, scene.status()) == (None, "still_listed")


def test_done_but_listed_is_said_at_once_on_a_weekend_too_and_the_first_step_not_again(
    scene: Scene,
) -> None:
    card = scene.add_leaver()
    done = scene.sandbox.trello.add_list("Done")
    scene.sandbox.trello.move(card.id, list_id=done.id)

    for days in (1, 2, 3, 4, 5):  # from Saturday to Wednesday
        scene.look(DUE + timedelta(days=days))

    assert scene.status() == "done_but_listed"
    assert [text[:33] for text in comments(card)] == [
        "Leavers service, reminder 1 of 3:",
        "Leavers service, reminder 2 of 3:",
    ]


@pytest.mark.parametrize("days", [1, 2, 3], ids=["the same day", "Sunday", "Monday"])
@pytest.mark.parametrize(
    "fault", [faults.breaks(), faults.acts_then_breaks()], ids=["breaks before", "reply lost"]
)
def test_what_is_said_at_once_lands_once_whatever_becomes_of_the_first_try(
    scene: Scene, fault: Fault, days: int
) -> None:
    card = scene.add_leaver()
    scene.sandbox.trello.complete(card.id)
    scene.sandbox.faults.add(fault=fault, vendor="trello", path="/actions/comments")

    scene.look(DUE + timedelta(days=1))
    scene.look(DUE + timedelta(days=days))

    assert [text[:33] for text in comments(card)] == ["Leavers service, reminder 1 of 3:"]
    assert scene.events().count("reminded") == 1


def test_without_steps_there_are_no_comments(scene: Scene) -> None:
    scene.rules = AfterDateRules(
        steps=(), until_days=60, due_time=time(17, 0), timezone="Europe/London"
    )
    card = scene.add_leaver()

    scene.look()

    assert (scene.status(), comments(card)) == ("still_listed", [])


def test_a_dry_run_sends_nothing(scene: Scene) -> None:
    scene.is_dry_run = True
    card = scene.add_leaver()

    scene.look()

    assert (scene.status(), comments(card)) == ("still_listed", [])


def test_an_archived_card_is_looked_at_once_a_day(scene: Scene) -> None:
    card = scene.add_leaver()
    until_due = DUE + timedelta(hours=1) - scene.sandbox.clock.now()
    scene.sandbox.clock.advance(seconds=until_due.total_seconds())
    scene.sandbox.trello.archive(card.id)
    for hours in (0, 1, 23):
        scene.look(MONDAY + timedelta(hours=hours))
    at_first = sum(call.operation == "read a card" for call in scene.calls)
    scene.look(MONDAY + timedelta(hours=25))

    assert scene.status() == "done_but_listed"
    assert (at_first, sum(call.operation == "read a card" for call in scene.calls)) == (1, 2)


def test_a_card_that_is_gone_is_absent_and_nothing_is_written(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.sandbox.trello.delete(card.id)

    scene.look()
    listed = scene.status()
    scene.out_of_the_lists()
    scene.look(MONDAY + timedelta(hours=1))

    assert (listed, scene.status()) == ("still_listed", "over")


def test_the_service_gives_up_at_once_if_it_comes_too_late(scene: Scene) -> None:
    card = scene.add_leaver()

    scene.look(DUE + timedelta(days=61))

    assert (scene.status(), comments(card)) == ("unfinished", [])


@pytest.mark.parametrize(
    "text",
    ["- name: [", "people: []", "- name: Somebody Else\n  email: a@example.gov.uk\n"],
    ids=["unreadable", "without people", "shrunken"],
)
def test_lists_that_are_refused_elsewhere_change_nothing(scene: Scene, text: str) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(hours=1))
    put_lists(scene.sandbox, tech=text, other=OTHER_LIST)

    looked = scene.look(MONDAY)

    assert (scene.status(), looked["looked_at"], comments(card)) == ("still_listed", 0, [])


def test_a_vendor_that_is_down_changes_nothing(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.sandbox.faults.add(fault=faults.unavailable(), vendor="github", times=None)

    scene.look()

    assert (scene.status(), comments(card)) == (None, [])
    assert scene.run("SELECT FROM periodic_tasks WHERE name = 'after_date'") == []
    assert scene.run("SELECT state FROM leavers") == [{"state": "done"}]


@pytest.mark.parametrize("path", ["/cards/open$", "/lists$"])
@pytest.mark.parametrize(
    "fault",
    [faults.fails(500), faults.html_page(200), faults.json_instead({}), faults.breaks()],
    ids=["fails", "a page", "another shape", "breaks"],
)
def test_a_board_that_is_not_known_changes_nothing_and_nothing_is_written(
    scene: Scene, path: str, fault: Fault
) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(hours=1))
    scene.out_of_the_lists()
    scene.sandbox.faults.add(fault=fault, vendor="trello", path=path, times=None)

    with pytest.raises(OutsideError):
        scene.look(MONDAY)

    assert (scene.status(), comments(card)) == ("still_listed", [])


def test_all_known_is_noted_as_looked_at(scene: Scene) -> None:
    scene.add_leaver()

    scene.look()

    (row,) = scene.run("SELECT ended_at, result FROM periodic_tasks WHERE name = 'after_date'")
    assert (row["ended_at"] is not None, row["result"]) == (True, {"looked_at": 1, "reminded": 1})


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "set_aside"},
        {"state": "needs_person", "outcome": None},
        {"ended_in_dry_run": True},
    ],
    ids=["set aside", "waiting for an answer", "dry run"],
)
def test_nobody_is_looked_at_who_was_set_aside_or_is_asked_about(
    scene: Scene, changes: dict[str, Any]
) -> None:
    card = scene.add_leaver(**changes)

    scene.look()

    assert (scene.status(), comments(card)) == (None, [])


def test_somebody_set_aside_while_the_comment_waits_its_turn_is_not_reminded_of(
    scene: Scene,
) -> None:
    card = scene.add_leaver()

    def links(_ticket_id: int) -> list[str]:
        scene.run("UPDATE leavers SET outcome = 'set_aside'")
        return []

    scene.links = links

    assert (scene.look()["reminded"], comments(card)) == (0, [])


def test_the_removals_links_stand_in_the_reminder(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.links = lambda ticket_id: [f"Pull request: https://github.com/pull/{ticket_id}"]

    scene.look()

    assert comments(card)[0].endswith("Pull request: https://github.com/pull/4001")


@pytest.mark.parametrize(
    ("fault", "landed"),
    [
        (faults.fails(503), False),
        (faults.fails(400), False),
        (faults.html_page(200), False),
        (faults.breaks(), False),
        (faults.acts_then_breaks(), True),
        (faults.acts_then_fails(), True),
        (faults.html_page(200, acts=True), True),
        (faults.too_many_requests("1"), False),
    ],
    ids=[
        "fails",
        "is refused",
        "a page instead",
        "breaks before",
        "reply lost",
        "fails after",
        "a page after",
        "too many",
    ],
)
def test_a_reminder_lands_once_whatever_becomes_of_the_first_try(
    scene: Scene, fault: Fault, *, landed: bool
) -> None:
    card = scene.add_leaver()
    scene.sandbox.faults.add(fault=fault, vendor="trello", path="/actions/comments")

    first = scene.look()
    at_first = len(comments(card))
    for _ in range(3):
        scene.look()

    assert (first["reminded"], at_first, len(comments(card))) == (0, int(landed), 1)
    assert scene.status() == "still_listed"
    assert scene.events().count("reminded") == 1


def test_after_an_unclear_reply_the_next_try_waits_for_a_late_write(scene: Scene) -> None:
    scene.late_write = timedelta(hours=1)
    card = scene.add_leaver()
    scene.sandbox.faults.add(fault=faults.breaks(), vendor="trello", path="/actions/comments")
    scene.look()

    scene.look()
    waited = len(comments(card))
    scene.run("UPDATE reminders SET sent_at = sent_at - interval '2 hours'")
    scene.look()

    assert (waited, len(comments(card))) == (0, 1)


@pytest.mark.parametrize("has_landed", [False, True], ids=["before the call", "after it"])
def test_a_worker_that_died_around_the_call_leaves_one_reminder(
    scene: Scene, *, has_landed: bool
) -> None:
    card = scene.add_leaver()

    def before_call(call: Call) -> None:
        if call.lease:
            call.lease()
            if not has_landed:
                raise KeyboardInterrupt

    def after_call(call: Call, _seconds: float, _outcome: str) -> None:
        if call.lease:
            raise KeyboardInterrupt

    watching = scene._policy  # noqa: SLF001 - this test's own scene
    scene._policy = lambda: CallPolicy(  # type: ignore[method-assign]  # noqa: SLF001
        timeout=60, before_call=before_call, after_call=after_call
    )
    with pytest.raises(KeyboardInterrupt):
        scene.look()
    assert len(comments(card)) == int(has_landed)
    scene._policy = watching  # type: ignore[method-assign]  # noqa: SLF001
    scene.look()

    assert len(comments(card)) == 1


def test_a_reminder_of_somebody_elses_is_not_taken_for_our_own(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.sandbox.faults.add(fault=faults.breaks(), vendor="trello", path="/actions/comments")
    scene.look()
    copied = "Leavers service, reminder 1 of 3: the leaving date was 18 December 2026. Copied."
    scene.sandbox.trello.comment(card.id, copied, member_id=COLLEAGUE)

    scene.look()

    assert len(comments(card)) == 2


def test_two_workers_send_one_reminder(scene: Scene) -> None:
    card = scene.add_leaver()
    other = Scene(sandbox=scene.sandbox, database=scene.database, late_write=timedelta(hours=1))
    scene.late_write = timedelta(hours=1)

    def links(_ticket_id: int) -> list[str]:
        if not comments(card):
            other.look()
        return []

    scene.links = links

    assert (scene.look()["reminded"], len(comments(card))) == (0, 1)


def test_somebody_who_is_over_and_comes_back_is_a_line_in_the_history_alone(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.out_of_the_lists()
    scene.sandbox.trello.complete(card.id)
    scene.look()
    put_lists(scene.sandbox)

    for days in (1, 2):
        scene.look(MONDAY + timedelta(days=days))

    assert (scene.status(), comments(card)) == ("over", [])
    assert scene.events() == ["after_date", "listed_again"]


@pytest.mark.parametrize(("days", "is_noticed"), [(30, True), (31, False)])
def test_somebody_who_comes_back_later_than_thirty_days_is_not_noticed(
    scene: Scene, days: int, *, is_noticed: bool
) -> None:
    card = scene.add_leaver()
    scene.out_of_the_lists()
    scene.sandbox.trello.complete(card.id)
    scene.look()
    put_lists(scene.sandbox)

    scene.look(MONDAY + timedelta(days=days, hours=-1))

    assert ("listed_again" in scene.events()) == is_noticed


SAID_OVER = """
INSERT INTO after_date (ticket_id, status, ended_at) VALUES (4001, 'over', now())
ON CONFLICT (ticket_id) DO UPDATE SET status = 'over', ended_at = now()
"""


def test_somebody_said_to_be_over_while_listed_has_not_come_back(
    scene: Scene,
) -> None:
    scene.add_leaver()
    scene.look()
    scene.run(SAID_OVER)

    scene.look(MONDAY + timedelta(days=1))

    assert (scene.status(), "listed_again" in scene.events()) == ("over", False)


def test_what_an_operator_says_while_the_look_is_under_way_stands(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.meanwhile = lambda: scene.run(SAID_OVER)

    scene.look()

    assert (scene.status(), comments(card), scene.events()) == ("over", [], [])


def test_a_reminder_that_is_put_off_while_it_waits_its_turn_is_not_sent(scene: Scene) -> None:
    card = scene.add_leaver()

    def links(_ticket_id: int) -> list[str]:
        scene.run("UPDATE after_date SET remind_from = '2026-12-23'")
        return []

    scene.links = links

    assert (scene.look()["reminded"], comments(card)) == (0, [])


def test_a_later_date_that_an_operator_confirms_begins_again_after_the_service_gave_up(
    scene: Scene,
) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(days=61))
    given_up = scene.status()
    later = DUE + timedelta(days=70)
    scene.run("UPDATE cards SET due = %s", later)
    scene.sandbox.trello.set_due(card.id, later)

    scene.look(DUE + timedelta(days=62))
    before = scene.status()
    scene.look(later + timedelta(days=3))

    assert (given_up, before, scene.status()) == ("unfinished", None, "still_listed")
    assert len(comments(card)) == 1


def test_a_card_that_may_not_be_seen_changes_nothing_and_holds_no_other_up(scene: Scene) -> None:
    hidden, other = scene.add_leaver(4001), scene.add_leaver(4002)
    scene.look(DUE + timedelta(hours=1))
    scene.sandbox.trello.archive(hidden.id)
    refused = faults.fails(401)
    scene.sandbox.faults.add(
        fault=refused, vendor="trello", path=rf"/cards/{hidden.id}$", times=None
    )

    looked = [scene.look(MONDAY + timedelta(hours=hours)) for hours in (0, 1)]
    at_first = scene.read_alone()
    scene.look(MONDAY + timedelta(hours=25))

    assert [one["reminded"] for one in looked] == [1, 0]
    assert (scene.status(4001), scene.status(4002)) == ("still_listed", "still_listed")
    assert (len(comments(hidden)), len(comments(other))) == (0, 1)
    assert (at_first, scene.read_alone()) == (1, 2)
    assert scene.run("SELECT FROM periodic_tasks WHERE name = 'after_date'")


def test_a_card_that_cannot_be_read_now_holds_no_other_up_and_shows(scene: Scene) -> None:
    hidden, other = scene.add_leaver(4001), scene.add_leaver(4002)
    scene.sandbox.trello.archive(hidden.id)
    scene.sandbox.faults.add(
        fault=faults.fails(500), vendor="trello", path=rf"/cards/{hidden.id}$", times=None
    )

    with pytest.raises(OutsideError):
        scene.look()

    assert (scene.status(4001), scene.status(4002), len(comments(other))) == (
        None,
        "still_listed",
        1,
    )
    assert scene.run("SELECT FROM periodic_tasks WHERE name = 'after_date'") == []


def test_the_date_of_an_archived_card_that_a_person_had_moved_counts(scene: Scene) -> None:
    card = scene.add_leaver()
    later = DUE + timedelta(days=28)
    scene.sandbox.trello.set_due(card.id, later)
    scene.sandbox.trello.archive(card.id)

    for hours in (0, 1):
        scene.look(MONDAY + timedelta(hours=hours))
    before = (scene.status(), scene.read_alone())
    scene.look(later + timedelta(days=1))

    assert (before, scene.status()) == ((None, 1), "still_listed")


@pytest.mark.parametrize("is_seen_before", [True, False])
@pytest.mark.parametrize("days", [-7, 28])
def test_of_an_archived_card_the_date_counts_that_an_operator_gave_since(
    scene: Scene, days: int, *, is_seen_before: bool
) -> None:
    card = scene.add_leaver()
    scene.sandbox.trello.archive(card.id)
    moved = DUE + timedelta(days=days)
    if is_seen_before:
        scene.look(DUE + timedelta(minutes=1))
    scene.run("UPDATE leavers SET leaving_date = %s", moved.date())

    scene.look(moved - timedelta(minutes=1))
    before = scene.status()
    scene.look(moved + timedelta(minutes=1))

    assert (before, scene.status()) == (None, "still_listed")
    assert scene.run("SELECT due_at FROM after_date") == [{"due_at": moved}]


def test_a_later_date_for_an_archived_card_begins_again_after_the_service_gave_up(
    scene: Scene,
) -> None:
    card = scene.add_leaver()
    scene.sandbox.trello.archive(card.id)
    scene.look(DUE + timedelta(days=61))
    given_up = scene.status()
    later = DUE + timedelta(days=70)
    scene.run("UPDATE leavers SET leaving_date = %s", later.date())
    scene.look(DUE + timedelta(days=62))

    assert (given_up, scene.status()) == ("unfinished", None)


def test_a_date_that_a_person_moved_before_it_came_is_recorded(scene: Scene) -> None:
    card = scene.add_leaver()
    later = DUE + timedelta(days=200)
    scene.sandbox.trello.set_due(card.id, later)

    scene.look(DUE - timedelta(days=1))

    assert scene.run("SELECT status, due_at FROM after_date") == [{"status": None, "due_at": later}]


def test_a_follow_up_that_was_pointed_at_the_card_is_no_leaver_of_its_own(scene: Scene) -> None:
    card = scene.add_leaver(4001)
    scene.add_leaver(4002, of_card=card, entry=None)
    scene.run(
        "INSERT INTO later (ticket_id, outcome, source_ticket_id) VALUES (4002, 'tech_card', 4001)"
    )

    scene.look()

    assert (scene.status(4001), scene.status(4002)) == ("still_listed", None)


def test_somebody_in_no_list_who_got_a_card_is_known_by_the_tickets_address(
    scene: Scene,
) -> None:
    nobody: dict[str, Any] = {"entry": None, "person_keys": ["mail ada"]}
    scene.add_leaver(4001, **nobody)
    scene.add_leaver(4002, **nobody | {"email": "nora.nightingale@example.com"})

    scene.look()

    assert (scene.status(4001), scene.status(4002)) == ("still_listed", "card_open")


def test_no_card_but_the_recorded_one_or_one_with_the_tickets_mark_gets_a_comment(
    scene: Scene,
) -> None:
    recorded = scene.add_leaver()
    scene.sandbox.trello.delete(recorded.id)
    titled = scene.sandbox.trello.add_card(name="Leaver: Ada Archer (tech role)", desc="")

    scene.look()
    marked = scene.sandbox.trello.add_card(
        name="Something else", desc=recorded.desc, due="2026-12-18T17:00:00.000Z"
    )
    scene.look(MONDAY + timedelta(days=2))

    assert (comments(titled), len(comments(marked))) == ([], 1)


def test_somebody_without_access_is_looked_at_once_and_asked_about_if_they_fit_by_then(
    scene: Scene,
) -> None:
    none: dict[str, Any] = {"outcome": "no_access", "entry": None}
    scene.add_leaver(4001, **none)
    scene.add_leaver(4002, **none, name="Nora Nightingale", email="nora.nightingale@example.com")
    scene.add_leaver(4003, **none, leaving_date=None)
    scene.look(DUE - timedelta(minutes=1))
    before = scene.run("SELECT FROM leavers WHERE state = 'needs_person'")

    scene.look(DUE)

    rows = scene.run("SELECT state, reason_code, candidates FROM leavers ORDER BY ticket_id")
    states = [row["state"] for row in rows]
    assert (before, states) == ([], ["needs_person", "done", "done"])
    assert rows[0]["reason_code"] == "listed_by_now"
    assert [one["name"] for one in rows[0]["candidates"]] == ["Ada Archer"]
    assert (scene.status(4001), scene.status(4002)) == (None, None)


def test_what_is_said_to_be_over_before_the_due_time_is_so_once_that_has_passed(
    scene: Scene,
) -> None:
    card = scene.add_leaver()
    scene.run("UPDATE cards SET due = now() + interval '1 day'")
    scene.say(remind_from=None)
    at_first = scene.status()
    scene.run("UPDATE cards SET due = %s", DUE)

    scene.look(DUE - timedelta(minutes=1))
    before = scene.status()
    scene.look(DUE)
    scene.look(MONDAY)

    assert (at_first, before, scene.status(), comments(card)) == (None, None, "over", [])
    assert scene.events() == ["said_over", "after_date"]


def test_a_later_word_takes_back_that_it_will_be_over(scene: Scene) -> None:
    scene.add_leaver()
    scene.run("UPDATE cards SET due = now() + interval '1 day'")
    scene.say(remind_from=None)
    scene.say(remind_from=DUE.date())

    scene.look(MONDAY)

    assert scene.status() == "still_listed"


def test_an_operator_wants_no_reminder_before_a_day_and_one_on_it(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(hours=1))
    scene.run("UPDATE after_date SET remind_from = '2026-12-23'")

    for days in range(4):
        scene.look(MONDAY + timedelta(days=days))

    assert [text[:58] for text in comments(card)] == [
        "Leavers service, reminder asked for on 23 December 2026: t"
    ]


def test_a_reminder_that_an_operator_asked_for_comes_after_the_service_gave_up(
    scene: Scene,
) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(days=61))
    given_up = scene.status()
    asked_for = DUE + timedelta(days=67)
    scene.say(remind_from=asked_for.date())

    for days in (62, 67, 68):
        scene.look(DUE + timedelta(days=days))

    assert (given_up, scene.status()) == ("unfinished", "unfinished")
    assert [text[:58] for text in comments(card)] == [
        "Leavers service, reminder asked for on 23 February 2027: t"
    ]


def test_a_date_that_is_moved_beyond_the_day_settles_what_an_operator_asked_for(
    scene: Scene,
) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(hours=1))
    scene.run("UPDATE after_date SET remind_from = '2026-12-23'")
    scene.sandbox.trello.set_due(card.id, DUE + timedelta(days=28))

    scene.look(DUE + timedelta(days=28, hours=1))
    scene.look(DUE + timedelta(days=31))

    assert [text[:34] for text in comments(card)] == ["Leavers service, reminder 1 of 3: "]


def test_a_reminder_that_an_operator_asked_for_is_made_up_for_once(scene: Scene) -> None:
    card = scene.add_leaver()
    scene.look(DUE + timedelta(hours=1))
    scene.run("UPDATE after_date SET remind_from = '2026-12-23'")

    # From the 24th, a Thursday, on: nobody looked on the day itself.
    for days in (3, 4, 5):
        scene.look(MONDAY + timedelta(days=days))

    assert [text[:58] for text in comments(card)] == [
        "Leavers service, reminder asked for on 23 December 2026: t"
    ]
