"""Signing in at a real provider, from a process of its own."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.accounts.oidc.school import Browser, School, school
from tests.people import ORIGIN
from tests.ports import free_port
from tests.serving import PATIENCE, ServerProcess, eventually

from deskbay.accounts.oidc.provider import Provider
from deskbay.accounts.oidc.service import OidcSignIns
from deskbay.kit.clock import SystemClock
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

AUTH = "/api/v1/auth"
BEGIN = f"{AUTH}/oidc/school/begin"
CALLBACK = f"{AUTH}/oidc/callback"
VERIFIER = "v" * 43


@pytest.fixture(scope="module")
def real_school() -> Iterator[School]:
    with school(free_port(), ORIGIN) as running:
        yield running


@pytest.fixture
def clock() -> SystemClock:
    """The machine's, since the provider is on it, too."""
    return SystemClock()


@pytest.fixture
async def signing_in(app: FastAPI, settings: Settings, real_school: School) -> AsyncIterator[AsyncClient]:
    """A browser at an application with whose page people sign in at the school."""
    app.state.settings = settings.model_copy(update={"oidc_providers": (real_school.settings,)})
    app.state.oidc = OidcSignIns(app.state.settings, app.state.clock, "k" * 43)
    async with AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        yield client
        await app.state.oidc.close()


async def returned_to(client: AsyncClient, username: str) -> dict[str, str]:
    url = (await client.post(BEGIN)).json()["authorization_url"]
    with Browser() as browser:
        query = browser.sign_in(url, username)
    return {"code": query["code"], "state": query["state"]}


async def test_a_person_signs_in_once(signing_in: AsyncClient) -> None:
    returned = await returned_to(signing_in, "ada")
    answer = await signing_in.post(CALLBACK, json=returned)
    assert answer.status_code == 200, answer.text
    ada = (await signing_in.get(f"{AUTH}/me")).json()
    assert (ada["username"], ada["email"]) == ("ada", "ada@school.example")
    assert ada["full_name"] == "ada of the school"
    replayed = await signing_in.post(CALLBACK, json=returned)
    assert replayed.json()["type"] == "sign-in-lost"


async def test_a_code_is_nothing_without_its_verifier(real_school: School, clock: SystemClock) -> None:
    redirect_uri = f"{ORIGIN}/sign-in/callback"
    async with AsyncClient(timeout=PATIENCE) as http:
        provider = Provider(real_school.settings, http, clock)
        url = await provider.authorization_url(redirect_uri, "a-state", "a-nonce", VERIFIER)
        with Browser() as browser:
            code = browser.sign_in(url, "ada")["code"]
        with pytest.raises(Problem) as refused:
            await provider.redeem(code, redirect_uri, "a-nonce", "w" * 43)
        assert refused.value.kind == "provider-refused"
        assert (await provider.redeem(code, redirect_uri, "a-nonce", VERIFIER)).subject == "ada"
        with pytest.raises(Problem, match="invalid_grant"):  # a code is good once
            await provider.redeem(code, redirect_uri, "a-nonce", VERIFIER)


async def test_a_provider_that_went_down(signing_in: AsyncClient, app: FastAPI, settings: Settings) -> None:
    nobody = School(free_port())
    app.state.oidc = OidcSignIns(settings.model_copy(update={"oidc_providers": (nobody.settings,)}), SystemClock(), "k")
    assert (await signing_in.post(BEGIN)).json()["type"] == "provider-away"


def test_who_signs_out_at_the_school_is_signed_out_here(tmp_path: Path) -> None:
    """From end to end: two servers and a browser between them."""
    port = free_port()
    wish = School(port).settings.model_dump(mode="json") | {"client_secret": "kept between us"}
    server = ServerProcess(tmp_path / "data", oidc_providers=json.dumps([wish]))
    server.data.mkdir(mode=0o700)
    server.start()
    try:
        with (
            school(port, server.url),
            Browser() as browser,
            httpx.Client(base_url=server.url, timeout=PATIENCE) as page,
        ):
            page.headers["Origin"] = server.url
            url = page.post(BEGIN).json()["authorization_url"]
            query = browser.sign_in(url, "ada")
            assert page.post(CALLBACK, json={"code": query["code"], "state": query["state"]}).is_success
            with httpx.Client(
                base_url=server.url, cookies=page.cookies, headers=page.headers, timeout=PATIENCE
            ) as other:
                goes_on = other.post(f"{AUTH}/sign-out").json()["continue_at"]
            again = browser.sign_in(page.post(BEGIN).json()["authorization_url"], "ada")
            assert page.post(CALLBACK, json={"code": again["code"], "state": again["state"]}).is_success
            assert page.get(f"{AUTH}/me").json()["username"] == "ada"
            assert str(browser.sign_out(goes_on)) == f"{server.url}/sign-in"
            eventually(lambda: page.get(f"{AUTH}/me").status_code == 401, "the school tells us that ada has left")
    finally:
        server.leave()
