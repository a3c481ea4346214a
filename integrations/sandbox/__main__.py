"""The sandbox alone, as a process of its own: ``python -m integrations.sandbox``."""

import argparse
import signal
import sys
import threading

from integrations.sandbox.sandbox import Sandbox


def main() -> int:
    """Run until SIGINT or SIGTERM; print the settings that connect a service."""
    parser = argparse.ArgumentParser(prog="python -m integrations.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen")
    parser.add_argument(
        "--ports",
        default="0,0,0",
        help="of Zendesk, GitHub and Trello, such as 8001,8002,8003; 0 for any free one",
    )
    parser.add_argument("--postgres", action="store_true", help="start a PostgreSQL, too")
    chosen = parser.parse_args()
    zendesk, github, trello = (int(port) for port in chosen.ports.split(","))
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    sandbox = Sandbox(
        host=chosen.host,
        ports=(zendesk, github, trello),
        postgres=chosen.postgres,
        postgres_tcp=chosen.postgres,
    )
    with sandbox:
        lines = [f"{name}={value}" for name, value in sandbox.settings().items()]
        sys.stdout.write("\n".join([*lines, f"# Look at {sandbox.zendesk.url}/", ""]))
        sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
