"""The command line: each command of `leavers`, with its options.

Each command is imported when it is run, so that none waits for what only others use.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.config.settings import Settings

# The exit code that shells show for a command that SIGPIPE ended.
PIPE_CLOSED = 141


# The exit code if the command line will not do.
WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the output, such as `head`, has had enough; what is still to be printed
        # must not complain of it again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="leavers",
        description="Turns leaver tickets in Zendesk into Trello cards and solved tickets.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, about: str) -> argparse.ArgumentParser:
        """Add a command; its own --help says what the list of commands says."""
        return commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")

    serve = add("serve", "answer Zendesk and operators, and process tickets")
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; %(default)s if it is not given"
    )
    serve.add_argument(
        "--port",
        type=_port,
        default=8000,
        help="port to listen on; %(default)s if it is not given, 0 for any",
    )
    serve.add_argument(
        "--no-worker", action="store_true", help="answer only; `leavers work` processes"
    )
    serve.set_defaults(command=_serve)

    work = add("work", "process tickets, without answering anybody")
    work.set_defaults(command=_work)

    process = add("process", "process one ticket, now")
    process.add_argument("ticket_id", type=_ticket_id, metavar="TICKET", help="its number")
    process.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would be done, and write nothing to Zendesk or Trello",
    )
    process.set_defaults(command=_process)

    check = add("check", "look whether settings, credentials, templates and lists are right")
    check.add_argument("--json", action="store_true", help="for machines")
    check.add_argument(
        "--setup",
        action="store_true",
        help="the webhook and the triggers, too; needs an administrator's credentials",
    )
    check.set_defaults(command=_check)

    _add_setup(add("setup", "make or fix what a vendor needs"))

    sweep = add("sweep", "find leaver tickets that no webhook brought")
    sweep.set_defaults(command=_sweep)

    pilot = add("pilot", "compare a dry run with what people did")
    pilot.add_argument(
        "--days",
        type=_days,
        default=14,
        help="how many to look back; %(default)s if it is not given",
    )
    pilot.add_argument("--format", choices=("text", "json", "csv"), default="text")
    pilot.set_defaults(command=_pilot)

    report = add("report", "print what was done in a period, for auditors")
    report.add_argument("--from", dest="first", type=_day, metavar="DATE", help="YYYY-MM-DD")
    report.add_argument("--to", dest="last", type=_day, metavar="DATE", help="YYYY-MM-DD, included")
    report.add_argument("--format", choices=("csv", "json"), default="csv")
    report.add_argument("--verify", action="store_true", help="is the history as it was written?")
    report.set_defaults(command=_report)

    demo = add("demo", "see the main job done, on made-up people")
    demo.add_argument("--keep", action="store_true", help="leave all of it running at the end")
    demo.set_defaults(command=_demo)
    return parser


def _add_setup(setup: argparse.ArgumentParser) -> None:
    vendors = setup.add_subparsers(required=True, metavar="VENDOR")
    zendesk = vendors.add_parser(
        "zendesk",
        help="the webhook and the triggers",
        description="Make or fix the webhook and the triggers in Zendesk. Without --apply, what "
        "would be done is only shown.",
    )
    zendesk.add_argument(
        "--url", required=True, help="where Zendesk reaches the service: https://…"
    )
    zendesk.add_argument("--apply", action="store_true", help="do it; otherwise it is only shown")
    zendesk.add_argument(
        "--secret-file", type=Path, metavar="FILE", help="put the signing secret there, mode 0600"
    )
    zendesk.add_argument("--print-secret", action="store_true", help="show the signing secret")
    zendesk.set_defaults(command=_setup_zendesk)


@contextlib.contextmanager
def _imports_that_stay() -> Iterator[None]:
    """Import what a process keeps until it ends, out of the garbage collector's sight for good.

    So the process starts sooner, and no full collection stops the answers to webhooks for as long
    as a look at some 120,000 objects of modules takes; see docs/benchmarks.md.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _serve(options: argparse.Namespace) -> int:
    with _imports_that_stay():
        settings = _settings(has_webhook=True)
        from service.commands.serve import serve  # noqa: PLC0415

    return serve(settings, host=options.host, port=options.port, works=not options.no_worker)


