"""Whatever fails at whichever write, there is one branch and one pull request in the end."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Cut, Fault
from integrations.sandbox.trello_cards import SandboxCard
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import Removals, removals_service

FAULTS: dict[str, Callable[[], Fault]] = {
    "fails": lambda: faults.fails(502),
    "acts, then fails": faults.acts_then_fails,
    "a page": faults.html_page,
    "acts, then a page": lambda: faults.html_page(acts=True),
    "breaks": faults.breaks,
    "acts, then breaks": faults.acts_then_breaks,
    "acts, then half an answer": lambda: faults.acts_then_breaks(Cut.MIDWAY),
    "a limit": faults.github_rate_limit,
}
BESIDE = {"PULL_REQUEST_REVIEWERS": "olu-owner", "PULL_REQUEST_LABEL": "leaver"}


@dataclass(frozen=True, kw_only=True)
class Write:
    """One write: a method, a path and what is in its body."""

    method: str
    path: str
    body: str = ""

    def strike(self, removals: Removals, fault: Fault) -> None:
        """Let it go wrong, once."""
        removals.sandbox.faults.add(fault=fault, method=self.method, path=self.path, body=self.body)

    def was_struck(self, removals: Removals) -> bool:
        """Whether it went wrong."""
        (rule,) = removals.sandbox.faults.all()
        return rule.struck == 1


OPENING = {
    "blob": Write(method="POST", path="/git/blobs$"),
    "tree": Write(method="POST", path="/git/trees$"),
    "commit": Write(method="POST", path="/git/commits$"),
    "branch": Write(method="POST", path="/git/refs$"),
    "pull request": Write(method="POST", path="/pulls$"),
    "reviewers": Write(method="POST", path="/requested_reviewers$"),
    "label": Write(method="POST", path="/labels$"),
    "attachment": Write(method="POST", path="/attachments$"),
}
# What follows the date, the lists and the leaver.
LATER = {
    "draft": Write(method="POST", path="/graphql", body="convertPullRequestToDraft"),
    "describe": Write(method="PATCH", path="/pulls/1$", body="body"),
    "ready": Write(method="POST", path="/graphql", body="markPullRequestReadyForReview"),
    "refresh": Write(method="PATCH", path="/git/refs/"),
    "close": Write(method="PATCH", path="/pulls/1$", body="closed"),
    "comment": Write(method="POST", path="/comments$"),
    "delete": Write(method="DELETE", path="/git/refs/"),
}


def each_once(writes: dict[str, Write]) -> list[object]:
    """Each write and each way to fail once; all of them together in the long series."""
    once = list(zip(writes, [*FAULTS, *FAULTS], strict=False))
    return [
        pytest.param(
            write, way, id=f"{write}: {way}", marks=() if (write, way) in once else pytest.mark.slow
        )
        for write in writes
        for way in FAULTS
    ]


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment, **BESIDE) as removals:
        yield removals


@pytest.mark.parametrize(("write", "way"), each_once(OPENING))
def test_a_fault_at_any_write_leaves_one_pull_request(
    removals: Removals, write: str, way: str
) -> None:
    card = removals.add_leaver(7)
    OPENING[write].strike(removals, FAULTS[way]())
    for _ in range(3):
        removals.look()
        removals.let_time_go_by()

    assert OPENING[write].was_struck(removals)
    removals.assert_one()
    assert (removals.only().reviewers, removals.only().labels) == (["olu-owner"], ["leaver"])
    assert len(card.attachments) == 1


def lead_to(removals: Removals, card: SandboxCard, write: str) -> None:
    """Let happen what the service answers with this write."""
    if write == "refresh":
        beside = TECH_LIST.replace("- name: Benedict", "# Beside.\n- name: Benedict")
        removals.sandbox.github.put_file(TECH_FILE, beside)
    elif write in {"draft", "describe", "ready"}:
        past, card.due = card.due, "2099-01-01T17:00:00+00:00"
        if write == "ready":
            removals.look()
            card.due = past
    else:
        removals.database.run("UPDATE leavers SET outcome = 'set_aside'")


def assert_followed(removals: Removals, write: str) -> None:
    one = removals.only()
    assert "pull_request_left_as_is" not in removals.events(7)
    if write in {"draft", "describe"}:
        assert (one.draft, "1 January 2099" in one.body) == (True, True)
    elif write == "ready":
        assert (one.draft, "2099" in one.body) == (False, False)
    elif write == "refresh":
        git = removals.sandbox.github.git
        assert git.commits[git.branches[one.head]].parents[-1] == git.branches["main"]
        assert len(git.commits[git.branches[one.head]].parents) == 2
        assert removals.pulls.mergeable(one) is not False
    else:
        assert (one.state, len(one.comments)) == ("closed", 1)
        assert sorted(removals.sandbox.github.git.branches) == ["main"]
        assert removals.state(7) == ("withdrawn", None)


@pytest.mark.parametrize(("write", "way"), each_once(LATER))
def test_a_fault_at_what_follows_leads_to_the_same_end(
    removals: Removals, write: str, way: str
) -> None:
    card = removals.add_leaver(7)
    removals.look()
    lead_to(removals, card, write)
    LATER[write].strike(removals, FAULTS[way]())
    for _ in range(4):
        removals.look()
        removals.let_time_go_by()
        if write == "refresh":
            # It is tried at most once a day.
            removals.database.run("UPDATE removals SET refreshed_at = now() - interval '1 day'")

    assert LATER[write].was_struck(removals)
    assert_followed(removals, write)


@pytest.mark.parametrize("is_looked_at", [True, False], ids=["looked at", "not looked at"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/comments$"), ("PATCH", "/pulls/1$")], ids=["comment", "close"]
)
def test_a_closing_that_was_given_up_is_not_taken_for_the_services_when_a_person_closes(
    removals: Removals, method: str, path: str, *, is_looked_at: bool
) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
    removals.sandbox.faults.add(fault=faults.fails(502), method=method, path=path)
    removals.look()
    removals.let_time_go_by()
    removals.database.run("UPDATE leavers SET outcome = 'tech_card'")
    if is_looked_at:
        removals.look()
    removals.pulls.close(1)
    for _ in range(3):
        removals.look()

    assert removals.state(7) == ("closed_by_person", None)
    assert len(removals.pulls.all) == 1


@pytest.mark.parametrize(
    ("write", "is_done"),
    [
        pytest.param(write, is_done, marks=pytest.mark.slow if is_done is bool(number % 2) else ())
        for number, write in enumerate(OPENING)
        for is_done in (True, False)
    ],
)
def test_a_worker_that_dies_at_any_write_is_followed_by_another(
    removals: Removals, write: str, *, is_done: bool
) -> None:
    card = removals.add_leaver(7)
    OPENING[write].strike(removals, faults.acts_then_breaks() if is_done else faults.breaks())
    removals.look()
    # A worker that dies does not give its lease back.
    removals.database.run(
        "UPDATE removals SET lease = gen_random_uuid(), leased_until = now() + interval '1 hour'"
    )
    before = len(removals.sandbox.requests("github"))
    removals.look()
    writes = [one.method for one in removals.sandbox.requests("github")[before:]]
    assert "POST" not in writes
    for _ in range(2):
        removals.let_time_go_by()
        removals.look()

    removals.assert_one()
    assert len(card.attachments) == 1


def test_one_whose_reply_was_lost_and_that_was_merged_says_who_merged_it(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.sandbox.faults.add(fault=faults.acts_then_breaks(), method="POST", path="/pulls$")
    removals.look()
    removals.let_time_go_by()
    removals.pulls.merge(1)
    removals.look()

    said = removals.database.run("SELECT state, merged_by, merge_commit FROM removals")
    assert said == [("merged", "olu-owner", removals.sandbox.github.head)]


def test_one_whose_reply_was_lost_is_found_although_people_changed_its_base(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.sandbox.faults.add(fault=faults.acts_then_breaks(), method="POST", path="/pulls$")
    removals.look()
    removals.let_time_go_by()
    git = removals.sandbox.github.git
    git.branches["clean-up"] = git.branches["main"]
    removals.only().base = "clean-up"
    for _ in range(2):
        removals.look()

    assert removals.only().base == "clean-up"
    assert removals.state(7) == ("open", None)
    assert removals.database.run("SELECT left_undone FROM removals") == [("point_back",)]


def test_who_was_asked_for_comes_first_and_then_who_was_not_looked_at_for_longest(
    removals: Removals,
) -> None:
    records = removals.service.removals
    for ticket_id in (6, 7, 8, 9):
        removals.add_leaver(ticket_id)
    for ticket_id in (8, 7, 6):
        with records.claim(ticket_id):
            pass
    removals.database.run("UPDATE removals SET wanted_by = 'alice' WHERE ticket_id = 6")

    assert [one.ticket_id for one in records.candidates()] == [6, 9, 8, 7]


def test_a_branch_that_the_record_lost_is_known_by_what_it_holds(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.sandbox.faults.add(fault=faults.fails(502), method="POST", path="/pulls$")
    removals.look()
    removals.let_time_go_by()
    removals.database.run("UPDATE removals SET tips = '{}'")
    removals.look()

    removals.assert_one()


def test_the_base_that_moved_between_branch_and_request_is_merged_in(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.sandbox.faults.add(fault=faults.fails(502), method="POST", path="/pulls$")
    removals.look()
    text = removals.sandbox.github.files()[TECH_FILE]
    removals.sandbox.github.put_file(TECH_FILE, text + "- name: New Person\n  email: n@p.uk\n")
    removals.let_time_go_by()
    removals.look()

    git = removals.sandbox.github.git
    tip = git.commits[git.branches["leaver-ticket-7"]]
    assert git.merge_base(git.branches["main"], tip.sha) == git.branches["main"]
    assert "New Person" in tip.items[TECH_FILE].content.decode()
    assert "Ada Archer" not in tip.items[TECH_FILE].content.decode()
    assert len(removals.pulls.all) == 1


@pytest.mark.parametrize("says", ["head", "commits"])
def test_a_branch_that_github_does_not_know_everywhere_is_waited_for(
    removals: Removals, says: str
) -> None:
    removals.add_leaver(7)
    removals.pulls.lag_seconds, removals.pulls.lag_says = 0.5, says
    removals.look()

    removals.assert_one()


def test_two_workers_open_one(
    sandbox: Sandbox, environment: dict[str, str], removals: Removals
) -> None:
    removals.add_leaver(7)
    with removals_service(sandbox, environment) as other, ThreadPoolExecutor(2) as threads:
        for found in [threads.submit(one.look) for one in (removals, other)]:
            found.result()
        removals.look()
        other.look()

    removals.assert_one()


def lines_named(removals: Removals) -> list[int]:
    """The first and the last line that the pull request's text says are removed."""
    (said,) = re.findall(f"{TECH_FILE}`: lines (.*)", removals.only().body)[:1]
    return [int(number) for number in said.split(" to ")]


