"""Are the access lists right? The repository, and each file with how many people it has."""

from collections.abc import Iterator
from functools import partial

from integrations.github.user_reviewer import ListFile, Lists, UserReviewer
from service.checks.findings import Check, Finding, Wrong, find
from service.config.rules import tech_file
from service.config.settings import Settings
from service.domain.access_lists.entries import UnreadableList, entries_from_yaml, holds_nothing

LISTS = "access lists"


def list_findings(settings: Settings, reviewer: UserReviewer) -> Iterator[Finding]:
    """Look at the repository, and at each list in it."""
    read: list[Lists] = []

    def look() -> str:
        read.append(reviewer.read())
        return _where(settings, read[0])

    yield find(Check(name=LISTS, look=look))
    for lists in read:
        for file in lists.files:
            is_tech = file.path == tech_file(settings)
            yield find(Check(name=file.path, look=partial(_people, file, is_tech=is_tech)))


def _where(settings: Settings, lists: Lists) -> str:
    wanted = tech_file(settings)
    if all(file.path != wanted for file in lists.files):
        raise Wrong(
            f"{wanted} is not there. Put it back, or fix USER_REVIEWER_DIRECTORY or "
            "USER_REVIEWER_TECH_FILE."
        )
    branch = settings.user_reviewer_branch or "the default branch"
    return f"{settings.user_reviewer_repository}, {branch}, at {lists.commit[:7]}"


def _people(file: ListFile, *, is_tech: bool) -> str:
    try:
        entries = entries_from_yaml(file.text, file=file.path)
    except UnreadableList as problem:
        raise Wrong(f"{problem}. Fix the file in the repository.") from None
    if entries:
        return f"{len(entries)} people"
    if is_tech or holds_nothing(file.text):
        raise Wrong(
            f"{file.path} contains no people. Look at its last change: put the people back, or "
            "remove the file if no people belong there."
        )
    return "no people in it, but other things"
