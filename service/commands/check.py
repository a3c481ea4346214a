"""`leavers check`: are settings, credentials, templates and lists right? Nothing is written."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

from service.checks.clocks import clock_findings
from service.checks.database import database_finding
from service.checks.findings import Finding
from service.checks.github import token_finding
from service.checks.lists import LISTS, list_findings
from service.checks.pull_requests import held_up_finding, pull_request_findings
from service.checks.setup import setup_findings
from service.checks.signing_secret import signing_secret_finding
from service.checks.trello import trello_findings
from service.checks.zendesk import zendesk_findings
from service.commands.console import DONE, FAILED
from service.config.environment import read_setup_settings, unknown_settings
from service.config.settings import Settings
from service.guard.vendors import (
    github_token_ends_at,
    read_only_vendors,
    second_token_ends_at,
    setup_vendors,
)


def check(settings: Settings, *, as_json: bool, looks_at_setup: bool) -> int:
    """Run every check, print what was found, and return the exit code.

    Args:
        settings: what is checked.
        as_json: for machines.
        looks_at_setup: look at the webhook and the triggers, too, as an administrator.
    """
    findings = []
    for finding in all_findings(settings, looks_at_setup=looks_at_setup):
        findings.append(finding)
        if not as_json:
            sys.stdout.write(f"{'✓' if finding.ok else '✗'} {finding.check}: {finding.detail}\n")
            sys.stdout.flush()
    if as_json:
        found = [asdict(finding) for finding in findings]
        sys.stdout.write(f"{json.dumps(found, indent=2, ensure_ascii=False)}\n")
    return DONE if all(finding.ok for finding in findings) else FAILED


def all_findings(settings: Settings, *, looks_at_setup: bool) -> Iterator[Finding]:
    """Run every check; none of them writes anything to a vendor or to the database."""
    admin = setup_vendors(read_setup_settings())[1] if looks_at_setup else None
    vendors = read_only_vendors(settings)
    yield from unknown_findings()
    yield dry_run_finding(settings)
    database = database_finding(settings.database_url.get_secret_value())
    yield database
    yield from zendesk_findings(settings, vendors.zendesk_account)
    yield signing_secret_finding(settings)
    if admin:
        yield from setup_findings(settings, admin)
    for finding in list_findings(settings, vendors.reviewer):
        yield finding
        if finding.check == LISTS and finding.ok:
            yield token_finding(partial(github_token_ends_at, settings, vendors))
    if vendors.pulls:
        yield from pull_request_findings(
            settings,
            vendors.pulls,
            ends_at=partial(second_token_ends_at, settings, vendors),
        )
        if database.ok:
            yield held_up_finding(settings.database_url.get_secret_value())
    yield from trello_findings(settings, vendors.trello, vendors.trello_account)
    yield from clock_findings(settings, vendors.policy)


def unknown_findings() -> Iterator[Finding]:
    """Name what is set and is not a setting."""
    for unknown in unknown_settings():
        yield Finding(check=unknown.what, ok=False, detail=f"{unknown.problem}.")


def dry_run_finding(settings: Settings) -> Finding:
    """Say whether the service writes to the vendors."""
    detail = (
        "DRY_RUN is on: nothing is written to Zendesk or Trello"
        if settings.dry_run
        else "DRY_RUN is off: the service writes to Zendesk and Trello"
    )
    return Finding(check="dry run", ok=True, detail=detail)