def test_a_conflict_is_brought_up_to_date_once_a_day_and_nothing_is_forced(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    before = lines_named(removals)
    beside = TECH_LIST.replace("- name: Benedict", "# Beside.\n- name: Benedict")
    removals.sandbox.github.put_file(TECH_FILE, f"# Above.\n{beside}")
    rule = removals.sandbox.faults.add(fault=faults.fails(502), method="POST", path="/git/trees$")
    for _ in range(4):
        removals.look()
        removals.let_time_go_by()
    git = removals.sandbox.github.git
    tip = git.commits[git.branches["leaver-ticket-7"]]

    assert tip.parents[-1] == git.branches["main"]
    assert removals.pulls.mergeable(removals.only()) is not False
    assert "Ada Archer" not in tip.items[TECH_FILE].content.decode()
    assert removals.events(7)[1:] == ["pull_request_changed"]
    assert rule.struck == 1
    assert lines_named(removals) == [number + 1 for number in before]


def test_many_leavers_stay_within_the_secondary_limit(removals: Removals) -> None:
    removals.sandbox.limits.enforce()
    names = ("Ada Archer", "Benedict Okonkwo", "Sam Taylor")
    for number, name in enumerate(names, start=7):
        removals.add_leaver(number, name)
    removals.look()

    assert len(removals.pulls.all) == len(names)
    assert removals.sandbox.limits.github.refused_writes == 0


def test_one_that_a_person_opens_from_the_branch_in_between_is_left_to_them(
    removals: Removals,
) -> None:
    card = removals.add_leaver(7)

    def open_one() -> None:
        removals.pulls.open(title="Mine", head="leaver-ticket-7", base="main")

    fault = Fault(before=open_one)
    rule = removals.sandbox.faults.add(fault=fault, method="POST", path="/pulls$")
    first = removals.look()
    removals.look()

    assert (rule.struck, first["removals_failed"]) == (1, 0)
    one = removals.only()
    assert (one.title, one.state, one.reviewers, one.labels) == ("Mine", "open", [], [])
    assert removals.events(7) == ["pull_request_opened", "pull_request_left_as_is"]
    assert len(card.attachments) == 1
