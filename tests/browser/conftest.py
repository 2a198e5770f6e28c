"""Debian's Chromium at a real server with real desktops."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.browser.seeding import School, seed
from tests.people import PASSWORD
from tests.serving import DESKBAY, PATIENCE, ServerProcess

SCHOOL = School(days=2)
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), "Chromium is missing: apt-get install chromium"
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data", keep_desktops="false")
        server.start()
        try:
            yield server
        finally:
            server.leave()


@pytest.fixture(scope="session")
def school() -> Iterator[ServerProcess]:
    """A server that knows of a whole school, with grace as its administrator."""
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data")
        seed(server.data, SCHOOL)
        server.start()
        make = ["users", "create", "grace", "--administrator", "--password-stdin", "--data", str(server.data)]
        subprocess.run([str(DESKBAY), *make], input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
        try:
            yield server
        finally:
            server.leave()


@pytest.fixture
def context(browser: Browser, server: ServerProcess) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
