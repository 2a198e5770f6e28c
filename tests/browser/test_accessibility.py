"""The pages of a school of 3,000 computers leave nobody out: light and dark, on a wide screen and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.accessibility import complaints
from tests.people import PASSWORD
from tests.serving import PATIENCE, ServerProcess

PAGES = {
    "/on-now": "Newest first",
    "/rooms": "Lab 40",
    "/rooms/1": "pc-01-01",
    "/people": "Ada Berg",
    "/people/5?view=day": "Login history",
    "/people/5?view=month": "Hours by day",
    "/people/5?view=year": "Calendar",
    "/roles": "For everyone",
    "/tokens": "Make a token for a service",
    "/groups": "Class 7b",
    "/groups/1": "Looks after it",
    "/devices": "pc-01-01",
    "/devices/1": "Login history",
    "/reports?by=user&period=day&limit=2": "Days are those of",
    "/reports?by=room": "Days are those of",
    "/activity": "Time line",
    "/desktops": "Nobody has a desktop yet",
    "/templates": "Full desktop",
    "/templates/1": "Who may launch it",
    "/runtimes": "Takes desktops",
    "/allowances": "Add the first allowance",
    "/volumes": "Make the first volume",
    "/recordings": "Recordings",
    "/audit": "created",
    "/announcements": "An announcement is a bar",
    "/settings": "public_url",
    "/history": "My history and privacy",
    "/profile": "Passkeys",
}

POLICY = "Content Security Policy"


@pytest.fixture(scope="module")
def refused() -> list[str]:
    """What the browser would not do for a page because the server's policy forbids it."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, school: ServerProcess, refused: list[str]) -> Iterator[Page]:
    """A page in front of which grace has signed in."""
    context = browser.new_context(base_url=school.url, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.on("console", lambda told: refused.append(told.text) if POLICY in told.text else None)
    page.goto("/sign-in?next=/rooms")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Rooms")).to_be_visible()
    yield page
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_left_out(page: Page, refused: list[str], path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    expect(page.get_by_text(PAGES[path]).first).to_be_attached()
    expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert complaints(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
    assert refused == []
