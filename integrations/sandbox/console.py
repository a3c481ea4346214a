"""What is the sandbox's own on every port: pages to look at, and the control API."""

from typing import TYPE_CHECKING

from integrations.sandbox.messages import Reply, Request

if TYPE_CHECKING:
    from integrations.sandbox.sandbox import Sandbox


class Console:
    """Answers pages and control requests; everything else is the vendor's."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def __call__(self, _request: Request) -> Reply | None:
        """The console's answer, or None where the request is for the vendor."""
        return None
