"""The sandbox's GitHub takes writes with git's real semantics, and people act on what comes."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.github_repository import Repository, file_item
from tests.sandbox.conftest import Client

BRANCH = "leaver-ticket-7"
PATH = "config/others.yml"
TREE = "ddb1eed715c69807bd6c6744c569e816adedb1cb"
COMMIT = "dae50ba28c1ad5ba2225e2ce78c344e568db04c2"


def git_objects(sandbox: Sandbox, writer: Client, text: str = "[]\n") -> str:
    """Blob, tree and commit on top of the base; gives the commit."""
    head = sandbox.github.head
    tree = writer.get(f"/git/commits/{head}").json()["tree"]["sha"]
    content = base64.b64encode(text.encode()).decode()
    blob = writer.post("/git/blobs", {"content": content, "encoding": "base64"})
    line = {"path": PATH, "mode": "100644", "type": "blob", "sha": blob.json()["sha"]}
    made = writer.post("/git/trees", {"base_tree": tree, "tree": [line]})
    commit = writer.post(
        "/git/commits", {"message": "Remove", "tree": made.json()["sha"], "parents": [head]}
    )
    assert [each.status_code for each in (blob, made, commit)] == [201, 201, 201]
    return str(commit.json()["sha"])


def create_branch(writer: Client, commit: str, branch: str = BRANCH) -> tuple[int, str]:
    answer = writer.post("/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})
    return answer.status_code, str(answer.json().get("message", ""))


def open_pull(writer: Client, **changes: Any) -> Any:
    sent = {"title": "Remove", "head": BRANCH, "base": "main", "body": "", "draft": False}
    return writer.post("/pulls", sent | changes)


def opened(sandbox: Sandbox, writer: Client, **changes: Any) -> int:
    create_branch(writer, git_objects(sandbox, writer))
    return int(open_pull(writer, **changes).json()["number"])


def test_trees_and_commits_have_gits_own_ids() -> None:
    # What `git write-tree` and `git hash-object -t commit` say of the same files.
    git = Repository()
    items = {path: file_item(path.encode()) for path in ("a", "b/c", "b/d/e", "b.x", "b-y")}
    commit = git.commit("main", items, at=datetime(2026, 1, 1, tzinfo=UTC), message="hi\n")

    assert commit.tree == TREE
    assert commit.sha == COMMIT


def test_nothing_is_visible_before_the_branch(sandbox: Sandbox, writer: Client) -> None:
    before = dict(sandbox.github.git.branches)
    commit = git_objects(sandbox, writer)

    assert sandbox.github.git.branches == before
    assert create_branch(writer, commit) == (201, "")
    assert sandbox.github.git.branches == {**before, BRANCH: commit}


def test_a_tree_without_its_base_deletes_every_other_file(sandbox: Sandbox, writer: Client) -> None:
    line = {"path": PATH, "mode": "100755", "type": "blob", "content": "[]\n"}
    with_base = writer.post("/git/trees", {"base_tree": sandbox.github.head, "tree": [line]})
    alone = writer.post("/git/trees", {"tree": [line]}).json()

    shown = {one["path"]: one["mode"] for one in with_base.json()["tree"]}
    assert shown == {"README.md": "100644", "config": "040000"}
    assert [one["path"] for one in alone["tree"]] == ["config"]


def test_a_branch_is_made_once_and_never_as_the_folder_of_another(
    sandbox: Sandbox, writer: Client
) -> None:
    commit = git_objects(sandbox, writer)
    create_branch(writer, commit)

    assert create_branch(writer, commit) == (422, "Reference already exists")
    assert create_branch(writer, commit, f"{BRANCH}/x") == (422, "Reference update failed")
    assert create_branch(writer, "0" * 40, "other") == (422, "Object does not exist")
    assert [one["ref"] for one in writer.get("/git/matching-refs/heads/leaver").json()] == [
        f"refs/heads/{BRANCH}"
    ]


def test_a_branch_moves_only_forwards(sandbox: Sandbox, writer: Client) -> None:
    create_branch(writer, git_objects(sandbox, writer))
    other = git_objects(sandbox, writer, "# other\n")
    refused = writer.call("PATCH", f"/git/refs/heads/{BRANCH}", json={"sha": other, "force": False})

    assert (refused.status_code, refused.json()["message"]) == (422, "Update is not a fast forward")


def test_the_base_refuses_and_counts_writes(sandbox: Sandbox, writer: Client) -> None:
    head = sandbox.github.head
    commit = git_objects(sandbox, writer)
    moved = writer.call("PATCH", "/git/refs/heads/main", json={"sha": commit})
    deleted = writer.call("DELETE", "/git/refs/heads/main")

    assert (moved.status_code, deleted.status_code) == (422, 422)
    assert sandbox.github.head == head
    assert sandbox.github.pulls.refused_base_writes == 2
    assert sandbox.github.pulls.forbidden_acts == ["write to main", "write to main"]


@pytest.mark.parametrize(
    ("method", "path", "act"),
    [
        ("PUT", "/pulls/1/merge", "merge"),
        ("POST", "/pulls/1/reviews", "review"),
        ("PUT", "/pulls/1/update-branch", "update-branch"),
        ("PUT", f"/contents/{PATH}", "write contents"),
        ("POST", "/merges", "merge branches"),
    ],
)
def test_what_the_service_must_never_do_is_noticed(
    sandbox: Sandbox, writer: Client, method: str, path: str, act: str
) -> None:
    writer.call(method, path, json={})

    assert sandbox.github.pulls.forbidden_acts == [act]


def test_one_pull_request_is_open_for_a_branch_and_a_base(sandbox: Sandbox, writer: Client) -> None:
    number = opened(sandbox, writer)
    again = open_pull(writer)

    assert again.status_code == 422
    assert again.json()["errors"][0]["message"] == (
        f"A pull request already exists for alphagov:{BRANCH}."
    )
    listed = writer.get("/pulls", head=f"alphagov:{BRANCH}", state="all", base="main").json()
    assert [one["number"] for one in listed] == [number]
    assert writer.get("/pulls", head="alphagov:other", state="all").json() == []


def test_a_branch_without_a_commit_of_its_own_opens_nothing(
    sandbox: Sandbox, writer: Client
) -> None:
    create_branch(writer, sandbox.github.head)

    assert (
        open_pull(writer).json()["errors"][0]["message"] == f"No commits between main and {BRANCH}"
    )


@pytest.mark.parametrize("says", ["head", "commits"])
def test_a_new_branch_may_not_be_known_everywhere_at_once(
    sandbox: Sandbox, writer: Client, says: str
) -> None:
    sandbox.github.pulls.lag_seconds, sandbox.github.pulls.lag_says = 60, says
    create_branch(writer, git_objects(sandbox, writer))
    early = open_pull(writer)
    sandbox.clock.advance(seconds=61)

    assert early.status_code == 422
    assert open_pull(writer).status_code == 201


def test_whether_it_can_be_merged_is_worked_out_after_it_was_asked_for(
    sandbox: Sandbox, writer: Client
) -> None:
    number = opened(sandbox, writer)
    first, second = (writer.get(f"/pulls/{number}").json()["mergeable"] for _ in range(2))
    sandbox.github.put_file(PATH, "# changed beside it\n")
    third, fourth = (writer.get(f"/pulls/{number}").json()["mergeable"] for _ in range(2))

    assert (first, second, third, fourth) == (None, True, None, False)


def test_a_merge_takes_both_changes(sandbox: Sandbox, writer: Client) -> None:
    number = opened(sandbox, writer)
    sandbox.github.put_file("README.md", "# Changed\n")
    sandbox.github.pulls.merge(number)

    shown = writer.get(f"/pulls/{number}").json()
    assert (shown["state"], shown["merged"], shown["merged_by"]["login"]) == (
        "closed",
        True,
        "olu-owner",
    )
    files = sandbox.github.files()
    assert (files["README.md"], files[PATH]) == ("# Changed\n", "[]\n")


def test_drafts_go_back_and_forth_by_graphql(sandbox: Sandbox, writer: Client) -> None:
    number = opened(sandbox, writer, draft=True)
    node = sandbox.github.pulls.get(number).node_id
    states = []
    for name in ("markPullRequestReadyForReview", "convertPullRequestToDraft"):
        query = f"mutation($id: ID!) {{ {name}(input: {{pullRequestId: $id}}) {{ x }} }}"
        answer = writer.session.post(
            f"{writer.base}/graphql", json={"query": query, "variables": {"id": node}}, timeout=10
        )
        states.append((answer.status_code, sandbox.github.pulls.get(number).draft))
    unknown = writer.session.post(
        f"{writer.base}/graphql",
        json={"query": "mutation { mergePullRequest(input: {}) { x } }", "variables": {"id": node}},
        timeout=10,
    )

    assert states == [(200, False), (200, True)]
    assert (unknown.status_code, unknown.json()["errors"][0]["type"]) == (200, "FORBIDDEN")
    assert sandbox.github.pulls.forbidden_acts == ["graphql mergePullRequest"]


def test_reviewers_are_all_asked_or_none_is(sandbox: Sandbox, writer: Client) -> None:
    number = opened(sandbox, writer)
    path = f"/pulls/{number}/requested_reviewers"

    assert writer.post(path, {"reviewers": ["olu-owner", "nobody"]}).status_code == 422
    assert sandbox.github.pulls.get(number).reviewers == []
    assert writer.post(path, {"reviewers": ["olu-owner"]}).status_code == 201


def test_the_first_token_writes_nothing_and_the_header_says_what_is_missing(
    sandbox: Sandbox, github: Client, writer: Client
) -> None:
    by_reader = github.post("/git/blobs", {"content": "x"})
    sandbox.github.pull_request_rights = {"contents": "write"}
    by_writer = writer.post("/pulls", {})

    said = [
        (one.status_code, one.json()["message"], one.headers["X-Accepted-GitHub-Permissions"])
        for one in (by_reader, by_writer)
    ]
    message = "Resource not accessible by personal access token"
    assert said == [(403, message, "contents=write"), (403, message, "pull_requests=write")]


def test_a_deleted_branch_closes_its_pull_request(sandbox: Sandbox, writer: Client) -> None:
    number = opened(sandbox, writer)
    writer.call("DELETE", f"/git/refs/heads/{BRANCH}")

    assert writer.get(f"/pulls/{number}").json()["state"] == "closed"


def test_a_push_dismisses_approvals(sandbox: Sandbox, writer: Client) -> None:
    number = opened(sandbox, writer)
    sandbox.github.pulls.approve(number)
    sandbox.github.pulls.push(number, {PATH: "# by hand\n"})

    assert sandbox.github.pulls.get(number).approvals == []


def test_writes_have_a_limit_of_their_own(sandbox: Sandbox, writer: Client) -> None:
    sandbox.limits.github.enforced = True
    sandbox.limits.github.writes_per_minute = 3
    sandbox.limits.github.reset()
    answers = [writer.post("/git/blobs", {"content": str(n)}) for n in range(4)]

    assert [one.status_code for one in answers] == [201, 201, 201, 403]
    assert "secondary rate limit" in answers[-1].json()["message"]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61


def test_people_act_over_the_control_api(sandbox: Sandbox, writer: Client, control: Client) -> None:
    number = opened(sandbox, writer)
    control.post(f"/pulls/{number}/approve", {})
    control.post(f"/pulls/{number}/edit", {"title": "Mine"})
    control.post(f"/pulls/{number}/push", {"changes": {PATH: "# by hand\n"}})
    state = control.post(f"/pulls/{number}/close", {}).json()

    assert [(one["title"], one["state"]) for one in state["pulls"]] == [("Mine", "closed")]
    assert (state["refused_base_writes"], state["forbidden_acts"]) == (0, [])
    assert control.post(f"/pulls/{number}/burn", {}).status_code == 404
