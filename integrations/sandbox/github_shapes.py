"""GitHub's JSON of a repository and its owner, with all their addresses."""

from integrations.sandbox.messages import Json

API = "https://api.github.com"
REPOSITORY_ID = 1296269
_OF_REPOSITORY = {
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "contributors": "contributors",
    "deployments": "deployments",
    "downloads": "downloads",
    "events": "events",
    "forks": "forks",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "hooks": "hooks",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "languages": "languages",
    "merges": "merges",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "stargazers": "stargazers",
    "statuses": "statuses/{sha}",
    "subscribers": "subscribers",
    "subscription": "subscription",
    "tags": "tags",
    "teams": "teams",
    "trees": "git/trees{/sha}",
}
_OF_OWNER = {
    "events": "events{/privacy}",
    "followers": "followers",
    "following": "following{/other_user}",
    "gists": "gists{/gist_id}",
    "organizations": "orgs",
    "received_events": "received_events",
    "repos": "repos",
    "starred": "starred{/owner}{/repo}",
    "subscriptions": "subscriptions",
}


def repository_json(full_name: str, default_branch: str) -> Json:
    """Return a private repository that the token may read but not write to."""
    owner, name = full_name.split("/")
    url, page = f"{API}/repos/{full_name}", f"https://github.com/{full_name}"
    counts = ("forks", "open_issues", "watchers", "stargazers", "network", "subscribers")
    shown: Json = {f"{key}_url": f"{url}/{path}" for key, path in _OF_REPOSITORY.items()}
    shown |= {f"{key}_count": 0 for key in counts}
    shown |= dict.fromkeys(("forks", "open_issues", "watchers"), 0)
    shown |= {f"has_{key}": False for key in ("issues", "projects", "wiki", "pages", "discussions")}
    return shown | {
        "id": REPOSITORY_ID,
        "node_id": "MDEwOlJlcG9zaXRvcnkxMjk2MjY5",
        "name": name,
        "full_name": full_name,
        "private": True,
        "owner": _owner_json(owner),
        "html_url": page,
        "description": None,
        "fork": False,
        "url": url,
        "clone_url": f"{page}.git",
        "git_url": f"git:github.com/{full_name}.git",
        "ssh_url": f"git@github.com:{full_name}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": default_branch,
        "archived": False,
        "disabled": False,
        "size": 12,
        "created_at": "2019-01-26T19:01:12Z",
        "updated_at": "2026-11-02T09:14:43Z",
        "pushed_at": "2026-11-02T09:14:40Z",
        "permissions": {"admin": False, "push": False, "pull": True},
    }


def _owner_json(login: str) -> Json:
    url = f"{API}/users/{login}"
    return {f"{key}_url": f"{url}/{path}" for key, path in _OF_OWNER.items()} | {
        "login": login,
        "id": 596977,
        "node_id": "MDEyOk9yZ2FuaXphdGlvbjU5Njk3Nw==",
        "avatar_url": "https://avatars.githubusercontent.com/u/596977",
        "gravatar_id": "",
        "url": url,
        "html_url": f"https://github.com/{login}",
        "type": "Organization",
        "site_admin": False,
    }
