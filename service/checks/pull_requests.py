"""May removal pull requests be opened, and may nobody but people merge them?"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from integrations.github.pull_requests import PullRequests
from integrations.github.repository_setup import RepositorySetup
from service.checks.findings import Check, Finding, Wrong, find, find_all
from service.checks.github import token_finding
from service.config.settings import Settings
from service.records.database import Database, DatabaseError
from service.records.database_errors import describe_error
from service.records.removal_problems import RemovalProblems

_TEAM = "team:"
_MOST_TICKETS = 10


def pull_request_findings(
    settings: Settings, pulls: PullRequests, *, ends_at: Callable[[], datetime | None]
) -> Iterator[Finding]:
    """Look at what the second token sees of the repository, and at when it ends."""
    checks = [Check(name="base branch", look=partial(_base, pulls.setup))]
    users = [one for one in settings.pull_request_reviewers if not one.startswith(_TEAM)]
    teams = [one.removeprefix(_TEAM) for one in settings.pull_request_reviewers if one not in users]
    if users:
        checks.append(Check(name="reviewers", look=partial(_reviewers, pulls.setup, users)))
    if teams:
        checks.append(Check(name="reviewing teams", look=partial(_teams, teams)))
    if label := settings.pull_request_label:
        checks.append(Check(name="pull request label", look=partial(_label, pulls.setup, label)))
    repository = Check(name="repository for pull requests", look=partial(_repository, pulls.setup))
    yield from find_all(repository, checks)
    yield token_finding(
        ends_at, name="GitHub token for pull requests", setting="GITHUB_PULL_REQUEST_TOKEN"
    )


def held_up_finding(url: str) -> Finding:
    """Look in the database for removals that the service could not bring further."""
    return find(Check(name="removals", look=partial(_held_up, url)))


def _held_up(url: str) -> str:
    database = Database(url, most_connections=1)
    database.open()
    try:
        problems = RemovalProblems(database).all()
    except DatabaseError as error:
        raise Wrong(describe_error(error)) from None
    finally:
        database.close()
    if not problems:
        return "none is held up"
    said = [
        f"{one.problem} This holds up {_tickets(one.tickets)}, seen last on "
        f"{one.at:%d %B at %H:%M} UTC; the next sweep goes on once it is fixed."
        for one in problems
    ]
    raise Wrong(" ".join(said))


def _tickets(tickets: Sequence[int]) -> str:
    named = ", ".join(map(str, tickets[:_MOST_TICKETS]))
    more = len(tickets) - _MOST_TICKETS
    what = "the ticket" if len(tickets) == 1 else "the tickets"
    return f"{what} {named} and {more} more" if more > 0 else f"{what} {named}"


def _repository(setup: RepositorySetup) -> str:
    if not setup.is_private():
        raise Wrong(
            "The repository is public, so that a pull request would show everybody who leaves. "
            "Make it private, or set REMOVAL_PULL_REQUESTS to false."
        )
    return "visible with the second token, and private"


def _base(setup: RepositorySetup) -> str:
    base = setup.base()
    if not setup.is_protected(base):
        raise Wrong(
            f"The branch {base} is not protected, so that the second token could write to it. "
            "Protect it, with a review required before a merge."
        )
    return f"{base} is protected"


def _reviewers(setup: RepositorySetup, users: Sequence[str]) -> str:
    unknown = [name for name in users if not setup.is_collaborator(name)]
    if unknown:
        raise Wrong(
            f"Not collaborators of the repository: {', '.join(unknown)}. GitHub then asks nobody. "
            "Check PULL_REQUEST_REVIEWERS."
        )
    return f"may be asked: {', '.join(users)}"


def _teams(teams: Sequence[str]) -> str:
    """Say what can't be known: only a token with a right in the organisation may see its teams.

    https://docs.github.com/en/rest/teams/teams#get-a-team-by-name
    """
    return (
        f"not looked at: {', '.join(teams)}. A token for one repository can't see teams. Look on "
        "GitHub whether each has access to the repository (Settings, Collaborators and teams): if "
        "one has not, GitHub asks nobody, and the log says so at each pull request"
    )


def _label(setup: RepositorySetup, label: str) -> str:
    if not setup.has_label(label):
        raise Wrong("The repository has no such label. Make it, or correct PULL_REQUEST_LABEL.")
    return "it exists"
