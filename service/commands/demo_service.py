"""The demo's service: the real one, whose pages link to the sandbox's page in place of the vendors.

Run as ``python -m service.commands.demo_service PORT SANDBOX``.
"""

import sys
from urllib.parse import quote

from service.commands.serve import serve
from service.config.environment import read_settings
from service.desk.links import Links


def links_to_sandbox(url: str) -> Links:
    """Return links that lead to the sandbox's page.

    Args:
        url: of any of its vendors: each shows the page.
    """
    return Links(
        ticket=lambda ticket_id: f"{url}/#ticket-{ticket_id}",
        card=lambda card_url: f"{url}/#card-{card_url.rpartition('/')[2]}",
        pull_request=lambda pull_url: f"{url}/#pull-{pull_url.rpartition('/')[2]}",
        file=lambda path: f"{url}/#file-{quote(path)}",
        # The sandbox shows a file as a whole.
        line=lambda path, _commit, _number: f"{url}/#file-{quote(path)}",
    )


def main(port: str, sandbox: str) -> int:
    """Serve until asked to stop; return the exit code."""
    return serve(
        read_settings(),
        host="127.0.0.1",
        port=int(port),
        works=True,
        links=links_to_sandbox(sandbox),
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
