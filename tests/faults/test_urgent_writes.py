"""The write that makes or moves an urgent card, killed around it, and taken over by another worker.

Place and label go with that one request. The records and the board are real; a worker is what a
process would be, and dies by an exception that nothing catches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from integrations.http.policy import Call, CallPolicy
from integrations.sandbox import Sandbox, faults
from integrations.sandbox.trello_cards import SandboxCard
from integrations.trello.client import Trello
from integrations.trello.requester import HeaderLogin
from service.domain.card_marks import marks_of
from service.domain.card_step import decide_card
from service.domain.cards import CardQuestion, PlannedCard, WantedCard
from service.domain.history import HistoryEvent
from service.guard.daily_limit import DailyLimit
from service.records.cards import CardRecords
from service.records.database import Database
from service.records.leaver import State
from service.records.run import Result, Run
from service.records.runs import LeaseLost, Runs
from service.records.urgent import UrgentCards
from service.work.ensure_card import CardKeeper
from tests.support.leaver_rows import insert_leaver

LINK = "https://govuk-sandbox.zendesk.com/agent/tickets/1"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
WANTED = WantedCard(
    ticket_id=1,
    role="tech",
    name="Leaver: Ada Archer (tech role)",
    due=SOON,
    head=f"Zendesk ticket: {LINK}",
    ticket_link=LINK,
    names=frozenset({"Ada Archer"}),
    person_keys=frozenset({"entry ada"}),
)


class Died(BaseException):
    """The process is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board, the records, and the label that urgent cards get."""

    sandbox: Sandbox
    tables: Database
    label: str

    def worker(
        self,
        *,
        before: Callable[[], object] = lambda: None,
        after_record: Callable[[], object] = lambda: None,
        after_write: Callable[[], object] = lambda: None,
    ) -> None:
        """Do what a run does for the card; something happens around its write."""

        def before_call(call: Call) -> None:
            if call.lease:
                before()
                call.lease()
                after_record()

        def after_call(call: Call, _seconds: float, _outcome: str) -> None:
            if call.lease:
                after_write()

        run, keeper = self._begin(
            CallPolicy(timeout=60, before_call=before_call, after_call=after_call)
        )
        step = decide_card(WANTED, keeper.look(run, WANTED, run.card))
        assert not isinstance(step, CardQuestion)
        keeper.ensure(run, PlannedCard(wanted=WANTED, step=step))
        ended = Result(state=State.DONE, outcome="tech_card")
        Runs(self.tables).end(run, ended, event=HistoryEvent.DONE)

    def _begin(self, policy: CallPolicy) -> tuple[Run, CardKeeper]:
        settings = self.sandbox.settings()
        trello = Trello(
            HeaderLogin(self.sandbox.trello.key, self.sandbox.trello.token),
            url=self.sandbox.trello.url,
            board=self.sandbox.trello.board.short_link,
            list_name="To do",
            templates={"tech": settings.get("TRELLO_TECH_TEMPLATE", "IQIV54Pc")},
            policy=policy,
        )
        runs = Runs(self.tables)
        run = runs.begin(1)
        assert run
        keeper = CardKeeper(
            trello,
            runs,
            CardRecords(self.tables, late_write=timedelta()),
            DailyLimit(self.tables, limit=50, timezone="Europe/London"),
            urgent_within=timedelta(hours=24),
            urgent_label="urgent",
        )
        return run, keeper

    def cards(self) -> list[SandboxCard]:
        """The open cards with the ticket's mark."""
        return [
            card for card in self.sandbox.trello.cards(closed=False) if 1 in marks_of(card.desc)
        ]

    def is_right(self, *, has_label: bool = True) -> None:
        """One card, due soon, on top, labelled once, and one message about it."""
        (card,) = self.cards()
        on_list = self.sandbox.trello.cards(list_id=card.list_id, templates=True)
        heard = [
            [one.ticket_id for one in UrgentCards(self.tables).claim("inbox", news_for=NEWS)]
            for _ in range(2)
        ]
        assert card.due == f"{SOON:%Y-%m-%dT%H:%M:%S}.000Z"
        assert min(on_list, key=lambda one: one.pos).id == card.id
        assert card.label_ids.count(self.label) == int(has_label)
        assert heard == [[1], []]


NEWS = timedelta(hours=1)


@pytest.fixture(params=["made", "moved"])
def board(request: pytest.FixtureRequest, sandbox: Sandbox, tables: Database) -> Board:
    """A ticket whose card is to be made, or has another date, and lies below another card."""
    label = sandbox.trello.add_label("Urgent", "red")
    columns = {"state": "queued", "leaving_date": SOON.date()}
    card = None
    if request.param == "moved":
        later = SOON + timedelta(days=30)
        made = sandbox.trello.add_card(
            name=WANTED.name, desc=WANTED.head, due=f"{later:%Y-%m-%dT%H:%M:%S}.000Z"
        )
        card = {
            "card_id": made.id,
            "url": made.url,
            "due": later,
            "name": WANTED.name,
            "role": "tech",
            "person_keys": sorted(WANTED.person_keys),
        }
    with tables.transaction() as connection:
        insert_leaver(connection, 1, card=card, **columns)
        connection.execute("UPDATE runs SET request_number = 1")
    return Board(sandbox=sandbox, tables=tables, label=label)


def dies() -> None:
    """End the process here."""
    raise Died


@pytest.mark.parametrize("moment", ["after_record", "after_write"])
def test_a_worker_killed_around_the_write_leaves_one_urgent_card_to_the_next(
    board: Board, moment: str
) -> None:
    with pytest.raises(Died):
        board.worker(**{moment: dies})
    at_first = len([card for card in board.cards() if card.label_ids.count(board.label)])

    board.worker()

    assert at_first == int(moment == "after_write")
    board.is_right()


def test_two_workers_make_one_urgent_card_and_the_slower_one_writes_nothing(board: Board) -> None:
    taken_over: list[bool] = []

    def another() -> None:
        if not taken_over:
            taken_over.append(True)
            board.worker()

    with pytest.raises(LeaseLost):
        board.worker(before=another)

    board.is_right()


def test_an_urgent_card_does_not_wait_for_the_boards_labels(board: Board) -> None:
    board.sandbox.faults.add(fault=faults.fails(404), vendor="trello", path="/labels$")

    board.worker()

    board.is_right(has_label=False)
