"""A school of 3,000 computers in front of an administrator: who is on now, live."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.accessibility import complaints
from tests.browser.conftest import SCHOOL
from tests.people import PASSWORD
from tests.serving import PATIENCE, ServerProcess, eventually

ON = SCHOOL.computers * 8 // 10
PROMISE = 15
"""So many seconds a person stays on whose computer tells nothing."""


@pytest.fixture(scope="module")
def server(school: ServerProcess) -> ServerProcess:
    return school


@pytest.fixture
def on_now(page: Page) -> Page:
    """The page, open in front of grace, with everyone on it, and nobody any more who came in another test."""
    page.goto("/sign-in?next=/on-now")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.mouse.move(5, 5)
    expect(page.get_by_text(f"{ON:,} on now")).to_be_visible()
    return page


@pytest.fixture
def computer(server: ServerProcess) -> Iterator[httpx.Client]:
    """A computer of its own in the first room, with its token."""
    with httpx.Client(base_url=f"{server.url}/api/v1", trust_env=False, timeout=PATIENCE) as client:
        grace = {"username": "grace", "password": PASSWORD}
        token = client.post("/auth/token", json=grace).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        wish = {"name": f"new-{uuid4().hex[:8]}", "room_id": 1}
        made = client.post("/devices", json=wish).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        yield client


@contextmanager
def someone_at(computer: httpx.Client) -> Iterator[str]:
    """Have a new person sit at the computer meanwhile, and go soon after. Gives their name."""
    username, sign_in = f"newcomer-{uuid4().hex[:8]}", str(uuid4())
    account = {"username": username, "password": PASSWORD}
    httpx.post(f"{computer.base_url}auth/sign-up", json=account, trust_env=False, timeout=PATIENCE).raise_for_status()
    begin = {"id": sign_in, "username": username, "next_ping_seconds": PROMISE}
    computer.post("/sign-ins", json=begin).raise_for_status()
    gone = Event()

    def stay() -> None:
        while not gone.wait(PROMISE / 5):
            ping = {"sign_in": sign_in, "next_ping_seconds": PROMISE}
            computer.post("/pings", json={"pings": [ping]}).raise_for_status()

    with ThreadPoolExecutor(1) as thread:
        staying = thread.submit(stay)
        try:
            yield username
        finally:
            gone.set()
            staying.result()


def rows(page: Page) -> Locator:
    return page.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("link"))


def test_of_thousands_only_those_in_sight_are_on_the_page(on_now: Page) -> None:
    assert rows(on_now).count() < 100
    assert on_now.get_by_role("table").get_attribute("aria-rowcount") == str(ON + 1)
    on_now.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(on_now.locator(f"tr[aria-rowindex='{ON + 1}']")).to_be_visible()
    assert rows(on_now).count() < 100


def test_the_filter_finds_a_room_by_the_keyboard(on_now: Page) -> None:
    on_now.keyboard.press("/")
    on_now.keyboard.type('room:"lab 07"')
    expect(on_now.get_by_text(f"of {ON:,}, newest first")).to_be_visible()
    eventually(lambda: set(rows(on_now).locator("td:nth-child(3)").all_text_contents()) == {"Lab 07"}, "all are of it")
    on_now.reload()
    expect(on_now.get_by_role("searchbox")).to_have_value('room:"lab 07"')


def test_who_comes_is_seen_at_once_and_who_goes_is_gone(on_now: Page, computer: httpx.Client) -> None:
    with someone_at(computer) as newcomer:
        expect(rows(on_now).first).to_contain_text(newcomer)
        expect(on_now.get_by_text(f"{ON + 1:,} on now")).to_be_visible()
    expect(rows(on_now).first).not_to_contain_text(newcomer)
    expect(on_now.get_by_text(f"{ON:,} on now")).to_be_visible()


def test_nothing_moves_under_the_pointer(on_now: Page, computer: httpx.Client) -> None:
    first = rows(on_now).first.get_by_role("link").first
    name = first.text_content()
    first.hover()
    with someone_at(computer) as newcomer:
        expect(on_now.get_by_role("button", name="1 came, 0 left")).to_be_visible()
        assert first.text_content() == name
        on_now.mouse.move(5, 5)
        expect(rows(on_now).first).to_contain_text(newcomer)


def test_what_is_shown_is_exported(on_now: Page) -> None:
    on_now.get_by_role("searchbox").fill("room:lab-99 or nobody")
    expect(on_now.get_by_role("button", name="Export CSV")).to_be_disabled()
    on_now.get_by_role("searchbox").fill("")
    with on_now.expect_download() as download:
        on_now.get_by_role("button", name="Export CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0] == "username,full name,computer,room,event,application,since,idle since"
    assert len(lines) == ON + 1


def test_a_phone_has_a_menu_that_the_keyboard_opens_and_leaves(on_now: Page) -> None:
    on_now.set_viewport_size({"width": 390, "height": 800})
    on_now.get_by_role("button", name="Menu").press("Enter")
    menu = on_now.get_by_role("dialog", name="Deskbay")
    expect(menu.get_by_role("link", name="On now")).to_have_attribute("aria-current", "page")
    assert complaints(on_now) == []
    on_now.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(on_now.get_by_role("button", name="Menu")).to_be_focused()
    on_now.keyboard.press("Enter")
    menu.get_by_role("link", name="People").click()
    expect(on_now.get_by_role("heading", name="People", level=1)).to_be_visible()
