"""Whatever people, the lists and GitHub do in whatever order: one pull request, and nobody's lost.

Each series is made of a number, which its failure names: the same number does the same again.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.github_pulls import SERVICE_USER, Pull
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import WITHOUT_ADA, Removals, removals_service

pytestmark = pytest.mark.slow

ACTS = 25
BESIDE = TECH_LIST.replace("- name: Benedict", "# Beside.\n- name: Benedict")
# Her entry is gone, and one of her name is there.
NAMESAKE = f"- name: Ada Archer\n{WITHOUT_ADA}"
LISTS = (TECH_LIST, WITHOUT_ADA, NAMESAKE, BESIDE, f"# Above.\n{TECH_LIST}")
CALLS = (
    ("POST", "/git/blobs$"),
    ("POST", "/git/commits$"),
    ("POST", "/git/refs$"),
    ("POST", "/pulls$"),
    ("PATCH", "/git/refs/"),
    ("PATCH", "/pulls/"),
    ("POST", "/comments$"),
    ("DELETE", "/git/refs/"),
    ("POST", "/graphql"),
    ("GET", "/pulls/"),
    ("GET", "matching-refs"),
)
FAULTS = (
    faults.acts_then_fails,
    faults.html_page,
    lambda: faults.html_page(acts=True),
    faults.breaks,
    faults.acts_then_breaks,
    faults.github_rate_limit,
    lambda: faults.fails(403),
    lambda: faults.fails(404),
    lambda: faults.fails(410),
    lambda: faults.fails(422),
)


class Series:
    """Acts by chance, and what must hold after each look.

    Attributes:
        done: what was done, in order.
        is_deletion_refused: GitHub may have refused to delete a branch.
        decided: a person has closed the last one, and nobody has wanted one since.
    """

    def __init__(self, removals: Removals, seed: int) -> None:
        self._removals = removals
        self._chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self._git = removals.sandbox.github.git
        self._pulls = removals.pulls
        self.cards = {7: removals.add_leaver(7)}
        self.decided = self.is_deletion_refused = False
        self.done: list[str] = []

    def act(self) -> None:
        """Do one thing."""
        acts: list[Callable[[], None]] = [self.look] * 4
        acts += [self._change_list, self._move_date, self._set_aside, self._want_new, self._fail]
        acts += [self._let_time_go_by, self._add_ticket]
        if self._open():
            acts += [self._merge, self._close, self._push, self._edit, self._approve]
            acts += [self._retarget, self._point_back, self._delete_branch, self._hold]
        if self._closed():
            acts += [self._reopen] * 2
        chosen = self._chance.choice(acts)
        self.done.append(chosen.__name__)
        chosen()

    def look(self) -> None:
        """Look once: what people touched or closed stays as it is."""
        touched = {one.number: self._shown(one) for one in self._open() if self._is_touched(one)}
        closed = {one.number for one in self._pulls.all.values() if one.state == "closed"}
        known = len(self._pulls.all)
        self.failed = self._removals.look()["removals_failed"]

        assert {number: self._shown(self._pulls.get(number)) for number in touched} == touched
        assert all(self._pulls.get(number).state == "closed" for number in closed)
        assert not (self.decided and known and len(self._pulls.all) > known)

    def settle(self) -> None:
        """Nothing happens any more, and nothing fails."""
        self._removals.sandbox.faults.clear()
        for _ in range(7):
            self._let_time_go_by()
            self.look()
        assert self.failed == 0
        rows = self._removals.database.run(
            "SELECT state, number, touch, left_undone, ticket_id FROM removals"
            " WHERE shared_with IS NULL"
        )
        own = {one.number for one in self._open() if one.user == SERVICE_USER}
        free = {number for number in own if not self._is_touched(self._pulls.get(number))}
        if all(undone != "close_doubled" for _, _, _, undone, _ in rows):
            assert len(free) <= 1
            assert free <= {row[1] for row in rows if row[0] in {"draft", "open"}}
        for state, number, touch, _, ticket in rows:
            if state in {"draft", "open"}:
                one = self._pulls.get(number)
                assert one.state == "open"
                if not touch and self._is_leaving(ticket):
                    assert one.draft == (
                        (self.cards[ticket].due or "") > datetime.now(UTC).isoformat()
                    )
        assert self._lying() == set() or self.is_deletion_refused

    def _lying(self) -> set[str]:
        """Branches of who was set aside, from which no pull request was ever opened."""
        heads = {one.head for one in self._pulls.all.values()}
        return {
            name
            for name in self._git.branches.keys() - heads
            for ticket in self.cards
            if f"{name}-".startswith(f"leaver-ticket-{ticket}-")
            and self._removals.database.leaver(ticket, "outcome") == ("set_aside",)
        }

    def _is_leaving(self, ticket: int) -> bool:
        is_listed = "ada.archer@" in self._removals.sandbox.github.files()[TECH_FILE]
        return is_listed and self._removals.database.leaver(ticket, "outcome") == ("tech_card",)

    def _open(self) -> list[Pull]:
        return [one for one in self._pulls.all.values() if one.state == "open"]

    def _closed(self) -> list[Pull]:
        return [one for one in self._pulls.all.values() if one.state == "closed"]

    def _is_touched(self, one: Pull) -> bool:
        message = self._git.commits[self._git.branches[one.head]].message
        is_pushed = message == "Change by hand"
        return is_pushed or one.title == "Mine" or bool(one.approvals) or one.base != "main"

    def _shown(self, one: Pull) -> tuple[object, ...]:
        tip = self._git.branches.get(one.head)
        return one.title, one.body, one.state, one.draft, one.base, len(one.comments), tip

    def _one(self) -> Pull:
        return self._chance.choice(self._open())

    def _ticket(self) -> int:
        return self._chance.choice(list(self.cards))

    def _change_list(self) -> None:
        self._removals.sandbox.github.put_file(TECH_FILE, self._chance.choice(LISTS))

    def _move_date(self) -> None:
        days = self._chance.choice((-30, 2, 900))
        due = datetime.now(UTC) + timedelta(days=days)
        self.cards[self._ticket()].due = due.replace(microsecond=0).isoformat()

    def _set_aside(self) -> None:
        columns = (("done", "set_aside"), ("done", "tech_card"), ("needs_person", None))
        values = (*self._chance.choice(columns), self._ticket())
        statement = "UPDATE leavers SET state = %s, outcome = %s WHERE ticket_id = %s"
        self._removals.database.run(statement, *values)

    def _want_new(self) -> None:
        if self._removals.service.removals.want_new(self._ticket(), "alice"):
            self.decided = False

    def _fail(self) -> None:
        method, path = self._chance.choice(CALLS)
        fault = self._chance.choice(FAULTS)()
        self.is_deletion_refused |= method == "DELETE"
        self._removals.sandbox.faults.add(fault=fault, method=method, path=path)

    def _let_time_go_by(self) -> None:
        self._removals.let_time_go_by()
        self._removals.database.run(
            "UPDATE removals SET refreshed_at = NULL, looked_at = now() - interval '2 hours'"
        )

    def _add_ticket(self) -> None:
        if 9 not in self.cards and self._is_leaving(7):
            self.cards[9] = self._removals.add_leaver(9)

    def _merge(self) -> None:
        one = self._one()
        if not one.draft and self._pulls.mergeable(one) is not False:
            try:
                self._pulls.merge(one.number)
            except ValueError:
                return

    def _close(self) -> None:
        self._pulls.close(self._one().number)
        self._decide()

    def _delete_branch(self) -> None:
        one = self._one()
        self._pulls.gone(one.head)
        del self._git.branches[one.head]
        self._decide()

    def _decide(self) -> None:
        """A person says no, unless an operator's wish for a new one is still open."""
        wished = self._removals.database.run("SELECT 1 FROM removals WHERE wanted_by IS NOT NULL")
        self.decided = not wished

    def _reopen(self) -> None:
        one = self._chance.choice(self._closed())
        if one.is_merged or self._pulls.open_for(one.head):
            return
        self._git.branches.setdefault(one.head, one.head_sha)
        one.state, one.head_sha = "open", self._git.branches[one.head]
        self.decided = False

    def _push(self) -> None:
        text = f"- name: Bo Lee\n  email: b{len(self.done)}@l.uk\n"
        self._pulls.push(self._one().number, {"notes/by_hand.yml": text})

    def _edit(self) -> None:
        self._pulls.edit(self._one().number, title="Mine")

    def _approve(self) -> None:
        self._pulls.approve(self._one().number)

    def _retarget(self) -> None:
        self._git.branches.setdefault("clean-up", self._git.branches["main"])
        self._one().base = "clean-up"

    def _point_back(self) -> None:
        self._one().base = "main"

    def _hold(self) -> None:
        self._one().draft = True


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_there_is_one_and_people_keep_what_they_decided(
    sandbox: Sandbox, environment: dict[str, str], seed: int
) -> None:
    days_before = {"PULL_REQUEST_DAYS_BEFORE": str(seed % 2 * 3)}
    with removals_service(sandbox, environment, **days_before) as removals:
        series = Series(removals, seed)
        try:
            for _ in range(ACTS):
                series.act()
            series.settle()
        except AssertionError as error:
            error.add_note(f"seed {seed}: {', '.join(series.done)}")
            raise
