"""On the leaving date: one pull request that removes the entry, and what people do with it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault
from service.domain.access_lists.entries import entries_from_yaml
from service.domain.identity import keys_of_entries
from service.records.removed import RemovedRecords
from service.records.retention import Retention
from tests.conftest import RunCommand, StartService
from tests.support.lists import TECH_FILE, person
from tests.support.removal import PULLS, Removals, removals_service
from tests.support.tickets import ADA, Who, add_ticket
from tests.work.test_removed_people import LENA, add_and_remove


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


def lines_removed(removals: Removals, number: int) -> list[str]:
    """What the pull request's branch lacks of the base, by a line each; nothing is added."""
    git = removals.sandbox.github.git
    one = removals.pulls.get(number)
    base = git.commits[git.merge_base(git.branches["main"], git.branches[one.head]) or ""].items
    tip = git.commits[git.branches[one.head]].items
    assert base.keys() == tip.keys()
    changed = [path for path in base if base[path] != tip[path]]
    gone: list[str] = []
    for path in changed:
        before = base[path].content.decode().splitlines()
        after = tip[path].content.decode().splitlines()
        assert base[path].mode == tip[path].mode
        at = 0
        for line in before:
            if at < len(after) and after[at] == line:
                at += 1
            else:
                gone.append(line)
        assert at == len(after)
    return gone


def test_it_is_opened_at_the_due_time_with_exactly_the_entrys_lines(removals: Removals) -> None:
    card = removals.add_leaver(7)
    head = removals.sandbox.github.head
    removals.look()

    one = removals.only()
    assert (one.head, one.base, one.draft, one.state) == ("leaver-ticket-7", "main", False, "open")
    assert one.title == "Remove a leaver (Zendesk ticket 7)"
    assert "Ada" not in one.title + one.body + one.head
    commit = removals.sandbox.github.git.commits[removals.sandbox.github.git.branches[one.head]]
    assert commit.parents == (head,)
    assert "Archer" not in commit.message
    assert all("ada" in line.lower() or ":" in line for line in lines_removed(removals, one.number))
    assert lines_removed(removals, one.number)[0] == "- name: Ada Archer"
    assert removals.state(7) == ("open", None)
    assert removals.events(7) == ["pull_request_opened"]
    assert [link["url"] for link in card.attachments] == [
        "https://github.com/alphagov/govuk-user-reviewer/pull/1"
    ]
    assert removals.sandbox.github.head == head


def test_looking_again_changes_nothing(removals: Removals) -> None:
    card = removals.add_leaver(7)
    for _ in range(3):
        removals.look()

    assert len(removals.pulls.all) == 1
    assert removals.events(7) == ["pull_request_opened"]
    assert len(card.attachments) == 1


def test_nothing_is_opened_before_the_date(removals: Removals) -> None:
    removals.add_leaver(7, due=timedelta(minutes=1))
    removals.look()

    assert removals.pulls.all == {}
    assert removals.sandbox.requests("github") == []


