"""Running the service for real: answering, working, or both, until asked to stop."""

import asyncio
import errno
import signal
import socket
from typing import NoReturn

import uvicorn

from service.app import create_app
from service.bootstrap import build_service
from service.commands.console import DONE, FAILED, database_problem, print_problem
from service.config.settings import Settings
from service.desk.links import Links
from service.lifespan import prepare_database, running
from service.observability.logs import configure_logs
from service.records.database import DatabaseError, SchemaError

# What is still being answered when the process is asked to stop has this long, in seconds.
ANSWERING_GRACE = 5
# Longer than a load balancer keeps an idle connection, in seconds: if this end closed first, a
# webhook could meet a connection that is being closed. Amazon's keeps one for 60, Google's for 600:
# https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
KEEP_ALIVE = 620


def serve(
    settings: Settings, *, host: str, port: int, works: bool, links: Links | None = None
) -> int:
    """Answer Zendesk and operators, and process tickets if `works`; return the exit code.

    Args:
        settings: of the service.
        host: where to listen.
        port: the same.
        works: whether tickets are processed, too.
        links: see `create_app`.
    """
    configure_logs()
    try:
        prepare_database(settings)
    except (DatabaseError, SchemaError) as error:
        # Reported here in one line: within the server it would be a traceback in the log.
        print_problem(database_problem(error))
        return FAILED
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings, works=works, links=links),
            host=host,
            port=port,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=ANSWERING_GRACE,
            timeout_keep_alive=KEEP_ALIVE,
            # The application looks at its own setting.
            proxy_headers=False,
        )
    )
    # The server takes the signal, ends in good order and then sends it to itself once more.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    try:
        server.run()
    except SystemExit as ended:
        if ended.code == DONE:
            return DONE
        print_problem(f"The service can't be served at {host}:{port}: {_hindrance(host, port)}")
        return FAILED
    return DONE if server.started else FAILED


def _hindrance(host: str, port: int) -> str:
    """Say why the address can't be listened on, by trying once more."""
    not_here = (
        "--host is not an address of this machine. Take 127.0.0.1, or 0.0.0.0 for all of its own."
    )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listening:
            listening.bind(address)
    except socket.gaierror:
        return not_here
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return not_here
        if error.errno == errno.EACCES:
            return "this user may not listen on that port. Take one from 1024 on."
    return "is something else there already?"


def _end(*_: object) -> NoReturn:
    raise SystemExit(DONE)


def work(settings: Settings) -> int:
    """Process tickets until asked to stop; return the exit code."""
    configure_logs()
    try:
        asyncio.run(_work(settings))
    except (DatabaseError, SchemaError) as error:
        print_problem(database_problem(error))
        return FAILED
    return DONE


async def _work(settings: Settings) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with running(build_service(settings), works=True):
        await ended.wait()
