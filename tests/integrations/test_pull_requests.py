"""The door that writes to GitHub, against the sandbox over real HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from integrations.github.pull_requests import PullRequests, Refusal, RefusedByGithub
from integrations.github.repository_writer import RepositoryWriter
from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault, fails, github_forbids, html_page, json_instead
from integrations.sandbox.github_pulls import REVIEWER
from integrations.sandbox.github_repository import blob_hash
from integrations.sandbox.messages import Reply
from service.domain.errors import OutsideError, PermanentError, TransientError
from tests.integrations.conftest import Calls, may_write

BRANCH = "leaver-ticket-7"
PATH = "config/others.yml"


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def pulls(sandbox: Sandbox, calls: Calls) -> Iterator[PullRequests]:
    made = PullRequests(
        RepositoryWriter(
            token=sandbox.github.pull_request_token,
            url=sandbox.github.url,
            repository=sandbox.github.repository,
            branch=None,
            policy=calls.policy(),
            lease=may_write,
        )
    )
    yield made
    made.close()
    assert sandbox.github.pulls.forbidden_acts == []
    assert sandbox.github.pulls.refused_base_writes == 0


def branch_with_change(sandbox: Sandbox, pulls: PullRequests, content: bytes = b"[]\n") -> str:
    head = pulls.branches.commit(sandbox.github.head)
    tree = pulls.branches.create_tree(head.tree, {PATH: ("100755", content)})
    commit = pulls.branches.create_commit(message="Remove", tree=tree, parents=(head.sha,))
    pulls.branches.create(BRANCH, commit)
    return commit


def opened(sandbox: Sandbox, pulls: PullRequests, *, is_draft: bool = False) -> int:
    branch_with_change(sandbox, pulls)
    return pulls.open(title="Remove", branch=BRANCH, body="Why\n", is_draft=is_draft).number


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(RefusedByGithub) as caught:
        call()
    return caught.value.refusal


def test_a_tree_changes_one_file_and_keeps_its_mode_and_all_others(
    sandbox: Sandbox, pulls: PullRequests
) -> None:
    before = sandbox.github.git.commits[sandbox.github.head].items
    commit = branch_with_change(sandbox, pulls)

    made = sandbox.github.git.commits[commit]
    changed = {path for path in before if made.items[path] != before[path]}
    assert made.parents == (sandbox.github.head,)
    assert (changed, made.items.keys()) == ({PATH}, before.keys())
    assert (made.items[PATH].mode, made.items[PATH].sha) == ("100755", blob_hash(b"[]\n"))
    assert pulls.branches.tip(BRANCH) == commit


def test_a_branch_is_distinguished_from_longer_names(sandbox: Sandbox, pulls: PullRequests) -> None:
    sandbox.github.put_file("x.yml", "", branch=f"{BRANCH}-2")

    assert pulls.branches.tip(BRANCH) is None


def test_a_pull_request_is_found_by_its_branch_alone(sandbox: Sandbox, pulls: PullRequests) -> None:
    number = opened(sandbox, pulls)
    sandbox.github.put_file("x.yml", "", branch="other")
    sandbox.github.pulls.open(title="Other", head="other", base="main")
    found = pulls.find(BRANCH)

    assert [(one.number, one.is_open, one.is_own, one.title, one.body) for one in found] == [
        (number, True, True, "Remove", "Why")
    ]
    assert pulls.find("nothing") == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ref", "leaver-ticket-71"),
        ("repo", {"full_name": "fork/govuk-user-reviewer"}),
        ("repo", None),
    ],
)
def test_what_github_lists_from_elsewhere_is_left_out(
    sandbox: Sandbox, pulls: PullRequests, key: str, value: object
) -> None:
    opened(sandbox, pulls)

    def from_elsewhere(reply: Reply) -> Reply:
        listed = json.loads(reply.body)
        listed[0]["head"][key] = value
        return replace(reply, body=json.dumps(listed).encode())

    fault = Fault(change=from_elsewhere)
    sandbox.faults.add(fault=fault, vendor="github", method="GET", path=r"/pulls(\?|$)")

    assert pulls.find(BRANCH) == ()
    assert len(pulls.find(BRANCH)) == 1


def test_a_pull_request_of_another_user_is_not_its_own(
    sandbox: Sandbox, pulls: PullRequests
) -> None:
    branch_with_change(sandbox, pulls)
    sandbox.github.pulls.open(title="Mine", head=BRANCH, base="main")

    assert [one.is_own for one in pulls.find(BRANCH)] == [False]


def test_what_stands_in_the_way_has_a_name(sandbox: Sandbox, pulls: PullRequests) -> None:
    commit = branch_with_change(sandbox, pulls)
    assert refusal_of(lambda: pulls.branches.create(BRANCH, commit)) is Refusal.BRANCH_EXISTS
    sandbox.github.pulls.lag_seconds = 60
    for says in ("head", "commits"):
        sandbox.github.pulls.lag_says = says
        assert refusal_of(lambda: open_one(pulls)) is Refusal.NOT_VISIBLE_YET
    sandbox.github.pulls.lag_seconds = 0
    sandbox.github.pulls.drafts_are_supported = False
    assert refusal_of(lambda: open_one(pulls, is_draft=True)) is Refusal.NO_DRAFTS
    number = open_one(pulls)
    assert refusal_of(lambda: open_one(pulls)) is Refusal.ALREADY_OPEN
    asked = lambda: pulls.request_reviewers(number, users=["nobody"], teams=[])  # noqa: E731
    assert refusal_of(asked) is Refusal.NO_COLLABORATOR
    assert refusal_of(lambda: pulls.add_label(number, "none")) is Refusal.NOT_FOUND
    other = sandbox.github.put_file("x.yml", "", branch="other")
    moved = lambda: pulls.branches.move(BRANCH, other.sha)  # noqa: E731
    assert refusal_of(moved) is Refusal.NOT_A_FAST_FORWARD
    assert (
        refusal_of(lambda: pulls.branches.move("leaver-ticket-9", other.sha))
        is Refusal.NO_SUCH_BRANCH
    )
    assert refusal_of(lambda: pulls.make_draft(pulls.pull_request(number))) is Refusal.NO_DRAFTS


def open_one(pulls: PullRequests, *, is_draft: bool = False) -> int:
    return pulls.open(title="Remove", branch=BRANCH, body="", is_draft=is_draft).number


def test_drafts_approvals_comments_and_the_end(sandbox: Sandbox, pulls: PullRequests) -> None:
    number = opened(sandbox, pulls, is_draft=True)
    pull = pulls.pull_request(number)
    assert (pull.is_draft, pulls.is_approved(pull)) == (True, False)
    pulls.mark_ready(pull)
    sandbox.github.pulls.approve(number)
    assert (pulls.pull_request(number).is_draft, pulls.is_approved(pull)) == (False, True)
    pulls.request_reviewers(number, users=["olu-owner"], teams=["govuk-platform"])
    pulls.add_label(number, "leaver")
    assert not pulls.has_own_comment(number, "Gone\n")
    pulls.comment(number, "Gone\n")
    assert pulls.has_own_comment(number, "Gone\n")
    pulls.close_pull_request(number)
    pulls.branches.delete(BRANCH)
    pulls.branches.delete(BRANCH)

    shown = sandbox.github.pulls.get(number)
    assert (shown.reviewers, shown.teams, shown.labels) == (
        ["olu-owner"],
        ["govuk-platform"],
        ["leaver"],
    )
    closed = pulls.pull_request(number)
    assert (closed.is_open, closed.is_merged) == (False, False)
    assert BRANCH not in sandbox.github.git.branches


def test_a_merge_says_who_and_which_commit(sandbox: Sandbox, pulls: PullRequests) -> None:
    number = opened(sandbox, pulls)
    sandbox.github.pulls.merge(number, by="olu-owner")

    pull = pulls.pull_request(number)
    assert (pull.is_open, pull.is_merged, pull.merged_by, pull.merge_commit) == (
        False,
        True,
        "olu-owner",
        sandbox.github.head,
    )


def test_the_base_is_never_named_in_a_write(sandbox: Sandbox, pulls: PullRequests) -> None:
    with pytest.raises(PermanentError, match="never written to"):
        pulls.branches.move("main", sandbox.github.head)
    with pytest.raises(PermanentError, match="never written to"):
        pulls.branches.delete("main")


def test_a_missing_right_names_the_second_token(sandbox: Sandbox, pulls: PullRequests) -> None:
    sandbox.github.pull_request_rights = {"contents": "read", "pull_requests": "read"}
    head = pulls.branches.commit(sandbox.github.head)

    with pytest.raises(PermanentError, match="GITHUB_PULL_REQUEST_TOKEN"):
        pulls.branches.create_tree(head.tree, {PATH: ("100644", b"")})


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("single sign-on", "Authorise GITHUB_PULL_REQUEST_TOKEN"),
        ("suspension", "another account (GITHUB_PULL_REQUEST_TOKEN)"),
        ("address", "IP allow list"),
        ("archive", "archived, and so read-only"),
        ("something new", "(status 403, new_rule)"),
    ],
)
def test_what_forbids_a_write_is_distinguished_from_a_missing_right(
    sandbox: Sandbox, pulls: PullRequests, why: str, says: str
) -> None:
    sandbox.faults.add(fault=github_forbids(why), vendor="github")

    with pytest.raises(PermanentError) as caught:
        pulls.base()
    assert says in caught.value.problem
    assert "Contents: write" not in caught.value.problem


def test_graphqls_errors_come_with_status_200(sandbox: Sandbox, pulls: PullRequests) -> None:
    number = opened(sandbox, pulls, is_draft=True)
    pull = pulls.pull_request(number)
    sandbox.github.pull_request_rights = {"contents": "write", "pull_requests": "read"}
    with pytest.raises(PermanentError, match="GITHUB_PULL_REQUEST_TOKEN"):
        pulls.mark_ready(pull)
    for errors, kind in (
        ([{"type": "RATE_LIMITED"}], TransientError),
        ([{"message": "Something went wrong"}], TransientError),
        ([{"type": "UNPROCESSABLE"}], PermanentError),
    ):
        fault = json_instead({"data": None, "errors": errors})
        sandbox.faults.add(fault=fault, vendor="github", path="/graphql")
        with pytest.raises(kind):
            pulls.mark_ready(pull)


@pytest.mark.parametrize(
    "said",
    [
        {"data": {}},
        {"data": None},
        {"errors": [{"message": "Field 'reviews' doesn't exist"}]},
        {"data": None, "errors": [{"type": "FORBIDDEN"}]},
    ],
)
def test_who_approved_is_read_from_the_reviews_if_graphql_cannot_say(
    sandbox: Sandbox, pulls: PullRequests, said: dict[str, object]
) -> None:
    pull = pulls.pull_request(opened(sandbox, pulls))
    sandbox.faults.add(fault=json_instead(said), vendor="github", path="/graphql", times=None)

    assert pulls.is_approved(pull) is False
    sandbox.github.pulls.approve(pull.number)
    assert pulls.is_approved(pull) is True


def test_it_is_not_guessed_who_approved(sandbox: Sandbox, pulls: PullRequests) -> None:
    pull = pulls.pull_request(opened(sandbox, pulls))
    for path, fault in (
        ("/graphql", fails(502)),
        ("/graphql", json_instead({"errors": [{"type": "RATE_LIMITED"}]})),
    ):
        sandbox.faults.add(fault=fault, vendor="github", path=path)
        with pytest.raises(TransientError):
            pulls.is_approved(pull)
    sandbox.faults.add(fault=json_instead({"data": {}}), vendor="github", path="/graphql")
    sandbox.faults.add(fault=html_page(), vendor="github", path="/reviews")
    with pytest.raises(TransientError):
        pulls.is_approved(pull)


def test_a_comment_of_somebody_who_is_gone_is_not_our_own(
    sandbox: Sandbox, pulls: PullRequests
) -> None:
    number = opened(sandbox, pulls)
    comments = [{"id": 1, "user": None, "body": "Why?"}]
    sandbox.faults.add(fault=json_instead(comments), vendor="github", method="GET", path="/issues")

    assert pulls.has_own_comment(number, "Why?") is False


def test_its_own_comment_is_found_below_a_hundred_others(
    sandbox: Sandbox, pulls: PullRequests
) -> None:
    number = opened(sandbox, pulls)
    shown = sandbox.github.pulls.get(number)
    pulls.comment(number, "Why?")
    others = [replace(shown.comments[0], user=REVIEWER)] * 100
    shown.comments[:0] = others

    assert pulls.has_own_comment(number, "Why?") is True
    assert pulls.has_own_comment(number, "Why not?") is False


@pytest.mark.parametrize("fault", [html_page(), json_instead([]), json_instead({}), fails(502)])
def test_an_odd_response_to_a_write_leaves_open_whether_it_was_done(
    sandbox: Sandbox, pulls: PullRequests, fault: Fault
) -> None:
    branch_with_change(sandbox, pulls)
    sandbox.faults.add(fault=fault, vendor="github", method="POST", path="/pulls$")

    with pytest.raises(OutsideError) as caught:
        open_one(pulls)
    assert isinstance(caught.value, TransientError)
    assert caught.value.maybe_done


def test_a_page_in_place_of_a_deletion_is_not_taken_for_one(
    sandbox: Sandbox, pulls: PullRequests
) -> None:
    branch_with_change(sandbox, pulls)
    sandbox.faults.add(fault=html_page(), vendor="github", method="DELETE")

    with pytest.raises(TransientError):
        pulls.branches.delete(BRANCH)
    assert BRANCH in sandbox.github.git.branches
    pulls.branches.delete(BRANCH)
    assert BRANCH not in sandbox.github.git.branches


def test_each_call_is_made_once(sandbox: Sandbox, pulls: PullRequests, calls: Calls) -> None:
    opened(sandbox, pulls)

    asked = [(one.method, one.path.rpartition("reviewer")[2]) for one in sandbox.requests("github")]
    assert asked == [
        ("GET", f"/git/commits/{sandbox.github.head}"),
        ("POST", "/git/blobs"),
        ("POST", "/git/trees"),
        ("POST", "/git/commits"),
        ("POST", "/git/refs"),
        ("GET", "/user"),
        ("GET", ""),
        ("POST", "/pulls"),
    ]
    assert [call.is_write for call in calls.before] == [
        one.method == "POST" for one in sandbox.requests("github")
    ]