def test_days_before_it_is_a_draft_and_ready_at_the_due_time(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    with removals_service(sandbox, environment, PULL_REQUEST_DAYS_BEFORE="3") as removals:
        card = removals.add_leaver(7, due=timedelta(days=2))
        removals.add_leaver(8, "Elena Marchetti", due=timedelta(days=4), file="config/others.yml")
        removals.look()
        draft = removals.only().draft
        # The due time comes: nobody moved the date, but time went by.
        removals.database.run("UPDATE cards SET due = now() - interval '1 minute'")
        card.due = "2026-01-01T00:00:00+00:00"
        removals.look()

        assert (draft, removals.pulls.get(1).draft) == (True, False)
        assert removals.state(7) == ("open", None)
        assert "1 January 2026" in removals.pulls.get(1).body


@pytest.mark.parametrize("act", ["merge", "close"])
def test_what_a_person_decided_stands(removals: Removals, act: str) -> None:
    removals.add_leaver(7)
    removals.look()
    getattr(removals.pulls, act)(1)
    for _ in range(2):
        removals.look()

    state = {"merge": "merged", "close": "closed_by_person"}[act]
    assert removals.state(7) == (state, None)
    assert len(removals.pulls.all) == 1
    ended = removals.database.run("SELECT merged_by, merge_commit FROM removals")
    merged = ("olu-owner", removals.sandbox.github.head)
    assert ended == [merged if act == "merge" else (None, None)]
    assert removals.events(7)[1:] == [
        {"merge": "pull_request_merged", "close": "pull_request_closed"}[act]
    ]


def test_an_operator_gets_a_new_one_under_another_branch(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.pulls.close(1)
    removals.look()
    line = removals.service.removals.want_new(7, "alice")
    removals.look()

    assert line
    assert [one.head for one in removals.pulls.all.values()] == [
        "leaver-ticket-7",
        "leaver-ticket-7-2",
    ]
    assert removals.state(7) == ("open", None)


@pytest.mark.parametrize("act", ["push", "edit", "approve", "hold"])
@pytest.mark.parametrize("then", ["set aside", "gone", "moved"])
def test_nothing_is_written_to_one_that_a_person_touched(
    removals: Removals, act: str, then: str
) -> None:
    card = removals.add_leaver(7)
    removals.look()
    match act:
        case "push":
            removals.pulls.push(1, {"config/others.yml": "- name: Bo\n"})
        case "edit":
            removals.pulls.edit(1, title="Mine")
        case "hold":
            removals.only().draft = True
            removals.look()
        case _:
            removals.pulls.approve(1)
    happens(removals, card, then)
    before = len(removals.sandbox.requests("github"))
    removals.look()
    removals.look()

    writes = [
        one
        for one in removals.sandbox.requests("github")[before:]
        if one.method != "GET" and one.path != "/graphql"
    ]
    assert writes == []
    assert (removals.only().state, removals.only().draft) == ("open", act == "hold")
    left = [event for event in removals.events(7) if event == "pull_request_left_as_is"]
    # A draft can't be merged before its date.
    assert len(left) == (1 if (act, then) == ("hold", "moved") else 2)


def happens(removals: Removals, card: object, then: str) -> None:
    """The leaver is set aside, the entry is removed by others, or the date is moved."""
    if then == "set aside":
        removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
    elif then == "gone":
        text = removals.sandbox.github.files()[TECH_FILE]
        start = text.index("- name: Ada Archer")
        end = text.index("- name:", start + 1)
        removals.sandbox.github.put_file(TECH_FILE, text[:start] + text[end:])
    else:
        card.due = "2099-01-01T17:00:00+00:00"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("then", "state", "event"),
    [
        ("set aside", "withdrawn", "pull_request_closed"),
        ("gone", "already_gone", "pull_request_closed"),
    ],
)
def test_an_untouched_one_is_closed_with_one_comment_and_its_branch_goes(
    removals: Removals, then: str, state: str, event: str
) -> None:
    card = removals.add_leaver(7)
    removals.look()
    happens(removals, card, then)
    for _ in range(2):
        removals.look()

    assert (removals.only().state, len(removals.only().comments)) == ("closed", 1)
    assert removals.state(7) == (state, None)
    assert removals.events(7)[1:] == [event]
    assert removals.only().head not in removals.sandbox.github.git.branches


def test_a_draft_that_a_person_made_on_the_day_stays_one(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.only().draft = True
    for _ in range(3):
        removals.look()

    assert removals.only().draft
    assert removals.state(7) == ("draft", None)
    assert removals.events(7)[1:] == ["pull_request_changed", "pull_request_left_as_is"]


def test_what_shows_whose_entries_they_are_is_erased_with_the_leavers_data(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    before = removals.database.run("SELECT cardinality(entry_keys) FROM removals")
    long_ago = datetime.now(UTC) - timedelta(days=1000)
    removals.database.run("UPDATE leavers SET finished_at = %s, leaving_date = NULL", long_ago)
    removals.database.run("UPDATE cards SET due = %s", long_ago)
    earlier = [{"number": 2, "url": "", "branch": "x", "entry_keys": ["k"]}]
    removals.database.run("UPDATE removals SET earlier = %s", json.dumps(earlier))
    erased = Retention(
        removals.service.database,
        RemovedRecords(removals.service.database, look_back=timedelta(days=90)),
        keep_days=90,
        until_days=60,
    ).erase()

    assert (before, erased) == ([(2,)], 1)
    assert removals.database.run("SELECT entry_keys, earlier FROM removals") == [([], [])]


def test_a_moved_date_makes_it_a_draft_with_that_date(removals: Removals) -> None:
    card = removals.add_leaver(7)
    removals.look()
    happens(removals, card, "moved")
    removals.look()
    removals.look()

    assert removals.only().draft
    assert "1 January 2099" in removals.only().body
    assert removals.state(7) == ("draft", None)
    assert removals.events(7)[1:] == ["pull_request_changed", "pull_request_changed"]


def test_another_person_is_never_removed_by_the_first_ones_pull_request(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    other = next(
        one
        for one in entries_from_yaml(removals.sandbox.github.files()[TECH_FILE], file=TECH_FILE)
        if one.name == "Benedict Okonkwo"
    )
    removals.database.run(
        "UPDATE leavers SET name = %s, email = %s, entry = %s, person_keys = %s",
        other.name,
        other.email,
        json.dumps({"id": other.id, "file": TECH_FILE, "name": other.name}),
        sorted(keys_of_entries([other])),
    )
    for _ in range(3):
        removals.look()

    first, second = removals.pulls.all.values()
    assert (first.state, len(first.comments)) == ("closed", 1)
    assert (second.head, second.state) == ("leaver-ticket-7-2", "open")
    assert lines_removed(removals, second.number)[0] == "- name: Benedict Okonkwo"
    assert not any("Archer" in line for line in lines_removed(removals, second.number))


def test_all_entries_of_the_person_in_all_lists_go_in_one_commit(removals: Removals) -> None:
    ada = "- name: Ada Archer\n  email: ada.archer@digital.cabinet-office.gov.uk\n"
    text = removals.sandbox.github.files()["config/others.yml"]
    removals.sandbox.github.put_file("config/others.yml", ada + text)
    removals.add_leaver(7)
    removals.look()

    git = removals.sandbox.github.git
    tip = git.commits[git.branches["leaver-ticket-7"]]
    base = git.commits[git.branches["main"]]
    changed = {path for path in base.items if base.items[path] != tip.items[path]}
    assert (tip.parents, changed) == ((base.sha,), {TECH_FILE, "config/others.yml"})
    assert all("Ada" not in tip.items[path].content.decode() for path in changed)
    assert lines_removed(removals, 1).count("- name: Ada Archer") == 2


@pytest.mark.parametrize("act", ["close", "leave open"])
def test_one_that_the_record_lost_is_found_and_never_made_again(
    removals: Removals, act: str
) -> None:
    removals.add_leaver(7)
    removals.look()
    if act == "close":
        removals.pulls.close(1)
    removals.database.run("DELETE FROM removals")
    for _ in range(3):
        removals.look()

    state = "closed_by_person" if act == "close" else "open"
    assert (len(removals.pulls.all), removals.state(7)) == (1, (state, None))


def test_what_an_operator_asked_for_is_made_although_github_fails_first(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.pulls.close(1)
    removals.look()
    removals.service.removals.want_new(7, "alice")
    removals.sandbox.faults.add(fault=faults.fails(502), method="POST", path="/git/trees$")
    for _ in range(3):
        removals.look()
        removals.let_time_go_by()

    assert [one.head for one in removals.pulls.all.values()] == [
        "leaver-ticket-7",
        "leaver-ticket-7-2",
    ]
    assert removals.state(7) == ("open", None)
    assert removals.service.removals.want_new(7, "alice") is False


def test_nothing_is_written_while_it_is_not_known_whether_somebody_approved(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
    unclear = faults.json_instead({"data": {"node": None}}, acts=False)
    removals.sandbox.faults.add(fault=unclear, path="/graphql", body="reviewDecision", times=None)
    odd = faults.html_page()
    removals.sandbox.faults.add(fault=odd, path="/reviews", times=None)
    removals.look()

    assert (removals.only().state, removals.only().comments) == ("open", [])


def test_a_moved_date_makes_it_a_draft_although_the_lists_cannot_be_read(
    removals: Removals,
) -> None:
    card = removals.add_leaver(7)
    removals.look()
    card.due = "2099-01-01T17:00:00+00:00"
    removals.sandbox.github.put_file(TECH_FILE, "- name: [unclosed")
    removals.look()

    assert removals.only().draft
    assert removals.state(7) == ("draft", None)


def test_a_push_that_comes_in_between_is_never_lost(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.look()
    text = removals.sandbox.github.files()[TECH_FILE]
    beside = text.replace("- name: Benedict", "# Beside.\n- name: Benedict")
    removals.sandbox.github.put_file(TECH_FILE, beside)
    pushed: list[str] = []

    def push() -> None:
        pushed.append(removals.pulls.push(1, {"config/others.yml": "- name: Bo\n"}).sha)

    removals.sandbox.faults.add(fault=Fault(before=push), method="PATCH", path="/git/refs/")
    for _ in range(4):
        removals.look()
        removals.let_time_go_by()
        removals.database.run("UPDATE removals SET refreshed_at = NULL")

    assert removals.sandbox.github.git.branches["leaver-ticket-7"] == pushed[0]
    assert removals.events(7)[-1] == "pull_request_left_as_is"


def test_reviewers_and_a_label_that_do_not_exist_hold_nothing_up(
    sandbox: Sandbox, environment: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    beside = {"PULL_REQUEST_REVIEWERS": "nobody,team:none", "PULL_REQUEST_LABEL": "none"}
    with removals_service(sandbox, environment, **beside) as removals:
        card = removals.add_leaver(7)
        removals.look()
        before = len(sandbox.requests("github"))
        removals.look()

        assert (removals.only().reviewers, removals.only().labels) == ([], [])
        assert len(card.attachments) == 1
        said = {
            vars(one)["lacks"]: (vars(one)["refused"], vars(one)["problem"])
            for one in caplog.records
            if one.message == "pull request incomplete"
        }
        assert {lacks: names for lacks, (names, _) in said.items()} == {
            "reviewers": ("nobody", "team:none"),
            "label": ("none",),
        }
        assert "correct PULL_REQUEST_REVIEWERS" in said["reviewers"][1]
        assert "correct PULL_REQUEST_LABEL" in said["label"][1]
        assert all(
            one.method == "GET" or one.path == "/graphql"
            for one in sandbox.requests("github")[before:]
        )


def test_reviewers_teams_and_the_label_are_there(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    beside = {
        "PULL_REQUEST_REVIEWERS": "olu-owner,team:govuk-platform",
        "PULL_REQUEST_LABEL": "leaver",
    }
    with removals_service(sandbox, environment, **beside) as removals:
        removals.add_leaver(7)
        removals.look()

        one = removals.only()
        assert (one.reviewers, one.teams, one.labels) == (
            ["olu-owner"],
            ["govuk-platform"],
            ["leaver"],
        )


def test_from_a_ticket_to_a_pull_request_by_the_sweep(
    start_service: StartService, run_leavers: RunCommand, sandbox: Sandbox
) -> None:
    settings = PULLS | {"GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token}
    removed_by = add_and_remove(sandbox)
    team = person("Bo Lee", "team@dsit.gov.uk") + person("Cy Dee", "team@dsit.gov.uk")
    sandbox.github.put_file("config/team.yml", team)
    service = start_service(**settings)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    ticket = add_ticket(sandbox, ADA, leaving=yesterday)
    gone = add_ticket(sandbox, LENA, leaving=yesterday)
    shown = service.preview(ticket.id)["pull_request"]
    not_shown = service.preview(gone.id)["pull_request"]
    shares = add_ticket(sandbox, Who(name="Bo Lee", email="team@dsit.gov.uk"), leaving=yesterday)
    (bo, *_) = entries_from_yaml(team.encode(), file="config/team.yml")
    assert service.process_ticket(shares.id)["state"] == "needs_person"
    of_team = service.preview(shares.id, entry=bo.id)["pull_request"]
    service.process_ticket(gone.id)
    service.process_ticket(ticket.id)
    swept = run_leavers("sweep", **settings)
    leaver = service.leaver(ticket.id)
    refused = service.post(f"/leavers/{ticket.id}/pull-request")

    assert shown["title"] == f"Remove a leaver (Zendesk ticket {ticket.id})"
    assert "\n-- name: Ada Archer\n" in shown["diff"]
    assert (swept.wait(), swept.stdout.splitlines()[-1]) == (0, "removals looked at: 2")
    assert (not_shown["title"], not_shown["diff"]) == (None, None)
    assert "had left the access lists" in not_shown["reason"]
    assert "other people's names share" in of_team["reason"]
    assert (of_team["title"], of_team["diff"]) == (None, None)
    assert service.leaver(gone.id)["removal"] == "already_gone"
    today = datetime.now(UTC).date().isoformat()
    rows = service.get(f"/report?from={yesterday}&to={today}").json()["leavers"]
    assert {row["ticket"]: row["entry_gone_commit"] for row in rows}[gone.id] == removed_by
    assert len(sandbox.github.pulls.all) == 1
    assert (leaver["state"], leaver["removal"]) == ("done", "open")
    assert leaver["pull_request_url"].endswith("/pull/1")
    assert "pull_request_opened" in [event["event"] for event in leaver["history"]]
    assert refused.status_code == 409
    assert 'leavers_removal_pull_requests{state="open"} 1.0' in service.get("/metrics").text
    sandbox.github.pulls.close(1)
    run_leavers("sweep", **settings)
    wanted = service.post(f"/leavers/{ticket.id}/pull-request")
    run_leavers("sweep", **settings)
    assert wanted.status_code == 202
    assert service.leaver(ticket.id)["pull_request_url"].endswith("/pull/2")
    assert sandbox.github.pulls.forbidden_acts == []
    assert not {"Ada", "ada.archer"} & set(re.split(r"\W", service.log + swept.stderr))


def test_a_dry_run_shows_the_cut_and_sends_nothing(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    with removals_service(sandbox, environment, DRY_RUN="true") as removals:
        ticket = add_ticket(sandbox, ADA, leaving="2026-11-27")
        shown = removals.service.previews.preview(ticket.id, {}, operator="alice").removal

        assert removals.service.removal is None
        assert shown
        assert shown.title == f"Remove a leaver (Zendesk ticket {ticket.id})"
        assert shown.diff
        assert "\n-- name: Ada Archer\n" in shown.diff
        asked = [*sandbox.requests("github"), *sandbox.requests("trello")]
        assert {one.method for one in asked} == {"GET"}


def test_of_an_archived_card_the_date_counts_that_an_operator_gave_since(
    removals: Removals,
) -> None:
    card = removals.add_leaver(7)
    removals.sandbox.trello.archive(card.id)
    removals.database.run("UPDATE leavers SET leaving_date = '2099-01-01'")
    removals.look()
    before = removals.pulls.all.copy()
    removals.database.run("UPDATE leavers SET leaving_date = '2026-01-02'")
    removals.look()

    assert before == {}
    assert "Do not merge before 2 January 2026, 17:00" in removals.only().body


def test_of_an_archived_card_the_date_counts_that_a_person_gave_it_before(
    removals: Removals,
) -> None:
    card = removals.add_leaver(7)
    removals.sandbox.trello.archive(card.id)
    seen = {"ticket_id": 7, "due_at": datetime(2099, 1, 1, 17, tzinfo=UTC)}
    removals.database.insert("after_date", seen)
    removals.look()

    assert removals.pulls.all == {}


def test_the_cards_present_date_counts_and_not_the_one_that_it_was_made_with(
    removals: Removals,
) -> None:
    card = removals.add_leaver(7)
    past, card.due = card.due, "2099-01-01T17:00:00+00:00"
    removals.look()
    before = len(removals.pulls.all)
    card.due = past
    removals.look()

    assert (before, removals.state(7)) == (0, ("open", None))
