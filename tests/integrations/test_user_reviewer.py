"""The lists: all of them, at one commit, and fetched again only if they changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from integrations.github.user_reviewer import ListFile, Lists
from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault, expired_token, fails, replies_late, runs
from integrations.sandbox.messages import json_reply
from integrations.sandbox.samples import FILES
from service.domain.errors import PermanentError, TransientError
from tests.integrations.conftest import Doors, OpenDoors

YAML = {path: text for path, text in FILES.items() if path.startswith("config/")}


def lists(sandbox: Sandbox, files: dict[str, str]) -> Lists:
    return Lists(
        commit=sandbox.github.head,
        files=tuple(ListFile(path=path, text=files[path].encode()) for path in sorted(files)),
        branch=sandbox.github.default_branch,
    )


def kinds(sandbox: Sandbox) -> list[str]:
    """Which kind of request came, in order; nothing for the repository itself."""
    top = f"/repos/{sandbox.github.repository}"
    paths = [each.path.removeprefix(top) for each in sandbox.requests("github")]
    return [path.strip("/").removeprefix("git/").partition("/")[0] for path in paths]


def test_every_yaml_file_below_the_directory_is_read_at_one_commit(
    sandbox: Sandbox, doors: Doors
) -> None:
    assert doors.user_reviewer.read() == lists(sandbox, YAML)
    assert kinds(sandbox) == ["commits", "trees", *["blobs"] * len(YAML)]


def test_a_head_that_comes_as_a_whole_commit_is_read_too(sandbox: Sandbox, doors: Doors) -> None:
    reply = json_reply({"sha": sandbox.github.head, "commit": {"message": "Add Nora"}})
    sandbox.faults.add(fault=Fault(acts=False, reply=reply), vendor="github", path="/commits/")

    assert doors.user_reviewer.read() == lists(sandbox, YAML)


def test_lists_that_did_not_change_are_kept(sandbox: Sandbox, doors: Doors) -> None:
    first = doors.user_reviewer.read()
    sandbox.clear_requests()

    assert doors.user_reviewer.read() is first
    assert [each.status for each in sandbox.requests("github")] == [304]


def test_only_what_changed_is_fetched_again(sandbox: Sandbox, doors: Doors) -> None:
    doors.user_reviewer.read()
    sandbox.github.put_file("config/others.yml", "- name: Nora New\n")
    sandbox.clear_requests()

    assert doors.user_reviewer.read() == lists(
        sandbox, YAML | {"config/others.yml": "- name: Nora New\n"}
    )
    assert kinds(sandbox) == ["commits", "trees", "blobs"]


def test_a_file_that_went_is_forgotten(sandbox: Sandbox, doors: Doors) -> None:
    doors.user_reviewer.read()
    sandbox.github.delete_file("config/others.yml")

    paths = [each.path for each in doors.user_reviewer.read().files]

    assert paths == sorted(set(YAML) - {"config/others.yml"})


def test_a_read_that_broke_off_goes_on_where_it_was(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.faults.add(fault=fails(500), vendor="github", path="/git/blobs/", skip=2)
    with pytest.raises(TransientError):
        doors.user_reviewer.read()
    sandbox.clear_requests()

    assert doors.user_reviewer.read() == lists(sandbox, YAML)
    assert kinds(sandbox).count("blobs") == len(YAML) - 2


def test_a_push_between_two_requests_does_not_mix_two_states(
    sandbox: Sandbox, doors: Doors
) -> None:
    before = lists(sandbox, YAML)
    sandbox.faults.add(
        fault=runs(lambda: sandbox.github.put_file("config/others.yml", "later")),
        vendor="github",
        path="/git/trees/",
    )

    assert doors.user_reviewer.read() == before
    assert doors.user_reviewer.read() != before


LINKED = "- name: Lena Linked\n"
FOLLOWED = [
    ({"config/link.yml": "../shared/people.yml"}, "config/link.yml"),
    ({"config/link.yml": "./../config/../shared/./people.yml"}, "config/link.yml"),
    ({"config/link.yml": "../a.yml", "a.yml": "b", "b": "shared/people.yml"}, "config/link.yml"),
    ({"config/link.yml": "../team/people.yml", "team": "shared"}, "config/link.yml"),
    ({"config/people": "../shared/people.yml"}, "config/people"),
    ({"config/content/link.yaml": "../../shared/people.yml"}, "config/content/link.yaml"),
]


@pytest.mark.parametrize(("links", "path"), FOLLOWED)
def test_a_link_inside_the_repository_is_followed_at_the_same_commit(
    sandbox: Sandbox, doors: Doors, links: dict[str, str], path: str
) -> None:
    sandbox.github.put_file("shared/people.yml", LINKED)
    for link, target in links.items():
        sandbox.github.put_symlink(link, target)
    commit = sandbox.github.head
    later = runs(lambda: sandbox.github.put_file("shared/people.yml", "[]"))
    sandbox.faults.add(fault=later, vendor="github", path="/git/trees/")

    found = doors.user_reviewer.read()

    assert found.commit == commit
    assert {each.path for each in found.files} == {*YAML, path}
    (linked,) = [each for each in found.files if each.path == path]
    assert (linked.text, linked.mode) == (LINKED.encode(), "120000")


def test_a_link_to_what_is_not_a_list_is_none(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.github.put_file("LICENCE.md", "words")
    sandbox.github.put_symlink("config/LICENCE", "../LICENCE.md")
    sandbox.github.put_symlink("config/NOTES", "gone.md")
    sandbox.github.put_symlink("other/people.yml", "/etc/passwd")

    assert [each.path for each in doors.user_reviewer.read().files] == sorted(YAML)


REFUSED = [
    ("config/link.yml", "/etc/passwd", "out of the repository"),
    ("config/link.yml", "../../other/people.yml", "out of the repository"),
    ("config/secret", "../../..", "out of the repository"),
    ("config/link.yml", "link.yml", "leads back to itself"),
    ("config/link.yml", "gone.yml", "does not exist"),
    ("config/link.yml", "others.yml/people.yml", "does not exist"),
    ("config/team", "../shared", "a directory"),
    ("config/team.yml", "..", "a directory"),
    ("config/link.yml", "../module/people.yml", "in a submodule"),
]


@pytest.mark.parametrize(("path", "target", "problem"), REFUSED)
def test_a_link_that_may_hide_a_list_is_named(
    sandbox: Sandbox, doors: Doors, path: str, target: str, problem: str
) -> None:
    sandbox.github.put_file("shared/people.yml", LINKED)
    sandbox.github.put_submodule("module")
    sandbox.github.put_symlink(path, target)

    with pytest.raises(PermanentError, match=f"{path} may hide a list") as raised:
        doors.user_reviewer.read()

    assert problem in str(raised.value)


@pytest.mark.parametrize("path", ["config/module", "config/content/people.yml"])
def test_a_submodule_below_the_directory_is_named(
    sandbox: Sandbox, doors: Doors, path: str
) -> None:
    sandbox.github.put_submodule(path)

    with pytest.raises(PermanentError, match=f"{path} may hide a list: it is in a submodule"):
        doors.user_reviewer.read()


@pytest.mark.parametrize("directory", ["lists", "lists/config"])
def test_a_directory_that_is_a_link_or_a_submodule_is_named(
    sandbox: Sandbox, open_doors: OpenDoors, directory: str
) -> None:
    sandbox.github.put_symlink("lists", "config")
    with pytest.raises(
        PermanentError, match="lists may hide a list: it is a symbolic link to a dir"
    ):
        open_doors(directory=directory).user_reviewer.read()

    sandbox.github.put_submodule("lists")
    with pytest.raises(PermanentError, match="lists may hide a list: it is in a submodule"):
        open_doors(directory=directory).user_reviewer.read()


def test_a_link_is_read_again_when_only_its_target_changed(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.github.put_file("shared/people.yml", LINKED)
    sandbox.github.put_symlink("config/link.yml", "../shared/people.yml")
    doors.user_reviewer.read()
    sandbox.github.put_file("shared/people.yml", "- name: Mona Moved\n")
    sandbox.clear_requests()

    files = {each.path: each.text for each in doors.user_reviewer.read().files}

    assert files["config/link.yml"] == b"- name: Mona Moved\n"
    assert kinds(sandbox) == ["commits", "trees", "blobs"]


@pytest.mark.parametrize(
    ("directory", "paths"),
    [
        ("config/content", ["config/content/editors.yaml"]),
        ("/config/content/", ["config/content/editors.yaml"]),
        ("./config/content", ["config/content/editors.yaml"]),
        (".", sorted(YAML)),
        ("", sorted(YAML)),
    ],
)
def test_a_directory_may_be_written_in_several_ways(
    directory: str, paths: list[str], open_doors: OpenDoors
) -> None:
    found = open_doors(directory=directory).user_reviewer.read()

    assert [each.path for each in found.files] == paths


def test_a_directory_that_only_begins_alike_is_another_one(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.github.put_file("config-old/others.yml", "- name: Olga Old\n")

    assert doors.user_reviewer.read() == lists(sandbox, YAML)


def test_files_are_read_as_they_are(sandbox: Sandbox, open_doors: OpenDoors) -> None:
    files = {"a/B.YML": "é\r\n", "a/c.yaml": "", "a/d é #?%.yml": "x" * 2_000_000, "a/e.txt": "no"}
    sandbox.github.put_files(files)

    found = open_doors(directory="a").user_reviewer.read()

    del files["a/e.txt"]
    assert found == lists(sandbox, files)


def test_without_a_branch_the_default_one_is_looked_up_once(
    sandbox: Sandbox, open_doors: OpenDoors
) -> None:
    sandbox.github.put_file("config/others.yml", "- name: Nora New\n", branch="other")
    doors = open_doors(branch=None)

    doors.user_reviewer.read()

    assert doors.user_reviewer.read() == lists(sandbox, YAML)
    assert kinds(sandbox)[:2] == ["", "commits"]
    assert kinds(sandbox).count("") == 1


def test_a_renamed_default_branch_is_followed(sandbox: Sandbox, open_doors: OpenDoors) -> None:
    doors = open_doors(branch=None)
    doors.user_reviewer.read()
    branches = sandbox.github.git.branches
    branches["trunk"] = branches.pop("main")
    sandbox.github.default_branch = "trunk"

    try:
        assert doors.user_reviewer.read() == lists(sandbox, YAML)
    finally:
        sandbox.github.default_branch = "main"


def test_a_branch_with_a_slash_is_read(sandbox: Sandbox, open_doors: OpenDoors) -> None:
    sandbox.github.put_file("config/new.yml", "- name: Nora New\n", branch="feature/new")

    paths = [each.path for each in open_doors(branch="feature/new").user_reviewer.read().files]

    assert "config/new.yml" in paths


def test_one_refresh_at_a_time_is_shared_by_all_who_wait(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.faults.add(fault=replies_late(0.2), vendor="github", path="/commits/", times=1)

    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _each: doors.user_reviewer.read(), range(16)))

    assert {id(each) for each in found} == {id(found[0])}
    # Callers that came when the first refresh was under way share the second one.
    assert kinds(sandbox).count("commits") <= 2
    assert kinds(sandbox).count("trees") == 1


def _rename(sandbox: Sandbox) -> None:
    sandbox.github.renamed_from = "alphagov/old-name"


def _hide(sandbox: Sandbox) -> None:
    sandbox.github.may_read = False


def _forbid(sandbox: Sandbox) -> None:
    sandbox.github.may_read_contents = False


def _truncate(sandbox: Sandbox) -> None:
    sandbox.github.truncates_trees = True


def _empty(sandbox: Sandbox) -> None:
    sandbox.github.git.branches.clear()


def _refuse(sandbox: Sandbox) -> None:
    sandbox.faults.add(fault=expired_token("github"), vendor="github")


def test_a_renamed_repository_is_named_and_tried_again(
    sandbox: Sandbox, open_doors: OpenDoors
) -> None:
    _rename(sandbox)

    with pytest.raises(TransientError, match=r"renamed.*USER_REVIEWER_REPOSITORY"):
        open_doors(repository="alphagov/old-name").user_reviewer.read()


@pytest.mark.parametrize(
    ("happened", "settings", "fix"),
    [
        (_hide, {}, "USER_REVIEWER_REPOSITORY"),
        (None, {"repository": "alphagov/nothing"}, "USER_REVIEWER_REPOSITORY"),
        (None, {"branch": "nothing"}, "USER_REVIEWER_BRANCH"),
        (None, {"directory": "nothing"}, "USER_REVIEWER_DIRECTORY"),
        (None, {"directory": "config/others.yml"}, "USER_REVIEWER_DIRECTORY"),
        (_forbid, {}, "read the repository's contents"),
        (_truncate, {}, "too large"),
        (_empty, {}, "empty"),
        (_refuse, {}, "GITHUB_TOKEN"),
        (None, {"github_token": "wrong"}, "GITHUB_TOKEN"),
    ],
)
def test_what_is_missing_is_lasting_and_named(
    happened: Callable[[Sandbox], None] | None,
    settings: dict[str, str],
    fix: str,
    sandbox: Sandbox,
    open_doors: OpenDoors,
    spotless: Callable[[Exception], None],
) -> None:
    if happened:
        happened(sandbox)

    with pytest.raises(PermanentError, match=fix) as caught:
        open_doors(**settings).user_reviewer.read()

    spotless(caught.value)


@pytest.mark.parametrize("branch", [None, "main"])
def test_a_repository_that_went_is_never_answered_from_memory(
    branch: str | None, sandbox: Sandbox, open_doors: OpenDoors
) -> None:
    doors = open_doors(branch=branch)
    doors.user_reviewer.read()
    sandbox.github.may_read = False

    with pytest.raises(PermanentError):
        doors.user_reviewer.read()


LIMITS = [
    ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"}, "", 86_400),
    ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, "", 60),
    ({"Retry-After": "7"}, "", 7),
    ({"Retry-After": "7"}, "You have exceeded a secondary rate limit.", 7),
    ({"Retry-After": "90"}, "You have exceeded a secondary rate limit.", 90),
    ({}, "You have exceeded a secondary rate limit.", 60),
    ({}, "API rate limit exceeded for user ID 1.", 60),
]


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(("headers", "message", "wait"), LIMITS)
def test_a_rate_limit_passes_and_says_how_long(
    status: int,
    headers: dict[str, str],
    message: str,
    wait: float,
    sandbox: Sandbox,
    doors: Doors,
) -> None:
    fault = fails(status, body=f'{{"message": "{message}"}}', headers=headers)
    sandbox.faults.add(fault=fault, vendor="github")

    with pytest.raises(TransientError) as caught:
        doors.user_reviewer.read()

    assert caught.value.retry_after == wait


def test_a_response_that_is_not_ready_passes_at_once(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.faults.add(fault=fails(202, body="{}"), vendor="github", times=None)

    with pytest.raises(TransientError):
        doors.user_reviewer.read()

    assert len(sandbox.requests("github")) == 1


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_the_past_is_the_branchs_own_newest_first(sandbox: Sandbox, doors: Doors) -> None:
    git, before = sandbox.github.git, sandbox.github.head
    git.branches["other"] = before
    branch = sandbox.github.put_file("config/others.yml", "- name: Nora New\n", branch="other")
    main = sandbox.github.put_file("README.md", "other words")
    merge = git.put_commit(main.tree, (main.sha, branch.sha), at=main.at, message="Merge")
    git.branches["main"] = merge.sha

    past = doors.user_reviewer.past(merge.sha, since=LONG_AGO)
    recent = doors.user_reviewer.past(merge.sha, since=LONG_AGO, until=before)

    assert [one.sha for one in recent] == [merge.sha, main.sha]
    assert [one.sha for one in past[:3]] == [merge.sha, main.sha, before]
    assert branch.sha not in {one.sha for one in past}
    assert (past[0].parent, past[-1].parent) == (main.sha, None)


def test_a_long_past_comes_in_pages_and_ends_where_it_is_to(sandbox: Sandbox, doors: Doors) -> None:
    first = sandbox.github.head
    for number in range(130):
        sandbox.github.put_file("README.md", f"words {number}")
    sandbox.clear_requests()

    past = doors.user_reviewer.past(sandbox.github.head, since=LONG_AGO, until=first)

    assert len(past) == 130
    assert len(sandbox.requests("github")) == 2
    assert doors.user_reviewer.past(first, since=datetime.now(UTC) + timedelta(days=1)) == []


def test_the_lists_are_read_as_they_were(sandbox: Sandbox, doors: Doors) -> None:
    before = sandbox.github.head
    sandbox.github.put_file("config/others.yml", "- name: Nora New\n")
    now = doors.user_reviewer.read()
    sandbox.clear_requests()

    past = doors.user_reviewer.read_at(before)

    assert (past.commit, {one.path: one.text.decode() for one in past.files}) == (before, YAML)
    assert kinds(sandbox) == ["trees", "blobs"]
    assert doors.user_reviewer.read() is now


@pytest.mark.parametrize("body", ["{}", '[{"sha": "x"}]', "<html>"])
def test_a_past_in_another_shape_is_passing(sandbox: Sandbox, doors: Doors, body: str) -> None:
    response = fails(200, body=body, headers={"Content-Type": "application/json"})
    sandbox.faults.add(fault=response, vendor="github", path="/commits$")

    with pytest.raises(TransientError):
        doors.user_reviewer.past(sandbox.github.head, since=LONG_AGO)
