"""From nothing to a desktop in the browser, and back to it."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.people import PASSWORD
from tests.serving import ServerProcess, eventually, processes_naming

pytestmark = pytest.mark.usefixtures("server")
PANEL = 60
"""At least so many pixels high is the panel at the lower edge."""


def sign_up(page: Page, username: str) -> None:
    page.goto("/sign-up")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Your desktops")).to_be_visible()


def launch(page: Page, template: str) -> Locator:
    """Launch a desktop and return its screen once there is a picture on it."""
    page.get_by_role("button", name=f"Launch {template}", exact=True).click()
    return screen(page)


def screen(page: Page) -> Locator:
    canvas = page.locator("canvas")
    expect(canvas).to_be_visible()
    eventually(lambda: colours(page) > 50, "the desktop shows its wallpaper")
    return canvas


def colours(page: Page) -> int:
    """Count the colours on the canvas, of every 37th pixel."""
    return int(
        page.evaluate(
            """() => {
                const canvas = document.querySelector("canvas")
                const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
                const seen = new Set()
                for (let at = 0; at + 2 < pixels.length; at += 4 * 37)
                    seen.add((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2])
                return seen.size
            }"""
        )
    )


def picture(page: Page) -> str:
    """What is above the panel, on which a clock goes on."""
    return str(
        page.evaluate(
            """(panel) => {
                const canvas = document.querySelector("canvas")
                const above = document.createElement("canvas")
                above.width = canvas.width
                above.height = canvas.height - panel
                above.getContext("2d").drawImage(canvas, 0, 0)
                return above.toDataURL()
            }""",
            PANEL,
        )
    )


def pixel(page: Page) -> str:
    """The colour where a new terminal has nothing but its ground."""
    read = "[...document.querySelector('canvas').getContext('2d').getImageData(900, 500, 1, 1).data].join()"
    return str(page.evaluate(read))


def settled_picture(page: Page) -> str:
    """Return the picture once nothing more is painted: half a second without a change."""
    seen = [""]

    def is_settled() -> bool:
        page.wait_for_timeout(500)
        seen.append(picture(page))
        return seen[-1] == seen[-2]

    eventually(is_settled, "the desktop is painted to its end")
    return seen[-1]


def test_sign_up_launch_type_leave_come_back_stop(context: BrowserContext, page: Page, server: ServerProcess) -> None:
    sign_up(page, "ada")
    launch(page, "Desktop").click()
    empty = settled_picture(page)
    page.keyboard.press("Control+Alt+t")
    eventually(lambda: picture(page) != empty, "a terminal opens")
    settled_picture(page)
    page.keyboard.type("touch ~/typed-in-the-browser; clear; seq 1 99\n", delay=20)
    written = [*(server.data / "homes").glob("*/")]
    eventually(lambda: any((home / "typed-in-the-browser").exists() for home in written), "what was typed is done")
    address = page.url

    page.close()
    page = context.new_page()
    page.goto("/")
    card = page.get_by_role("article").filter(has_text="Desktop").first
    expect(card).to_contain_text("Running")
    expect(card.locator("img")).to_be_visible()
    page.goto(address)
    screen(page)
    assert picture(page) != empty, "the terminal is still there"

    page.goto("/")
    page.get_by_role("button", name="Stop Desktop").click()
    expect(page.get_by_text("Stopped").first).to_be_visible()
    eventually(lambda: not processes_naming(server.data / "run"), "its processes are gone")


def test_a_browser_in_the_cloud(page: Page) -> None:
    sign_up(page, "bob")
    launch(page, "Browser")


def test_a_full_desktop(page: Page) -> None:
    sign_up(page, "carol")
    launch(page, "Full desktop")


def test_signed_out_nothing_is_shown(page: Page) -> None:
    sign_up(page, "dora")
    page.get_by_role("button", name="Account of dora").click()
    page.get_by_role("menuitem", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
