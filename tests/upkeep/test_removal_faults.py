"""Whatever fails at whichever write, there is one branch and one pull request in the end."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Cut, Fault
from integrations.sandbox.trello_cards import SandboxCard
from tests.support.lists import TECH_FILE, TECH_LIST, put_lists
from tests.support.removal import Removals, removals_service

WRITES = ("/git/blobs", "/git/trees", "/git/commits$", "/git/refs$", "/pulls$", "/attachments")
FAULTS: dict[str, Callable[[], Fault]] = {
    "fails": lambda: faults.fails(502),
    "acts, then fails": faults.acts_then_fails,
    "acts, then breaks": faults.acts_then_breaks,
    "acts, then half an answer": lambda: faults.acts_then_breaks(Cut.MIDWAY),
    "a page": lambda: faults.html_page(acts=True),
    "a limit": faults.github_rate_limit,
}


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


def let_time_go_by(removals: Removals) -> None:
    """The vendor is asked again at once, and a dead worker's lease runs out."""
    removals.database.hurry()
    removals.database.run("UPDATE removals SET leased_until = now() - interval '1 second'")


def assert_one(removals: Removals, ticket_id: int = 7) -> None:
    assert [one.state for one in removals.pulls.all.values()] == ["open"]
    branches = removals.sandbox.github.git.branches
    assert sorted(branches) == [f"leaver-ticket-{ticket_id}", "main"]
    base = removals.sandbox.github.git.commits[branches["main"]].items
    tip = removals.sandbox.github.git.commits[branches[f"leaver-ticket-{ticket_id}"]].items
    assert [path for path in base if base[path] != tip[path]] == [TECH_FILE]
    assert tip[TECH_FILE].content.decode() == TECH_LIST[TECH_LIST.index("- name: Benedict") :]
    assert removals.state(ticket_id) == ("open", None)
    assert removals.events(ticket_id) == ["pull_request_opened"]


@pytest.mark.parametrize("path", WRITES)
def test_a_fault_at_any_write_leaves_one_pull_request(removals: Removals, path: str) -> None:
    for number, fault in enumerate(FAULTS.values(), start=7):
        begin_again(removals)
        card = removals.add_leaver(number)
        rule = removals.sandbox.faults.add(fault=fault(), method="POST", path=path)
        for _ in range(3):
            removals.look()
            let_time_go_by(removals)

        assert rule.struck == 1
        assert_one(removals, number)
        assert len(card.attachments) == 1


def begin_again(removals: Removals) -> None:
    """Vendors and records as at the beginning."""
    removals.sandbox.reset()
    put_lists(removals.sandbox)
    removals.database.run("DELETE FROM removals")
    removals.database.run("UPDATE leavers SET erased_at = now()")
    removals.database.run("DELETE FROM lists")
    let_time_go_by(removals)


# What follows the date, the lists and the leaver: the write that fails, and what its body holds.
LATER_WRITES = {
    "draft": ("POST", "/graphql", "convertPullRequestToDraft"),
    "describe": ("PATCH", "/pulls/1$", "body"),
    "ready": ("POST", "/graphql", "markPullRequestReadyForReview"),
    "refresh": ("PATCH", "/git/refs/", ""),
    "comment": ("POST", "/comments$", ""),
    "close": ("PATCH", "/pulls/1$", "closed"),
    "delete": ("DELETE", "/git/refs/", ""),
}
# The other ways to fail differ in the client alone, which is the same for each call.
LATER_FAULTS = ("fails", "acts, then breaks")


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


def assert_followed(removals: Removals, write: str, ticket_id: int) -> None:
    one = removals.only()
    assert "pull_request_left_as_is" not in removals.events(ticket_id)
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
        assert removals.state(ticket_id) == ("withdrawn", None)


