"""May removal pull requests be opened, and may nobody but people merge them?"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from integrations.github.pull_requests import PullRequests
from service.checks.findings import Check, Finding, Wrong, find_all
from service.checks.github import token_finding
from service.config.settings import Settings

_TEAM = "team:"


def pull_request_findings(
    settings: Settings, pulls: PullRequests, *, ends_at: Callable[[], datetime | None]
) -> Iterator[Finding]:
    """Look at what the second token sees of the repository, and at when it ends."""
    checks = [Check(name="base branch", look=partial(_base, pulls))]
    if settings.pull_request_reviewers:
        reviewers = settings.pull_request_reviewers
        checks.append(Check(name="reviewers", look=partial(_reviewers, pulls, reviewers)))
    if label := settings.pull_request_label:
        checks.append(Check(name="pull request label", look=partial(_label, pulls, label)))
    repository = Check(name="repository for pull requests", look=partial(_repository, pulls))
    yield from find_all(repository, checks)
    yield token_finding(
        ends_at, name="GitHub token for pull requests", setting="GITHUB_PULL_REQUEST_TOKEN"
    )


def _repository(pulls: PullRequests) -> str:
    if not pulls.is_private():
        raise Wrong(
            "The repository is public, so that a pull request would show everybody who leaves. "
            "Make it private, or set REMOVAL_PULL_REQUESTS to false."
        )
    return "visible with the second token, and private"


def _base(pulls: PullRequests) -> str:
    base = pulls.base()
    if not pulls.is_protected(base):
        raise Wrong(
            f"The branch {base} is not protected, so that the second token could write to it. "
            "Protect it, with a review required before a merge."
        )
    return f"{base} is protected"


def _reviewers(pulls: PullRequests, reviewers: tuple[str, ...]) -> str:
    users = [name for name in reviewers if not name.startswith(_TEAM)]
    unknown = [name for name in users if not pulls.is_collaborator(name)]
    if unknown:
        raise Wrong(
            f"Not collaborators of the repository: {', '.join(unknown)}. GitHub then asks nobody. "
            "Check PULL_REQUEST_REVIEWERS."
        )
    teams = len(reviewers) - len(users)
    beside = f"; {teams} teams, which this token can't look up" if teams else ""
    return f"{len(users)} collaborators{beside}"


def _label(pulls: PullRequests, label: str) -> str:
    if not pulls.has_label(label):
        raise Wrong("The repository has no such label. Make it, or correct PULL_REQUEST_LABEL.")
    return "it exists"