def _work(_: argparse.Namespace) -> int:
    with _imports_that_stay():
        settings = _settings(has_webhook=True)
        from service.commands.serve import work  # noqa: PLC0415

    return work(settings)


def _process(options: argparse.Namespace) -> int:
    from service.commands.one_ticket import process_one, show_one  # noqa: PLC0415

    run = show_one if options.dry_run else process_one
    return run(_settings_with_warnings(), options.ticket_id)


def _check(options: argparse.Namespace) -> int:
    from service.commands.check import check  # noqa: PLC0415

    # What is unknown is one of its findings.
    return check(_settings(), as_json=options.json, looks_at_setup=options.setup)


def _setup_zendesk(options: argparse.Namespace) -> int:
    from service.commands.setup import set_up_zendesk  # noqa: PLC0415
    from service.config.environment import or_exit, read_setup_settings  # noqa: PLC0415

    settings = or_exit(read_setup_settings)
    _warn_of_unknown_settings()
    return or_exit(
        lambda: set_up_zendesk(
            settings,
            url=options.url,
            is_applied=options.apply,
            secret_file=options.secret_file,
            is_secret_printed=options.print_secret,
        )
    )


def _sweep(_: argparse.Namespace) -> int:
    from service.commands.sweep import sweep_once  # noqa: PLC0415

    return sweep_once(_settings_with_warnings())


def _pilot(options: argparse.Namespace) -> int:
    from service.commands.pilot import report_pilot  # noqa: PLC0415

    return report_pilot(_settings_with_warnings(), days=options.days, form=options.format)


def _report(options: argparse.Namespace) -> int:
    first, last = options.first, options.last
    is_period = first is not None and last is not None
    if (first or last or not options.verify) and not is_period:
        sys.stderr.write("report needs --from and --to, or --verify\n")
        return WRONG_USE
    if is_period and first > last:
        sys.stderr.write("--from is after --to\n")
        return WRONG_USE
    from service.commands.report import print_report  # noqa: PLC0415

    return print_report(
        _settings_with_warnings(),
        first=first,
        last=last,
        form=options.format,
        verifies=options.verify,
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    from service.domain.dates import EARLIEST_DAY, LATEST_DAY  # noqa: PLC0415

    is_day = day is not None and EARLIEST_DAY <= day <= LATEST_DAY
    if day is None or not is_day or len(text) != len("2026-11-01"):
        raise argparse.ArgumentTypeError("it is not a day such as 2026-11-30")
    return day


def _demo(options: argparse.Namespace) -> int:
    from service.commands.demo import demo  # noqa: PLC0415

    return demo(keep=options.keep)


def _settings(*, has_webhook: bool = False) -> Settings:
    """Read the settings; most commands may run before the webhook is made."""
    from service.config.environment import or_exit, read_settings  # noqa: PLC0415

    return or_exit(lambda: read_settings(has_webhook=has_webhook))


def _settings_with_warnings() -> Settings:
    settings = _settings()
    _warn_of_unknown_settings()
    return settings


def _warn_of_unknown_settings() -> None:
    from service.config.environment import unknown_settings  # noqa: PLC0415

    for unknown in unknown_settings():
        sys.stderr.write(f"{unknown}\n")


def _port(text: str) -> int:
    return _number(text, least=0, most=65_535, what="a port is a number")


def _days(text: str) -> int:
    return _number(text, least=1, most=3650, what="days are a whole number")


def _number(text: str, *, least: int, most: int, what: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= len(str(most)) else -1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{what} from {least} to {most}")
    return number


def _ticket_id(text: str) -> int:
    from service.domain.ticket import read_ticket_id  # noqa: PLC0415

    ticket_id = read_ticket_id(text)
    if ticket_id is None:
        raise argparse.ArgumentTypeError("a ticket's number is a positive whole number")
    return ticket_id


if __name__ == "__main__":
    sys.exit(main())
