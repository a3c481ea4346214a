"""Starts the service's command line in processes of their own: loaded once, then forked.

Orders come as lines of JSON on standard input: start a process, pause one, or ask whether one has
ended.
"""

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from typing import Any

import github  # noqa: F401 - loaded before the forks, for their sake
import pytest_socket

import service.app
import service.commands.check
import service.commands.one_ticket
import service.commands.serve  # noqa: F401 - loaded before the forks, for their sake
from service.cli import main

# What a service loads while it starts, of which its modules say nothing.
LATER = (
    "anyio._backends._asyncio",
    "govuk_frontend_jinja",
    "procrastinate.builtin_tasks",
    "pydantic.v1",
    "uvicorn.lifespan.on",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)


def obey() -> None:
    """Carry out one order a line, and answer each with a line."""
    for name in LATER:
        importlib.import_module(name)
    # The forks share these objects' memory as long as the collector does not touch them.
    gc.collect()
    gc.freeze()
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = _obey(order)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _obey(order: dict[str, Any]) -> int | None:
    if "pause" in order:
        return _pause(order["pause"])
    return _poll(order["poll"]) if "poll" in order else _start(order)


def _start(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(order)
    return pid


def _poll(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _pause(pid: int) -> int | None:
    """Return once all threads stand still: they go on for a moment after the signal is sent."""
    os.kill(pid, signal.SIGSTOP)
    _, status = os.waitpid(pid, os.WUNTRACED)
    return None if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status)


def _become(order: dict[str, Any]) -> None:
    os.setsid()
    for descriptor, name in enumerate((os.devnull, order["stdout"], order["stderr"])):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(name, flags, 0o600), descriptor)
    os.chdir(order["directory"])
    os.environ.clear()  # noqa: TID251 - the new process's own environment
    os.environ.update(order["environment"])  # noqa: TID251
    code: object = 1
    try:
        code = main(order["arguments"])
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as the interpreter would
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    obey()
