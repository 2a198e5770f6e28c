"""A report's link shows the same numbers to whoever opens it, and they are those of its export."""

import csv
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.people import PASSWORD
from tests.serving import DESKBAY, PATIENCE, ServerProcess

TODAY = datetime.now(UTC).date()
BEFORE = TODAY - timedelta(days=3)
REPORT = f"/reports?by=user&period=day&from={BEFORE}&to={TODAY}&zone=Europe%2FBerlin&limit=2&sort=label"
HOURS = {"ada": 3.25, "bob": 2.5, "eve": 1.75}


def administrator(server: ServerProcess) -> httpx.Client:
    command = [str(DESKBAY), "users", "create", "grace", "--administrator", "--password-stdin", "--data"]
    subprocess.run([*command, str(server.data)], input=PASSWORD.encode(), check=True, stdout=subprocess.DEVNULL)
    given = {"username": "grace", "password": PASSWORD}
    asked = httpx.post(f"{server.url}/api/v1/auth/token", json=given, trust_env=False, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {asked.raise_for_status().json()['access_token']}"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE, trust_env=False)


def work(client: httpx.Client, name: str, hours: float) -> None:
    """Make a person, and a device at which they were for some hours some days ago."""
    new = {"username": name, "password": PASSWORD}
    sign_up = f"{client.base_url}/api/v1/auth/sign-up"
    httpx.post(sign_up, json=new, trust_env=False, timeout=PATIENCE).raise_for_status()
    device = client.post("/api/v1/devices", json={"name": f"pc of {name}"}).raise_for_status().json()
    token = {"Authorization": f"Bearer {device['token']}"}
    at = datetime.combine(BEFORE, time(8, 30), UTC).isoformat()
    uuid, promise = str(uuid4()), int(hours * 3600)
    sign_in = {"id": uuid, "username": name, "at": at, "next_ping_seconds": promise}
    client.post("/api/v1/sign-ins", json=sign_in, headers=token).raise_for_status()
    ping = {"sign_in": uuid, "at": at, "next_ping_seconds": promise, "event": "lesson", "application": "Writer"}
    client.post("/api/v1/pings", json={"pings": [ping]}, headers=token).raise_for_status()


@pytest.fixture(scope="module", autouse=True)
def hours(server: ServerProcess) -> Iterator[None]:
    with administrator(server) as client:
        for name, some in HOURS.items():
            work(client, name, some)
        yield


def signed_in(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.get_by_label("User name or e-mail").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def table_of(page: Page) -> list[list[str]]:
    """Return the label and the numbers of each row, without the share."""
    expect(page.get_by_role("cell").first).to_be_visible()
    rows = [row.locator("th, td").all_inner_texts() for row in page.get_by_role("row").all()]
    return [[cells[0], cells[1], *cells[3:]] for cells in rows[1:]]


def csv_of(page: Page, folder: Path) -> list[list[str]]:
    """Return the same of the exported file, rounded as on the page."""
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    with file.open(newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return [[label, *(f"{float(number):.2f}" for number in (hours, *days))] for label, hours, _, _, *days in rows]


def test_a_link_shows_everyone_the_numbers_of_the_export(
    browser: Browser, context: BrowserContext, server: ServerProcess, tmp_path: Path
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = signed_in(context, REPORT)
    shown = table_of(page)
    assert [(label, hours) for label, hours, *_ in shown] == [
        ("ada", "3.25"),
        ("bob", "2.50"),
        ("The rest (1)", "1.75"),
        ("Total", "7.50"),
    ]
    assert csv_of(page, tmp_path) == [
        [{"The rest (1)": "(the rest)", "Total": "(total)"}.get(label, label), *numbers] for label, *numbers in shown
    ]
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied")).to_be_visible()
    link = str(page.evaluate("navigator.clipboard.readText()"))
    other = browser.new_context(base_url=server.url, timezone_id="Asia/Kathmandu", locale="fr-FR")
    other.set_default_timeout(PATIENCE * 1000)
    assert table_of(signed_in(other, link)) == shown
    other.close()


def test_a_choice_is_in_the_address_and_back_takes_it_back(context: BrowserContext) -> None:
    page = signed_in(context, REPORT)
    page.get_by_label("Hours by", exact=True).select_option("Application")
    expect(page.get_by_role("heading", name="Hours by application")).to_be_visible()
    assert "by=application" in page.url
    expect(page.get_by_role("rowheader", name="Writer")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Hours by person")).to_be_visible()
