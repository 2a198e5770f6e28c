"""A desktop that is recorded: its person is told, and an administrator plays what was typed."""

import subprocess

from playwright.sync_api import Browser, Page, expect
from tests.browser.test_first_desktop import launch, picture, pixel, settled_picture, sign_up
from tests.people import PASSWORD
from tests.serving import DESKBAY, PATIENCE, ServerProcess, eventually


def administrator(browser: Browser, server: ServerProcess) -> Page:
    """The page of grace, who is signed in."""
    make = ["users", "create", "grace", "--administrator", "--password-stdin", "--data", str(server.data)]
    subprocess.run([str(DESKBAY), *make], input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your desktops")).to_be_visible()
    return page


def have_it_recorded(page: Page) -> None:
    page.goto("/templates/1")
    page.get_by_label("Record what its desktops show").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Desktop is changed.")).to_be_visible()


def play_to_the_end(page: Page) -> None:
    page.goto("/recordings")
    page.get_by_role("link", name="Desktop", exact=True).click()
    page.get_by_label("Speed").select_option("8")
    page.get_by_role("button", name="Play").click()
    eventually(lambda: is_at_the_end(page), "it is played to its end")


def is_at_the_end(page: Page) -> bool:
    at, end = str(page.get_by_label("Position").get_attribute("aria-valuetext")).split(" of ")
    return at == end != "0:00"


def test_a_recorded_desktop_is_played(browser: Browser, page: Page, server: ServerProcess) -> None:
    grace = administrator(browser, server)
    have_it_recorded(grace)
    sign_up(page, "ada")
    expect(page.get_by_text("What it shows is recorded")).to_be_visible()
    launch(page, "Desktop").click()
    expect(page.get_by_text("Recorded", exact=True)).to_be_visible()
    empty, wallpaper = settled_picture(page), pixel(page)
    page.keyboard.press("Control+Alt+t")
    eventually(lambda: picture(page) != empty, "a terminal opens")
    settled_picture(page)
    page.keyboard.type("clear; seq 1 99\n", delay=20)
    settled_picture(page)
    terminal = pixel(page)
    assert terminal != wallpaper
    page.goto("/my-devices")
    expect(page.get_by_text("Nobody yet.")).to_be_visible()

    play_to_the_end(grace)
    eventually(lambda: pixel(grace) == terminal, "what is played ends as what was shown")
    page.reload()
    expect(page.get_by_role("list", name="Who was given it")).to_contain_text("grace")
    grace.context.close()