@pytest.mark.parametrize("write", LATER_WRITES)
@pytest.mark.parametrize(
    "faults_of",
    [LATER_FAULTS, pytest.param(tuple(FAULTS), marks=pytest.mark.slow)],
    ids=["two ways", "every way"],
)
def test_a_fault_at_what_follows_leads_to_the_same_end(
    removals: Removals, faults_of: tuple[str, ...], write: str
) -> None:
    method, path, body = LATER_WRITES[write]
    for number, name in enumerate(faults_of, start=7):
        begin_again(removals)
        card = removals.add_leaver(number)
        removals.look()
        lead_to(removals, card, write)
        rule = removals.sandbox.faults.add(
            fault=FAULTS[name](), method=method, path=path, body=body
        )
        for _ in range(4):
            removals.look()
            let_time_go_by(removals)
            if write == "refresh":
                # It is tried at most once a day.
                removals.database.run("UPDATE removals SET refreshed_at = now() - interval '1 day'")

        assert rule.struck == 1
        assert_followed(removals, write, number)


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
    let_time_go_by(removals)
    removals.database.run("UPDATE leavers SET outcome = 'tech_card'")
    if is_looked_at:
        removals.look()
    removals.pulls.close(1)
    for _ in range(3):
        removals.look()

    assert removals.state(7) == ("closed_by_person", None)
    assert len(removals.pulls.all) == 1


@pytest.mark.parametrize("path", WRITES)
def test_a_worker_that_dies_at_any_write_is_followed_by_another(
    removals: Removals, path: str
) -> None:
    for number, breaks in enumerate((faults.acts_then_breaks(), faults.breaks()), start=7):
        begin_again(removals)
        card = removals.add_leaver(number)
        removals.sandbox.faults.add(fault=breaks, method="POST", path=path)
        removals.look()
        # A worker that dies does not give its lease back.
        removals.database.run(
            "UPDATE removals SET lease = gen_random_uuid(),"
            " leased_until = now() + interval '1 hour'"
        )
        before = len(removals.sandbox.requests("github"))
        removals.look()
        writes = [one.method for one in removals.sandbox.requests("github")[before:]]
        assert "POST" not in writes
        for _ in range(2):
            let_time_go_by(removals)
            removals.look()

        assert_one(removals, number)
        assert len(card.attachments) == 1


