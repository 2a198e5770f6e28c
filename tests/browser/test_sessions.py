"""A session is saved in a real desktop, and comes back there."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_first_desktop import launch, picture, pixel, settled_picture, sign_up
from tests.serving import eventually

pytestmark = pytest.mark.usefixtures("server")


def open_a_terminal(page: Page) -> None:
    launch(page, "Desktop").click()
    empty = settled_picture(page)
    page.keyboard.press("Control+Alt+t")
    eventually(lambda: picture(page) != empty, "a terminal opens")
    settled_picture(page)


def close_the_terminal(page: Page) -> None:
    ground = pixel(page)
    page.keyboard.type("exit\n", delay=20)
    eventually(lambda: pixel(page) != ground, "the terminal closes")
    settled_picture(page)


def begin_and_save(page: Page, name: str) -> None:
    page.goto("/sessions")
    page.get_by_role("button", name="Begin your first session").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("button", name=f"Save now: {name}").click()
    expect(page.get_by_text(f"{name} is saved.")).to_be_visible()


def test_what_was_closed_is_placed_again(page: Page) -> None:
    sign_up(page, "eve")
    open_a_terminal(page)
    desktop = page.url
    begin_and_save(page, "Thesis")
    card = page.get_by_role("article", name="Thesis")
    expect(card.get_by_role("list", name="Applications")).to_contain_text("Terminal")

    page.get_by_role("button", name="More for Thesis").click()
    page.get_by_role("menuitem", name="Save and end").click()
    expect(card).to_contain_text("Not active")
    page.goto(desktop)
    page.locator("canvas").click()
    settled_picture(page)
    close_the_terminal(page)

    page.goto("/sessions")
    page.get_by_role("button", name="Restore Thesis").click()
    dialog = page.get_by_role("dialog", name="Restore Thesis")
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("1 of 1 application back on")
    expect(dialog.get_by_text("Placed")).to_be_visible()
