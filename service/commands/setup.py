"""`leavers setup zendesk`: shows what it would do, and does it with `--apply`."""

import sys
from contextlib import ExitStack
from pathlib import Path

from service.commands.console import DONE, FAILED, print_outside_failure, print_problem
from service.commands.secret_file import SecretFile
from service.config.addresses import is_on_this_machine, parts_of
from service.config.environment import SettingsError
from service.config.settings import SetupSettings
from service.domain.errors import OutsideError
from service.guard.vendors import setup_vendors
from service.zendesk_setup.apply import NotUndone, Wanted, ZendeskSetup
from service.zendesk_setup.desired import PATH, FoundSetup


def set_up_zendesk(
    settings: SetupSettings,
    *,
    url: str,
    is_applied: bool,
    secret_file: Path | None,
    is_secret_printed: bool,
) -> int:
    """Make or fix the webhook and the triggers, and return the exit code.

    Args:
        settings: with an administrator's credentials, unless the service's agent is one.
        url: where Zendesk reaches the service from outside.
        is_applied: do it; otherwise it is only shown.
        secret_file: where the signing secret is put, for its owner alone.
        is_secret_printed: show the signing secret.
    """
    endpoint = _endpoint(url)
    if (secret_file or is_secret_printed) and not is_applied:
        raise SettingsError(
            "--secret-file and --print-secret need --apply: showing the plan fetches no secret"
        )
    try:
        setup = _setup(settings, endpoint)
        found = setup.look()
        steps = setup.steps(found)
        _show_plan(steps, found)
        if is_applied:
            secret = _apply(setup, found, secret_file)
            _show_end(secret if is_secret_printed else None, secret_file)
        elif steps:
            sys.stdout.write("Nothing was changed: add --apply to do it.\n")
    except NotUndone as error:
        print_problem(error.failure)
        print_problem(
            "What had been made could not be taken back. Run this again once Zendesk can be "
            "reached: it goes on from there."
        )
        return FAILED
    except OutsideError as error:
        print_outside_failure(error)
        print_problem("Nothing in Zendesk was changed.")
        return FAILED
    except OSError as error:
        print_problem(
            f"The secret's file can't be written ({error.strerror}). Check --secret-file."
        )
        return FAILED
    return DONE


def _apply(setup: ZendeskSetup, found: FoundSetup, secret_file: Path | None) -> str:
    """Carry the set-up out, and return the signing secret; its file is opened before that."""
    with ExitStack() as stack:
        file = stack.enter_context(SecretFile(secret_file)) if secret_file else None
        secret = setup.apply(found)
        if file:
            file.write(secret)
    return secret


def _setup(settings: SetupSettings, endpoint: str) -> ZendeskSetup:
    account, admin = setup_vendors(settings)
    wanted = Wanted(
        endpoint=endpoint, tag=settings.zendesk_leaver_tag, service_user=account.me().id
    )
    return ZendeskSetup(admin, wanted)


def _endpoint(url: str) -> str:
    parts = parts_of(url)
    if not parts or not (parts.scheme == "https" or is_on_this_machine(parts)):
        raise SettingsError(
            "--url must begin with https://, as in https://leavers.example.gov.uk: "
            "Zendesk calls nothing else"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError("--url must be scheme, host, port and path alone")
    return f"{url.rstrip('/').removesuffix(PATH)}{PATH}"


def _show_plan(steps: tuple[str, ...], found: FoundSetup) -> None:
    for step in steps or ("nothing: all is as it should be",):
        sys.stdout.write(f"To do: {step}\n")
    for other in found.other_webhooks:
        sys.stdout.write(
            f"Not changed: the webhook {other.id} calls a service like this, too, and was not made "
            "here. If it is an earlier one of yours, delete it and its trigger by hand.\n"
        )


def _show_end(secret: str | None, secret_file: Path | None) -> None:
    sys.stdout.write("Done.\n")
    if secret_file:
        sys.stdout.write(f"The signing secret is in {secret_file}: it is ZENDESK_WEBHOOK_SECRET.\n")
    if secret:
        sys.stdout.write(f"ZENDESK_WEBHOOK_SECRET={secret}\n")
    if not secret and not secret_file:
        sys.stdout.write(
            "For the signing secret, run this again with --apply and with --secret-file FILE or "
            "--print-secret.\n"
        )
