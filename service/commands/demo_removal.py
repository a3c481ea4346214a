"""The demo's last scene: the leaving date comes, and a pull request proposes the removal."""

import sys
from datetime import UTC, datetime, timedelta

from integrations.sandbox.github_pulls import Pull
from integrations.sandbox.pull_pages import diff_of
from integrations.sandbox.sandbox import Sandbox
from service.commands.demo_report import Shown
from service.commands.demo_stories import sweep


def removal_settings(sandbox: Sandbox) -> dict[str, str]:
    """Return the settings that switch removal pull requests on."""
    return {
        "REMOVAL_PULL_REQUESTS": "true",
        "GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token,
        "PULL_REQUEST_REVIEWERS": "olu-owner",
        "PULL_REQUEST_LABEL": "leaver",
    }


def show_removal(sandbox: Sandbox, shown: Shown) -> bool:
    """Let the leaving date of one leaver come, and print the pull request.

    Args:
        sandbox: the vendors.
        shown: a leaver whose card was made; somebody moves its due date to yesterday.

    Returns:
        Whether there is one pull request, whose diff takes lines out and changes nothing else.
    """
    if shown.card is None:
        sys.stdout.write("NOT EXPECTED: there is no card whose removal could be shown.\n")
        return False
    yesterday = datetime.now(UTC) - timedelta(days=1)
    shown.card.due = yesterday.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    sweep(sandbox, **removal_settings(sandbox))
    branch = f"leaver-ticket-{shown.ticket.id}"
    pulls = [one for one in sandbox.github.pulls.all.values() if one.head == branch]
    sys.stdout.write("\n".join(["", *_lines(sandbox, shown, pulls), ""]))
    is_right = len(pulls) == 1 and _only_removes(diff_of(pulls[0], sandbox.github.pulls))
    if not is_right:
        sys.stdout.write("NOT EXPECTED: one pull request, which takes lines out and adds none.\n")
    sys.stdout.flush()
    return is_right


def _lines(sandbox: Sandbox, shown: Shown, pulls: list[Pull]) -> list[str]:
    title = "The leaving date comes: what a reviewer sees"
    lines = [
        title,
        "=" * len(title),
        "",
        f"Somebody moves the due date of “{shown.card.name if shown.card else ''}” to yesterday.",
        "The service opens a pull request. It never merges.",
        "",
    ]
    for one in pulls:
        lines.append(f"Pull request #{one.number}  {one.title}")
        lines.append(f"  {one.head} → {one.base}, {'draft' if one.draft else one.state}")
        if one.reviewers:
            lines.append(f"  reviews asked of {', '.join(one.reviewers)}")
        body = one.body.splitlines()
        diff = diff_of(one, sandbox.github.pulls).splitlines()
        lines += ["", *(f"  {line}" for line in (*body, "", *diff))]
    return lines


def _only_removes(diff: str) -> bool:
    body = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@"))]
    return any(line.startswith("-") for line in body) and not any(
        line.startswith("+") for line in body
    )
