"""From a CSV file to a live map of a room, and to its public link without names."""

import csv
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.accessibility import complaints
from tests.people import PASSWORD
from tests.serving import DESKBAY, PATIENCE, ServerProcess

PERSON = "ada.l"
"""With a dot, as the computers' names: no address of a script and no random id can hold them by chance."""
FILE = "name,room,row,column\npc.01,Lab 1,1,1\npc.02,Lab 1,1,2\npc.03,Lab 1,,\n"


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data")
        server.start()
        for name, more in (("grace", ["--administrator"]), (PERSON, [])):
            make = ["users", "create", name, *more, "--password-stdin", "--data", str(server.data)]
            subprocess.run([str(DESKBAY), *make], input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
        try:
            yield server
        finally:
            server.leave()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page in front of which grace has signed in."""
    page = context.new_page()
    page.goto("/sign-in?next=/rooms")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Rooms")).to_be_visible()
    return page


def add_room(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add the first room").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Rows").fill("2")
    dialog.get_by_label("Computers in a row").fill("3")
    dialog.get_by_role("button", name="Add the room").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def import_devices(page: Page, text: str) -> dict[str, str]:
    """Import a file that has one wrong row, and return the tokens that are offered, by name."""
    page.goto("/devices")
    page.get_by_role("button", name="Add devices").click()
    page.get_by_role("menuitem", name="from a CSV file").click()
    page.get_by_label("Name each computer").fill(f"{text}lost,Attic,1,1\n")
    page.get_by_role("button", name="Look at what it would do").click()
    expect(page.get_by_text("There is no room “Attic”. Make it first.")).to_be_visible()
    expect(page.get_by_role("button", name="Import 3 devices")).to_be_disabled()
    page.get_by_role("checkbox", name="Leave out 1 wrong row").check()
    page.get_by_role("button", name="Import 3 devices").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the tokens").click()
    page.get_by_role("button", name="Done").click()
    with download.value.path().open(newline="") as file:
        return {row["name"]: row["token"] for row in csv.DictReader(file)}


class Computer:
    """A computer of the lab, with its token."""

    def __init__(self, server: ServerProcess, token: str) -> None:
        self._url = f"{server.url}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    def sit_down(self, username: str) -> None:
        self._tell("/sign-ins", {"id": str(uuid4()), "username": username, "next_ping_seconds": 3600})

    def beat(self) -> None:
        self._tell("/heartbeat", {"next_ping_seconds": 3600})

    def _tell(self, path: str, what: dict[str, str | int]) -> None:
        answer = httpx.post(self._url + path, json=what, headers=self._headers, trust_env=False, timeout=PATIENCE)
        answer.raise_for_status()


def test_from_a_file_to_a_live_map_and_its_public_link(browser: Browser, server: ServerProcess, page: Page) -> None:
    add_room(page, "Lab 1")
    tokens = import_devices(page, FILE)
    assert tokens.keys() == {"pc.01", "pc.02", "pc.03"}
    expect(page.get_by_role("row")).to_have_count(4)
    assert complaints(page) == []

    page.goto("/rooms")
    page.get_by_role("link", name="Lab 1").click()
    expect(page.get_by_role("button", name="pc.01 Offline, row 1, column 1")).to_be_visible()
    assert complaints(page) == []
    page.evaluate("window.isTheSamePage = true")
    first, second = (Computer(server, tokens[name]) for name in ("pc.01", "pc.02"))
    first.sit_down(PERSON)
    second.beat()
    expect(page.get_by_role("button", name=f"pc.01 {PERSON}")).to_be_visible()
    expect(page.get_by_role("button", name="pc.02 Free")).to_be_visible()
    assert page.evaluate("window.isTheSamePage")

    page.get_by_role("button", name="Public link").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link", exact=True).input_value()
    stranger = browser.new_context(viewport={"width": 390, "height": 844})
    stranger.set_default_timeout(PATIENCE * 1000)
    public = stranger.new_page()
    asked: list[str] = []
    public.on("request", lambda request: asked.append(request.url))
    public.goto(link)
    expect(public.get_by_role("button", name=re.compile("In use .*, row 1, column 1"))).to_be_visible()
    for name in (PERSON, "pc.0"):
        assert name not in public.content()
    assert complaints(public) == []
    token = link.partition("#")[2]
    assert token
    assert not [address for address in asked if token in address.partition("#")[0]]
    assert token not in server.log.read_text()

    page.get_by_role("button", name="Take the link back").click()
    expect(public.get_by_text("This link was taken back.")).to_be_visible()
    stranger.close()


def test_a_computer_is_put_into_place_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("link", name="Lab 1").click()
    page.get_by_role("button", name="Arrange").press("Enter")
    offered = page.get_by_role("region", name="Without a place").get_by_role("button", name="pc.03")
    offered.press("Enter")
    expect(page.get_by_text("pc.03 is in your hand")).to_be_visible()
    page.get_by_role("button", name="pc.01").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="pc.03 Offline, row 2, column 1")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("button", name="Row 2, column 1: empty")).to_be_visible()
