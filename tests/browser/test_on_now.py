"""A school of 3,000 computers in front of an administrator: who is on now, live."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.seeding import School, seed
from tests.people import PASSWORD
from tests.serving import DESKBAY, PATIENCE, ServerProcess, eventually

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCHOOL = School(days=2)
ON = SCHOOL.computers * 8 // 10


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
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
def on_now(page: Page) -> Page:
    """The page, open in front of grace, with everyone on it, and nobody any more who came in another test."""
    page.goto("/sign-in?next=/on-now")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
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


def sit_down(computer: httpx.Client, seconds: int) -> str:
    """Sign a new person in at the computer for so long, and return their name."""
    username = f"newcomer-{uuid4().hex[:8]}"
    account = {"username": username, "password": PASSWORD}
    httpx.post(f"{computer.base_url}auth/sign-up", json=account, trust_env=False).raise_for_status()
    sign_in = {"id": str(uuid4()), "username": username, "next_ping_seconds": seconds}
    computer.post("/sign-ins", json=sign_in).raise_for_status()
    return username


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
    newcomer = sit_down(computer, seconds=15)
    expect(rows(on_now).first).to_contain_text(newcomer)
    expect(on_now.get_by_text(f"{ON + 1:,} on now")).to_be_visible()
    expect(rows(on_now).first).not_to_contain_text(newcomer)
    expect(on_now.get_by_text(f"{ON:,} on now")).to_be_visible()


def test_nothing_moves_under_the_pointer(on_now: Page, computer: httpx.Client) -> None:
    first = rows(on_now).first.get_by_role("link").first
    name = first.text_content()
    first.hover()
    newcomer = sit_down(computer, seconds=20)
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
    assert lines[0] == "username,full name,computer,room,since,idle since"
    assert len(lines) == ON + 1


def complaints(page: Page) -> list[str]:
    """Return what axe-core finds that would leave somebody out."""
    run = "async (axe) => { (0, eval)(axe); return (await window.axe.run()).violations.map(({ help }) => help) }"
    found: list[str] = page.evaluate(run, AXE.read_text())
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/on-now", "/people", "/devices/1"])
def test_nobody_is_left_out(on_now: Page, path: str, width: int, scheme: str) -> None:
    on_now.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    on_now.set_viewport_size({"width": width, "height": 800})
    on_now.goto(path)
    expect(rows(on_now).first).to_be_visible()
    assert complaints(on_now) == []
    assert on_now.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


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
