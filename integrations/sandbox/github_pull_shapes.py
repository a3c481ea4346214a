"""GitHub's JSON of refs, commits and pull requests."""

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_pulls import Pull, PullComment
from integrations.sandbox.github_repository import Commit
from integrations.sandbox.github_shapes import API
from integrations.sandbox.messages import Json


def ref_json(github: SandboxGithub, branch: str, sha: str) -> Json:
    """Return a branch as a ref."""
    return {
        "ref": f"refs/heads/{branch}",
        "node_id": "REF_kwDOABPHjatyZWZzL2hlYWRzL21haW4",
        "url": _url(github, f"/git/refs/heads/{branch}"),
        "object": {"sha": sha, "type": "commit", "url": _url(github, f"/git/commits/{sha}")},
    }


def git_commit_json(github: SandboxGithub, commit: Commit) -> Json:
    """Return a commit as the git database shows it."""
    name, _, address = commit.author.rstrip(">").partition(" <")
    person = {"name": name, "email": address, "date": iso_seconds(commit.at)}
    page = f"https://github.com/{github.repository}/commit"
    return {
        "sha": commit.sha,
        "node_id": "MDY6Q29tbWl0",
        "url": _url(github, f"/git/commits/{commit.sha}"),
        "html_url": f"{page}/{commit.sha}",
        "author": person,
        "committer": person,
        "message": commit.message,
        "tree": {"sha": commit.tree, "url": _url(github, f"/git/trees/{commit.tree}")},
        "parents": [
            {"sha": sha, "url": _url(github, f"/git/commits/{sha}"), "html_url": f"{page}/{sha}"}
            for sha in commit.parents
        ],
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }


def pull_json(github: SandboxGithub, one: Pull) -> Json:
    """Return a pull request as a list shows it."""
    page = f"https://github.com/{github.repository}/pull/{one.number}"
    tip = github.git.branches.get(one.head, one.head_sha)
    return {
        "url": _url(github, f"/pulls/{one.number}"),
        "id": 700_000 + one.number,
        "node_id": one.node_id,
        "html_url": page,
        "diff_url": f"{page}.diff",
        "issue_url": _url(github, f"/issues/{one.number}"),
        "comments_url": _url(github, f"/issues/{one.number}/comments"),
        "number": one.number,
        "state": one.state,
        "locked": False,
        "title": one.title,
        "user": user_json(one.user),
        "body": one.body or None,
        "labels": [{"id": 1, "name": name, "color": "ededed"} for name in one.labels],
        "draft": one.draft,
        "created_at": iso_seconds(one.created_at),
        "updated_at": iso_seconds(one.closed_at or one.created_at),
        "closed_at": iso_seconds(one.closed_at) if one.closed_at else None,
        "merged_at": iso_seconds(one.closed_at) if one.is_merged and one.closed_at else None,
        "merge_commit_sha": one.merge_commit,
        "requested_reviewers": [user_json((login, 1)) for login in one.reviewers],
        "requested_teams": [{"slug": slug, "name": slug} for slug in one.teams],
        "head": _side(github, one.head, one.head_sha if one.state == "closed" else tip),
        "base": _side(github, one.base, github.git.branches.get(one.base, "")),
    }


def whole_pull_json(github: SandboxGithub, one: Pull) -> Json:
    """Return a pull request as it is shown alone: whether it can be merged is among it."""
    mergeable = github.pulls.mergeable(one)
    state = {True: "clean", False: "dirty", None: "unknown"}[mergeable]
    return pull_json(github, one) | {
        "merged": one.is_merged,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": "draft" if one.draft else state,
        "merged_by": user_json(one.merged_by) if one.merged_by else None,
        "comments": len(one.comments),
        "commits": 1,
    }


def comment_json(github: SandboxGithub, one: PullComment, number: int) -> Json:
    """Return a comment of a pull request."""
    return {
        "id": one.id,
        "url": _url(github, f"/issues/comments/{one.id}"),
        "html_url": f"https://github.com/{github.repository}/pull/{number}#issuecomment-{one.id}",
        "body": one.body,
        "user": user_json(one.user),
        "created_at": iso_seconds(one.at),
        "updated_at": iso_seconds(one.at),
    }


def user_json(user: tuple[str, int]) -> Json:
    """Return a user, given by login and id."""
    login, number = user
    return {"login": login, "id": number, "type": "User", "html_url": f"https://github.com/{login}"}


def _side(github: SandboxGithub, branch: str, sha: str) -> Json:
    owner = github.repository.partition("/")[0]
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": {"login": owner, "id": 596977, "type": "Organization"},
        "repo": {"full_name": github.repository, "private": github.is_private},
    }


def _url(github: SandboxGithub, rest: str) -> str:
    return f"{API}/repos/{github.repository}{rest}"