def test_the_base_that_moved_between_branch_and_request_is_merged_in(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.sandbox.faults.add(fault=faults.fails(502), method="POST", path="/pulls$")
    removals.look()
    text = removals.sandbox.github.files()[TECH_FILE]
    removals.sandbox.github.put_file(TECH_FILE, text + "- name: New Person\n  email: n@p.uk\n")
    let_time_go_by(removals)
    removals.look()

    git = removals.sandbox.github.git
    tip = git.commits[git.branches["leaver-ticket-7"]]
    assert git.merge_base(git.branches["main"], tip.sha) == git.branches["main"]
    assert "New Person" in tip.items[TECH_FILE].content.decode()
    assert "Ada Archer" not in tip.items[TECH_FILE].content.decode()
    assert len(removals.pulls.all) == 1


def test_a_branch_of_somebody_elses_is_never_used(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.sandbox.github.put_file("x.yml", "- name: Bo\n", branch="leaver-ticket-7")
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("asked", "branch_in_the_way")


@pytest.mark.parametrize("says", ["head", "commits"])
def test_a_branch_that_github_does_not_know_everywhere_is_waited_for(
    removals: Removals, says: str
) -> None:
    removals.add_leaver(7)
    removals.pulls.lag_seconds, removals.pulls.lag_says = 0.5, says
    removals.look()

    assert_one(removals)


def test_two_workers_open_one(
    sandbox: Sandbox, environment: dict[str, str], removals: Removals
) -> None:
    removals.add_leaver(7)
    with removals_service(sandbox, environment) as other, ThreadPoolExecutor(2) as threads:
        for found in [threads.submit(one.look) for one in (removals, other)]:
            found.result()
        removals.look()
        other.look()

    assert_one(removals)


def test_two_tickets_of_one_person_share_one(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    removals.look()

    assert len(removals.pulls.all) == 1
    assert (removals.state(7), removals.state(9)) == (("open", None), ("open", None))
    assert removals.events(9) == ["pull_request_shared"]
    removals.pulls.merge(1)
    removals.look()
    removals.look()
    assert (removals.state(7)[0], removals.state(9)[0]) == ("merged", "merged")


def test_a_shape_that_is_refused_is_asked_about_with_file_and_line(removals: Removals) -> None:
    removals.add_leaver(7)
    inline = TECH_LIST.replace("- name: Ada Archer\n  email", "- {name: Ada Archer, email")
    inline = "users: [" + "{name: Ada Archer, email: ada.archer@digital.cabinet-office.gov.uk},\n"
    inline += "  {name: Bo Lee, email: b@l.uk}]\n"
    removals.sandbox.github.put_file(TECH_FILE, inline)
    removals.database.run("DELETE FROM lists")
    removals.look()
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("asked", "flow_collection")
    assert removals.events(7) == ["pull_request_not_opened"]
    place = removals.database.run("SELECT file, line_number FROM removals")
    assert place == [(TECH_FILE, 1)]


def test_a_name_alone_is_never_enough(removals: Removals) -> None:
    removals.add_leaver(7, found='{"is_by_name_alone": true}')
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("none", "by_name_alone")
    assert removals.events(7) == ["pull_request_not_opened"]


def test_somebody_whose_entry_was_gone_before_the_card_gets_none_even_if_it_is_back(
    removals: Removals,
) -> None:
    removals.add_leaver(7, found='{"was_removed": true}')
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("asked", "removed_before")
    assert removals.events(7) == ["pull_request_not_opened"]


@pytest.mark.parametrize(
    "found",
    ['{"is_by_name_alone": true}', '{"was_removed": true}'],
    ids=["by a name alone", "removed before"],
)
def test_a_ticket_that_gets_none_does_not_keep_the_persons_other_ticket_from_its_own(
    removals: Removals, found: str
) -> None:
    removals.add_leaver(6, found=found)
    removals.add_leaver(7)
    removals.look()
    removals.look()

    assert_one(removals)


def test_somebody_who_came_back_and_leaves_again_gets_a_new_one(removals: Removals) -> None:
    removals.add_leaver(6)
    removals.look()
    removals.pulls.merge(1)
    removals.look()
    removals.sandbox.github.put_file(TECH_FILE, TECH_LIST)
    removals.add_leaver(7)
    removals.look()

    assert [one.head for one in removals.pulls.all.values()] == [
        "leaver-ticket-6",
        "leaver-ticket-7",
    ]
    assert (removals.state(6)[0], removals.state(7)[0]) == ("merged", "open")


def test_an_entry_that_is_gone_by_then_needs_none(removals: Removals) -> None:
    removals.add_leaver(7)
    rest = TECH_LIST[TECH_LIST.index("- name: Benedict") :]
    removals.sandbox.github.put_file(TECH_FILE, rest)
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("already_gone", None)


def test_lists_that_are_refused_elsewhere_change_nothing(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.sandbox.github.put_file(TECH_FILE, "- name: [unclosed")
    removals.look()

    assert removals.state(7) == ("open", None)
    assert removals.only().state == "open"


def test_a_conflict_is_brought_up_to_date_once_a_day_and_nothing_is_forced(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    beside = TECH_LIST.replace("- name: Benedict", "# Beside.\n- name: Benedict")
    removals.sandbox.github.put_file(TECH_FILE, beside)
    for _ in range(3):
        removals.look()
    git = removals.sandbox.github.git
    tip = git.commits[git.branches["leaver-ticket-7"]]

    assert tip.parents[-1] == git.branches["main"]
    assert removals.pulls.mergeable(removals.only()) is not False
    assert "Ada Archer" not in tip.items[TECH_FILE].content.decode()
    assert removals.events(7)[1:] == ["pull_request_changed"]


def test_the_days_limit_counts_pull_requests_by_themselves(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    with removals_service(sandbox, environment, DAILY_LIMIT="1") as removals:
        removals.add_leaver(7)
        removals.add_leaver(8, "Benedict Okonkwo", due=timedelta(minutes=-1))
        removals.look()
        removals.look()

        assert len(removals.pulls.all) == 1
        assert removals.state(8) == ("due", "daily_limit")


def test_many_leavers_stay_within_the_secondary_limit(removals: Removals) -> None:
    removals.sandbox.limits.enforce()
    names = ("Ada Archer", "Benedict Okonkwo", "Sam Taylor")
    for number, name in enumerate(names, start=7):
        removals.add_leaver(number, name)
    removals.look()

    assert len(removals.pulls.all) == len(names)
    assert removals.sandbox.limits.github.refused_writes == 0
