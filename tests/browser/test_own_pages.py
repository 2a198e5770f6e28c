"""A person's own pages, with sessions that an agent has told of: nobody is left out, in light and in dark."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.people import PASSWORD
from tests.serving import PATIENCE, ServerProcess
from tests.sessions.doubles import Json, application, snapshot, window

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
COMPLAINTS = "async (axe) => { (0, eval)(axe); return (await window.axe.run()).violations.map(({ help }) => help) }"
SIGN_IN = str(uuid4())
PAGES: dict[str, tuple[str, Callable[[Page], Locator]]] = {
    "/sessions": ("Sessions", lambda page: page.get_by_role("article", name="Copy")),
    "/sessions/1": ("Thesis", lambda page: page.get_by_role("list", name="Differences").get_by_text("the same")),
    "/sessions?trash": ("Trash", lambda page: page.get_by_role("article", name="Old")),
    "/my-devices": ("My devices", lambda page: page.get_by_role("button", name="Download everything")),
    "/activity": ("My activity", lambda page: page.get_by_text("Days are those of")),
}
"""By address, the heading of a page and what comes last on it."""


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data")
        server.start()
        try:
            yield server
        finally:
            server.leave()


@pytest.fixture(scope="module")
def ada(server: ServerProcess) -> Iterator[httpx.Client]:
    """Ada, an hour after she began her first session, with two saves of it, a copy, and another one in the trash."""
    with httpx.Client(base_url=f"{server.url}/api/v1", trust_env=False, timeout=PATIENCE) as client:
        name = {"username": "ada", "password": PASSWORD}
        client.post("/auth/sign-up", json=name).raise_for_status()
        token = client.post("/auth/token", json=name).raise_for_status().json()["access_token"]
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {token}"
        client.put("/tracking", json={"consent": True}).raise_for_status()
        work(client)
        yield client


def work(ada: httpx.Client) -> None:
    code = ada.post("/devices/pairing-codes").raise_for_status().json()["code"]
    wish = {"code": code, "name": "laptop", "system": "linux", "system_release": "12", "system_version": "12"}
    paired = ada.post("/agent/pair", json={**wish, "architecture": "x86_64", "mac_address": None}).json()
    headers = {"Authorization": f"Bearer {paired['token']}"}
    with httpx.Client(base_url=ada.base_url, headers=headers, trust_env=False, timeout=PATIENCE) as agent:
        ada.post("/sessions", json={"name": "Thesis", "description": "Writing"}).raise_for_status()
        run = run_of(agent)
        for count in (2, 3):
            tell(agent, run, programs(count))
            ada.post("/sessions/1/save").raise_for_status()
        for name in ("Copy", "Old"):
            ada.post("/sessions/1/clone", json={"name": name}).raise_for_status()
        ada.delete("/sessions/3").raise_for_status()


def run_of(agent: httpx.Client) -> str:
    """Return the run of the session that is active on the device, as its agent is told."""
    with agent.stream("GET", "/agent/events") as events:
        lines = (json.loads(line.removeprefix("data: ")) for line in events.iter_lines() if line.startswith("data: "))
        return next(str(said["run"]) for said in lines if "run" in said)


def programs(count: int) -> Json:
    names = ("mousepad", "chromium", "inkscape")[:count]
    places = [window(x=100 * number, stacking=number, foreground=number == count - 1) for number in range(count)]
    return snapshot(*(application(name, windows=[place]) for name, place in zip(names, places, strict=True)))


def tell(agent: httpx.Client, run: str, seen: Json) -> None:
    """Report what is open, and that the editor was open and in front until now."""
    now = datetime.now(UTC)
    used = {"application": "mousepad", "name": "Mousepad", "run": run, "ends": now.isoformat()}
    periods = [
        {"id": str(uuid4()), "kind": kind, "starts": (now - timedelta(seconds=5)).isoformat(), **used}
        for kind in ("open", "foreground")
    ]
    body = {"agent": "1", "sent_at": now.isoformat(), "sign_in": SIGN_IN, "periods": periods, "snapshot": seen}
    agent.post("/agent/reports", json=body).raise_for_status()


@pytest.fixture
def signed_in(ada: httpx.Client, page: Page) -> Page:
    assert ada.get("/sessions").raise_for_status().json()["items"]
    page.goto("/sign-in")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your desktops")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_left_out(signed_in: Page, scheme: str) -> None:
    signed_in.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for width in (1280, 390):
        signed_in.set_viewport_size({"width": width, "height": 800})
        for path, (heading, last) in PAGES.items():
            signed_in.goto(path)
            expect(signed_in.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
            expect(last(signed_in)).to_be_visible()
            assert signed_in.evaluate(COMPLAINTS, AXE.read_text()) == [], f"{path}, {width} wide"
            assert signed_in.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_takes_away_for_good_is_red(signed_in: Page, scheme: str) -> None:
    signed_in.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    signed_in.goto("/my-devices")
    colour = signed_in.get_by_role("button", name="Erase…").evaluate("(button) => getComputedStyle(button).color")
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(", "))
    assert red > max(green, blue) + 80


def test_two_saves_are_compared_and_a_save_is_restored_by_keyboard_alone(signed_in: Page) -> None:
    signed_in.goto("/sessions/1")
    differences = signed_in.get_by_role("list", name="Differences")
    expect(differences).to_contain_text("Inkscape")
    sides = signed_in.get_by_role("group", name="From")
    sides.get_by_label("Session").select_option(label="Copy on laptop")
    expect(differences).to_contain_text("3 applications the same")
    button = signed_in.get_by_role("button", name="Restore Thesis", exact=True)
    button.focus()
    signed_in.keyboard.press("Enter")
    dialog = signed_in.get_by_role("dialog", name="Restore Thesis")
    expect(dialog.get_by_label("On this device")).to_contain_text("laptop — not connected")
    expect(dialog.get_by_role("button", name="Restore", exact=True)).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Waiting for laptop to answer")
    signed_in.keyboard.press("Escape")
    expect(button).to_be_focused()
    signed_in.reload()
    restoring = signed_in.get_by_role("region", name="Being restored")
    expect(restoring.get_by_role("status")).to_contain_text("Waiting for laptop to answer")
