"""Browsers and visitors for the tests of the pages."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from service.desk.set_up_assets import SERVED
from tests.desk.chromium import MISSING, find_chromium
from tests.desk.desk import AXE, Desk
from tests.desk.visits import Visit
from tests.support.running import Service

OpenDesk = Callable[..., Desk]
MakeVisit = Callable[..., Visit]


@pytest.fixture(scope="session", autouse=True)
def style() -> None:
    """What npm brings: the style that the pages are looked at in, and axe-core."""
    if not (AXE.exists() and SERVED.exists()):
        command = [sys.executable, "-m", "service.desk.set_up_assets"]
        subprocess.run(command, check=True, timeout=250)  # noqa: S603 - our own words


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for each module: as long as it runs, so does an event loop in this thread."""
    path = find_chromium()
    if path is None and "CI" in os.environ:  # noqa: TID251 - CI must not skip
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        # Root may not use Chromium's own sandbox.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_desk(browser: Browser) -> Iterator[OpenDesk]:
    """Open browsers; at the end, none may have asked anybody else, nor have complained."""
    desks: list[Desk] = []

    def open_one(
        service: Service,
        *,
        width: int = 1100,
        height: int = 900,
        scale: int = 1,
        javascript: bool = True,
    ) -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            java_script_enabled=javascript,
            locale="en-GB",
        )
        desks.append(Desk(context, service.url))
        return desks[-1]

    yield open_one
    for desk in desks:
        # What Chromium has reported by now is heard. The contexts end with the module's browser:
        # now and then Chromium never ends one whose page is still asking the service something.
        desk.page.wait_for_timeout(1)
    assert [desk.elsewhere + desk.complaints for desk in desks] == [[] for _ in desks]


@pytest.fixture
def visit() -> Iterator[MakeVisit]:
    """Visit the pages without a browser."""
    visits: list[Visit] = []

    def make(service: Service, *, token: str | None = None) -> Visit:
        visits.append(Visit(service.url))
        if token:
            visits[-1].sign_in(token)
        return visits[-1]

    yield make
    for one in visits:
        one.close()
