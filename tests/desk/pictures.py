"""The README's pictures: the demo's made-up people, on the real pages, in a real browser.

Run as ``make pictures``; it writes PNG files into the folder that it is given.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from playwright.sync_api import Browser, sync_playwright

from integrations.sandbox import Sandbox
from integrations.sandbox.zendesk import DATE_FIELD, EMAIL_FIELD, NAME_FIELD
from service.commands.demo_tickets import DEMO_TICKETS, DemoTicket
from tests.desk.chromium import MISSING, find_chromium
from tests.desk.desk import Desk

PORT = 8377
URL = f"http://127.0.0.1:{PORT}"
PATIENCE = 60
_FIELDS = {"name": NAME_FIELD, "email": EMAIL_FIELD, "date": DATE_FIELD}
_ASKED = "Two people of one name"
_LEAVING = (datetime.now(UTC) + timedelta(days=24)).date()
_GONE = (datetime.now(UTC) - timedelta(days=12)).date()


def main(folder: Path) -> int:
    """Take all pictures."""
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with Sandbox(postgres=True) as sandbox, serving(sandbox), sync_playwright() as playwright:
        asked = process_all(sandbox)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_pictures(browser, folder, asked)
        browser.close()
    return 0


@contextmanager
def serving(sandbox: Sandbox) -> Iterator[None]:
    """Run the service on the sandbox."""
    leavers = str(Path(sys.executable).with_name("leavers"))
    with TemporaryDirectory() as directory:
        service = subprocess.Popen(  # noqa: S603 - our own words
            [leavers, "serve", "--port", str(PORT)],
            env=sandbox.settings(),
            cwd=directory,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_ready()
            yield
        finally:
            service.terminate()
            service.wait()


def wait_until_ready() -> None:
    """Wait for the service."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if requests.get(f"{URL}/healthcheck/ready", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError


def process_all(sandbox: Sandbox) -> int:
    """Let every ticket of the demo come; return the number of the one that is answered."""
    asked = 0
    for ticket in DEMO_TICKETS:
        if ticket.fault or ticket.answer:
            continue
        is_asked = ticket.about.startswith(_ASKED)
        ticket_id = add(sandbox, ticket, leaving=_GONE if is_asked else _LEAVING)
        asked = ticket_id if is_asked else asked
        sandbox.zendesk.deliver(ticket_id, to=URL)
        wait_for_end(sandbox, ticket_id)
    return asked


def add(sandbox: Sandbox, ticket: DemoTicket, *, leaving: date) -> int:
    """Put a ticket of the demo into the sandbox."""
    fields = {
        _FIELDS[name]: value.format(date=leaving.isoformat())
        for name, value in ticket.fields.items()
    }
    made = sandbox.zendesk.add_ticket(
        description=ticket.text(leaving), tags=ticket.tags, custom_fields=fields
    )
    return made.id


def wait_for_end(sandbox: Sandbox, ticket_id: int) -> None:
    """Wait until a leaver is as it will be."""
    token = sandbox.settings()["OPERATOR_TOKENS"].partition(",")[0].partition("=")[2]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = requests.get(
            f"{URL}/leavers/{ticket_id}", headers={"Authorization": f"Bearer {token}"}, timeout=5
        )
        if answer.json()["state"] not in {"queued", "running"}:
            return
        time.sleep(0.1)
    raise TimeoutError


def take_pictures(browser: Browser, folder: Path, asked: int) -> None:
    """Walk through the story of one leaver, and take a picture of each page."""
    desk = Desk(browser.new_context(viewport={"width": 1000, "height": 700}), URL)

    def take(name: str) -> None:
        desk.page.screenshot(path=folder / f"{name}.png", full_page=True)

    desk.sign_in().open("needs-a-person")
    take("needs-a-person")
    desk.open(f"leavers/{asked}")
    take("a-leaver")
    desk.press("Answer")
    desk.choose("govuk_tech.yml")
    take("answer")
    desk.press("See what will be done")
    take("confirm")
    desk.press("Confirm")
    desk.page.get_by_text("Card made, tech role", exact=True).wait_for()
    take("done")
    desk.open("leavers")
    take("all-leavers")
    phone = Desk(browser.new_context(viewport={"width": 360, "height": 640}), URL)
    phone.sign_in().open("needs-a-person")
    phone.page.screenshot(path=folder / "on-a-phone.png")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
