"""The cookies' flags, over HTTP and over HTTPS, seen as a browser sees them."""

from http.cookies import Morsel, SimpleCookie

import pytest
from fastapi import FastAPI
from httpx import Response
from tests.people import ORIGIN, PASSWORD, People, client_of

from deskbay.front import Hosts
from deskbay.settings import Settings

SIGN_IN = {"username": "ada", "password": PASSWORD}
PUBLIC = "https://desk.example.org"


def cookies_set(answer: Response) -> dict[str, Morsel[str]]:
    cookies: dict[str, Morsel[str]] = {}
    for header in answer.headers.get_list("set-cookie"):
        cookies.update(SimpleCookie(header))
    return cookies


async def sign_in_at(app: FastAPI, url: str) -> Response:
    async with client_of(app, url) as client:
        answer = await client.post("/api/v1/auth/sign-in", json=SIGN_IN, headers={"Origin": url})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture(autouse=True)
async def ada(people: People) -> None:
    await people.add("ada")


async def test_over_http(app: FastAPI) -> None:
    cookies = cookies_set(await sign_in_at(app, ORIGIN))
    assert set(cookies) == {"deskbay_access", "deskbay_refresh"}
    for cookie, path, max_age in (("deskbay_access", "/", "900"), ("deskbay_refresh", "/api/v1/auth", "2592000")):
        flags = cookies[cookie]
        assert flags["httponly"] is True
        assert flags["samesite"] == "strict"
        assert not flags["secure"]
        assert not flags["domain"]
        assert (flags["path"], flags["max-age"]) == (path, max_age)


async def test_over_https(app: FastAPI) -> None:
    cookies = cookies_set(await sign_in_at(app, "https://10.0.0.1"))
    assert set(cookies) == {"__Host-deskbay_access", "__Secure-deskbay_refresh"}
    assert all(cookie["secure"] and cookie["httponly"] for cookie in cookies.values())
    assert cookies["__Host-deskbay_access"]["path"] == "/"
    assert not cookies["__Host-deskbay_access"]["domain"]


@pytest.mark.parametrize(("url", "secure"), [("http://desk.example.org", True), (ORIGIN, False)])
async def test_behind_a_proxy_that_ends_https(app: FastAPI, settings: Settings, url: str, *, secure: bool) -> None:
    """The public address has secure cookies; who comes by another way, without HTTPS, could not keep them."""
    app.state.settings = settings.model_copy(update={"public_url": PUBLIC})
    app.state.hosts = Hosts(app.state.settings)
    cookies = cookies_set(await sign_in_at(app, url))
    assert all(bool(cookie["secure"]) is secure for cookie in cookies.values())
    assert ("__Host-deskbay_access" in cookies) is secure


@pytest.mark.parametrize("url", [ORIGIN, "https://10.0.0.1"])
async def test_signing_out_takes_away_what_signing_in_set(app: FastAPI, url: str) -> None:
    async with client_of(app, url) as page:
        page.headers["Origin"] = url
        given = cookies_set(await page.post("/api/v1/auth/sign-in", json=SIGN_IN))
        taken = cookies_set(await page.post("/api/v1/auth/sign-out"))
        assert not page.cookies
    assert set(given) == set(taken)
    for name, cookie in taken.items():
        assert (cookie.value, cookie["max-age"]) == ("", "0")
        assert all(cookie[flag] == given[name][flag] for flag in ("path", "secure", "httponly", "samesite"))


async def test_the_refresh_cookie_goes_to_the_accounts_routes_alone(app: FastAPI) -> None:
    async with client_of(app) as page:
        await page.post("/api/v1/auth/sign-in", json=SIGN_IN, headers={"Origin": ORIGIN})
        elsewhere = page.build_request("GET", "/api/v1/about").headers["cookie"]
        there = page.build_request("POST", "/api/v1/auth/refresh").headers["cookie"]
    assert "deskbay_access" in elsewhere
    assert "deskbay_refresh" not in elsewhere
    assert "deskbay_refresh" in there
