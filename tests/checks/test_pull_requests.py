"""`leavers check` says what a removal pull request needs, and what the second token must not do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from integrations.github.pull_requests import PullRequests
from integrations.github.repository_writer import RepositoryWriter
from integrations.http.policy import CallPolicy
from integrations.sandbox import Sandbox
from service.checks.findings import Finding
from service.checks.pull_requests import pull_request_findings
from service.config.settings import Settings

POLICY = CallPolicy(timeout=60, before_call=lambda _: None, after_call=lambda *_: None)


def findings(
    sandbox: Sandbox, environment: dict[str, str], *, days: int = 300, **changes: str
) -> dict[str, Finding]:
    given = environment | {
        "REMOVAL_PULL_REQUESTS": "true",
        "GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token,
        "PULL_REQUEST_REVIEWERS": "olu-owner,team:govuk-platform",
        "PULL_REQUEST_LABEL": "leaver",
        **changes,
    }
    settings = Settings.model_validate({name.lower(): value for name, value in given.items()})
    pulls = PullRequests(
        RepositoryWriter(
            token=sandbox.github.pull_request_token,
            url=sandbox.github.url,
            repository=sandbox.github.repository,
            branch=None,
            policy=POLICY,
        )
    )
    end = datetime.now(UTC) + timedelta(days=days)
    found = pull_request_findings(settings, pulls, ends_at=lambda: end)
    return {one.check: one for one in found}


def test_all_is_well_if_all_is_there(sandbox: Sandbox, environment: dict[str, str]) -> None:
    found = findings(sandbox, environment)

    assert [one.ok for one in found.values()] == [True] * 6
    assert found["base branch"] == replace(found["base branch"], detail="main is protected")
    assert found["reviewers"].detail == "may be asked: olu-owner"
    assert "not looked at: govuk-platform. " in found["reviewing teams"].detail
    assert [one.method for one in sandbox.requests("github") if one.method != "GET"] == []


def test_what_is_not_right_is_named(sandbox: Sandbox, environment: dict[str, str]) -> None:
    sandbox.github.pulls.protected.clear()
    found = findings(
        sandbox, environment, days=3, PULL_REQUEST_REVIEWERS="jdoe", PULL_REQUEST_LABEL="none"
    )
    wrong = {name for name, one in found.items() if not one.ok}

    assert wrong == {
        "base branch",
        "reviewers",
        "pull request label",
        "GitHub token for pull requests",
    }
    assert "Protect it" in found["base branch"].detail
    assert "jdoe" in found["reviewers"].detail
    assert "GITHUB_PULL_REQUEST_TOKEN" in found["GitHub token for pull requests"].detail


def test_a_public_repository_stops_the_other_checks(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    sandbox.github.is_private = False
    found = findings(sandbox, environment)

    assert "public" in found["repository for pull requests"].detail
    assert not found["base branch"].ok
