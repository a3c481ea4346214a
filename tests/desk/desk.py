"""An operator at a browser: opens pages, reads them, fills in forms."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from integrations.sandbox.sandbox import OPERATORS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Desk:
    """One operator's browser.

    Args:
        context: a fresh one.
        url: the service's.
    """

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_complaint)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> "Desk":
        """Go to a page."""
        self.page.goto(f"{self.url}/desk/{path}")
        return self

    def sign_in(self, name: str = "alice", *, token: str | None = None) -> "Desk":
        """Sign in with an operator's token."""
        self.open("sign-in")
        self.page.get_by_label("Operator token", exact=True).fill(token or OPERATORS[name])
        self.press("Sign in")
        return self

    def press(self, name: str) -> None:
        """Press the button of that name, on the page itself, and wait for the page it leads to."""
        button = self.page.get_by_role("main").get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            button.click()

    def follow(self, name: str) -> None:
        """Follow the link of that name."""
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def choose(self, label: str) -> None:
        """Choose a radio button by a part of its label or of what stands below it."""
        self.page.locator(".govuk-radios__item", has_text=label).get_by_role("radio").check()

    @property
    def title(self) -> str:
        """The page's title."""
        return self.page.title()

    @property
    def heading(self) -> str:
        """The page's main heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.get_by_role("main").inner_text()

    def is_wider_than_window(self) -> bool:
        """Whether one would have to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page."""
        self.page.evaluate(AXE.read_text("utf-8"))
        options = json.dumps(
            {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        )
        found: list[dict[str, Any]] = self.page.evaluate(f"axe.run({options})")["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']]}"
            for one in found
        ]

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.elsewhere.append(request.url)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        # A page that is refused on purpose is complained of, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)
