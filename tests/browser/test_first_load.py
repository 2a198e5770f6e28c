"""What a browser fetches before a page is there."""

import pytest
from playwright.sync_api import Page, Request, expect
from tests.people import PASSWORD
from tests.serving import ServerProcess

HOME, SIGN_IN = 190_000, 196_000
"""At most so many bytes of scripts, compressed as sent; 6,000 are what finds words in the reader's language."""


@pytest.fixture(scope="module")
def server(school: ServerProcess) -> ServerProcess:
    return school


@pytest.fixture
def scripts(page: Page) -> list[Request]:
    """The scripts that this page fetched."""
    fetched: list[Request] = []
    page.on("requestfinished", lambda request: fetched.append(request) if request.resource_type == "script" else None)
    return fetched


def weight(scripts: list[Request]) -> int:
    return sum(one.sizes()["responseBodySize"] for one in scripts)


def test_the_page_to_sign_in_is_small(page: Page, scripts: list[Request]) -> None:
    page.goto("/sign-in")
    expect(page.get_by_label("User name")).to_be_visible()
    assert weight(scripts) <= SIGN_IN, "Load what not every visit needs with React.lazy."


def test_the_first_page_of_who_is_signed_in_is_small(page: Page, scripts: list[Request]) -> None:
    page.request.post("/api/v1/auth/sign-in", data={"username": "grace", "password": PASSWORD})
    page.goto("/")
    expect(page.get_by_role("heading", name="Launch a desktop")).to_be_visible()
    assert weight(scripts) <= HOME, "Load what not every visit needs with React.lazy."
