import base64

import pytest
import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.github_repository import blob_hash
from integrations.sandbox.samples import FILES
from tests.sandbox.conftest import Client

SHA_ONLY = {"Accept": "application/vnd.github.sha"}


def head(github: Client, **headers: str) -> requests.Response:
    return github.call("GET", "/commits/main", headers={**SHA_ONLY, **headers})


def test_the_head_is_one_line_and_costs_nothing_when_it_did_not_move(
    sandbox: Sandbox, github: Client
) -> None:
    first = head(github)
    again = head(github, **{"If-None-Match": first.headers["ETag"]})
    sandbox.github.put_file("config/new.yml", "- name: Nils Novak\n")
    moved = head(github, **{"If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"] == f'"{first.text}"'
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"]
    assert (moved.status_code, moved.text) == (200, sandbox.github.head)


def test_a_tree_lists_every_level_at_one_commit(sandbox: Sandbox, github: Client) -> None:
    sandbox.github.put_symlink("config/link.yml", "others.yml")
    sandbox.github.put_submodule("config/module")
    commit = sandbox.github.head
    sandbox.github.delete_file("config/others.yml")

    tree = github.get(f"/git/trees/{commit}", recursive=1).json()

    assert tree["truncated"] is False
    assert [(one["path"], one["mode"], one["type"]) for one in tree["tree"]] == [
        ("README.md", "100644", "blob"),
        ("config", "040000", "tree"),
        ("config/content", "040000", "tree"),
        ("config/content/editors.yaml", "100644", "blob"),
        ("config/govuk_tech.yml", "100644", "blob"),
        ("config/link.yml", "120000", "blob"),
        ("config/module", "160000", "commit"),
        ("config/others.yml", "100644", "blob"),
        ("config/roles.yml", "100644", "blob"),
    ]


def test_a_tree_can_be_walked_level_by_level(sandbox: Sandbox, github: Client) -> None:
    root = github.get(f"/git/trees/{sandbox.github.head}").json()["tree"]
    config = next(one["sha"] for one in root if one["path"] == "config")

    below = github.get(f"/git/trees/{config}").json()["tree"]

    assert [one["path"] for one in below] == [
        "content",
        "govuk_tech.yml",
        "others.yml",
        "roles.yml",
    ]


def test_a_tree_can_be_cut_off(sandbox: Sandbox, github: Client) -> None:
    sandbox.github.truncates_trees = True

    assert github.get("/git/trees/main", recursive=1).json()["truncated"] is True


def test_a_blob_is_known_by_gits_own_hash() -> None:
    # What `git hash-object` says of the same bytes.
    assert blob_hash(b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_blob_is_base64_in_lines_of_sixty(github: Client) -> None:
    text = FILES["config/others.yml"]
    sha = blob_hash(text.encode())

    blob = github.get(f"/git/blobs/{sha}").json()

    assert base64.b64decode(blob["content"]).decode() == text
    assert {len(line) for line in blob["content"].splitlines()[:-1]} == {60}


def test_contents_show_files_and_folders_at_a_ref(sandbox: Sandbox, github: Client) -> None:
    old = sandbox.github.head
    sandbox.github.put_file("config/others.yml", "[]\n")

    folder = github.get("/contents/config").json()
    before = github.get("/contents/config/others.yml", ref=old).json()

    assert [(one["name"], one["type"]) for one in folder] == [
        ("content", "dir"),
        ("govuk_tech.yml", "file"),
        ("others.yml", "file"),
        ("roles.yml", "file"),
    ]
    assert base64.b64decode(before["content"]).decode() == FILES["config/others.yml"]


def test_a_large_file_has_no_content_but_a_blob(sandbox: Sandbox, github: Client) -> None:
    sandbox.github.put_file("config/large.yml", b"#" * (1024 * 1024 + 1))

    shown = github.get("/contents/config/large.yml").json()

    assert (shown["content"], shown["encoding"]) == ("", "none")
    assert github.get(f"/git/blobs/{shown['sha']}").json()["size"] == 1024 * 1024 + 1


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/contents/config/", 404, "Not Found"),
        ("/contents/nothing.yml", 404, "Not Found"),
        ("/contents/config?ref=gone", 404, "No commit found for the ref gone"),
        ("/commits/gone", 422, "No commit found for SHA: gone"),
        ("/branches/gone", 404, "Branch not found"),
    ],
)
def test_what_is_not_there_is_named_in_githubs_words(
    github: Client, path: str, status: int, message: str
) -> None:
    answer = github.get(path)

    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_an_empty_repository_says_so(sandbox: Sandbox, github: Client) -> None:
    sandbox.github.reset()

    answers = [github.get("/contents/config"), github.get("/git/trees/main"), head(github)]

    assert [(one.status_code, one.json()["message"]) for one in answers] == [
        (404, "This repository is empty."),
        (409, "Git Repository is empty."),
        (409, "Git Repository is empty."),
    ]


def test_a_wrong_token_is_distinguished_from_a_missing_one(github: Client) -> None:
    github.session.headers["Authorization"] = "Bearer wrong"
    wrong = github.get("")
    del github.session.headers["Authorization"]
    absent = github.get("")

    assert (wrong.status_code, wrong.json()["message"]) == (401, "Bad credentials")
    assert (absent.status_code, absent.json()["message"]) == (404, "Not Found")


def test_missing_rights_hide_a_private_repository_or_its_contents(
    sandbox: Sandbox, github: Client
) -> None:
    sandbox.github.may_read_contents = False
    contents = github.get("/git/trees/main")
    sandbox.github.may_read = False
    repository = github.get("")

    assert (contents.status_code, contents.json()["message"]) == (
        403,
        "Resource not accessible by personal access token",
    )
    assert repository.status_code == 404


def test_a_renamed_repository_redirects_and_loses_the_query(
    sandbox: Sandbox, github: Client
) -> None:
    sandbox.github.renamed_from = "alphagov/old-name"

    answer = github.session.get(
        f"{github.base}/repos/alphagov/old-name/git/trees/main?recursive=1",
        allow_redirects=False,
        timeout=10,
    )

    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "https://api.github.com/repositories/1296269/git/trees/main",
    )
    by_id = github.session.get(f"{github.base}/repositories/1296269/git/trees/main", timeout=10)
    assert by_id.status_code == 200


def test_a_branch_and_its_ref_name_the_same_commit(sandbox: Sandbox, github: Client) -> None:
    sandbox.github.put_file("config/new.yml", "[]\n", branch="other")

    branch = github.get("/branches/other").json()
    ref = github.get("/git/ref/heads/other").json()

    assert branch["commit"]["sha"] == ref["object"]["sha"] != sandbox.github.head
