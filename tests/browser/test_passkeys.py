"""Passkeys and second steps in Chromium, with the authenticator that it has for tests."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page
from tests.people import PASSWORD
from tests.serving import PATIENCE, ServerProcess

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, server: ServerProcess) -> Iterator[Page]:
    """A page at localhost, where passkeys need no HTTPS, of a browser with a device that knows its owner."""
    localhost = server.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=localhost, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def sign_up(page: Page, username: str) -> None:
    page.goto("/sign-up")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("button", name="Account of").wait_for()
    page.goto("/profile")


def leave(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")


def test_a_passkey_signs_in_without_name_and_password(page: Page) -> None:
    sign_up(page, "passkeys")
    page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_label("Name").fill("Laptop")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Remove Laptop").wait_for()
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Account of passkeys").wait_for()
    page.goto("/profile")
    page.get_by_role("button", name="Remove Laptop").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("Laptop is removed.").wait_for()
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").wait_for()


def test_a_second_step_is_set_up_and_asked_for(page: Page) -> None:
    sign_up(page, "careful")
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_role("img", name="QR code").wait_for()
    secret = page.get_by_role("textbox", name="Or type this in").input_value().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    recovery = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()
    leave(page)
    page.get_by_label("User name or e-mail").fill("careful")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Enter your code").wait_for()
    page.keyboard.type("000000")  # the field has the focus
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.get_by_label("Code", exact=True).fill(recovery)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Account of careful").wait_for()
