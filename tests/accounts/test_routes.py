"""Signing up, in and out over HTTP: each route for nobody, the wrong person, with bad input, and as it should be."""

import asyncio
import json
import logging

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from structlog.testing import capture_logs
from tests.clock import FrozenClock
from tests.people import ORIGIN, PASSWORD, People, client_of

from deskbay.accounts import service
from deskbay.accounts.attempts import Attempt
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.built_in import USER
from deskbay.settings import Settings

AUTH = "/api/v1/auth"
NEW = {"username": "Ada", "password": PASSWORD, "email": "Ada@Example.org", "full_name": "Ada Lovelace"}
CREDENTIALS = {"username": "ada", "password": PASSWORD}
TAKING_A_PASSWORD = [f"{AUTH}/sign-in", f"{AUTH}/token"]
SETTING_COOKIES = [f"{AUTH}/sign-up", f"{AUTH}/sign-in", f"{AUTH}/link", f"{AUTH}/refresh"]


def told(answer: Response) -> tuple[int, str]:
    """Return the status and kind of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["type"]


async def post_ascii(client: AsyncClient, path: str, body: dict[str, object]) -> Response:
    """Post JSON with every other character escaped, so that it may be half a one."""
    return await client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})


async def me(client: AsyncClient) -> Response:
    return await client.get(f"{AUTH}/me")


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def page(people: People, ada: User) -> AsyncClient:
    return await people.page(ada)


class TestSignUp:
    async def test_the_page_is_signed_in(self, client: AsyncClient) -> None:
        answer = await client.post(f"{AUTH}/sign-up", json=NEW, headers={"Origin": ORIGIN})
        assert answer.status_code == 201
        expected = {"username": "Ada", "email": "ada@example.org", "full_name": "Ada Lovelace", "role": "user"}
        told_of = {
            "id": answer.json()["id"],
            "zone": None,
            "language": None,
            "theme": "auto",
            "rights": dict(USER.rights),
        }
        assert answer.json() == expected | told_of
        assert (await me(client)).json() == answer.json()

    async def test_a_username_and_a_password_are_enough(self, client: AsyncClient) -> None:
        answer = await client.post(f"{AUTH}/sign-up", json=CREDENTIALS)
        assert answer.status_code == 201
        assert (answer.json()["email"], answer.json()["full_name"]) == (None, None)

    async def test_the_password_then_signs_in(self, client: AsyncClient) -> None:
        await client.post(f"{AUTH}/sign-up", json=NEW)
        assert (await client.post(f"{AUTH}/token", json=CREDENTIALS)).status_code == 200

    async def test_closed(self, app: FastAPI, client: AsyncClient, settings: Settings) -> None:
        app.state.settings = settings.model_copy(update={"sign_up_open": False})
        answer = await client.post(f"{AUTH}/sign-up", json=NEW)
        assert told(answer) == (403, "sign-up-closed")
        assert "administrator" in answer.json()["detail"]
        assert not answer.headers.get_list("set-cookie")

    @pytest.mark.usefixtures("ada")
    async def test_taken(self, client: AsyncClient) -> None:
        answer = await client.post(f"{AUTH}/sign-up", json=NEW)
        assert told(answer) == (409, "taken")
        assert not answer.headers.get_list("set-cookie")

    async def test_of_five_at_once_one_gets_the_name(self, client: AsyncClient) -> None:
        answers = await asyncio.gather(*(client.post(f"{AUTH}/sign-up", json=NEW) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"username": ""}, "body.username"),
            ({"username": "ada lovelace"}, "body.username"),
            ({"username": "x" * 65}, "body.username"),
            ({"username": None}, "body.username"),
            ({"username": 7}, "body.username"),
            ({"username": "a\ud800"}, "body.username"),
            ({"password": "short"}, "body.password"),
            ({"password": "x" * 1025}, "body.password"),
            ({"password": "secret\ud800\ud800"}, "body.password"),
            ({"email": "nobody"}, "body.email"),
            ({"full_name": "Ada\x00"}, "body.full_name"),
            ({"role": "administrator"}, "body.role"),
        ],
    )
    async def test_bad_input_names_the_field_and_adds_nobody(
        self, client: AsyncClient, change: dict[str, object], field: str
    ) -> None:
        answer = await post_ascii(client, f"{AUTH}/sign-up", {**NEW, **change})
        assert told(answer) == (422, "invalid-request")
        assert [wrong["field"] for wrong in answer.json()["errors"]] == [field]
        assert PASSWORD not in answer.text
        assert (await client.post(f"{AUTH}/sign-up", json=NEW)).status_code == 201

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"ada"', b"\xff\xfe"])
    async def test_what_is_no_object(self, client: AsyncClient, body: bytes) -> None:
        answer = await client.post(f"{AUTH}/sign-up", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"


class TestPasswords:
    @pytest.mark.usefixtures("ada")
    @pytest.mark.parametrize("path", TAKING_A_PASSWORD)
    @pytest.mark.parametrize("wrong", [{"username": "bob"}, {"password": "wrong horse"}])
    async def test_wrong(self, client: AsyncClient, path: str, wrong: dict[str, str]) -> None:
        answer = await client.post(path, json={**CREDENTIALS, **wrong})
        assert told(answer) == (401, "wrong-credentials")
        assert not answer.headers.get_list("set-cookie")

    @pytest.mark.parametrize("path", TAKING_A_PASSWORD)
    @pytest.mark.parametrize(
        "change",
        [
            {"username": ""},
            {"username": "a\x00"},
            {"password": ""},
            {"password": "x" * 1025},
            {"password": "\ud800"},
            {"more": "x"},
        ],
    )
    async def test_bad_input(self, client: AsyncClient, path: str, change: dict[str, str]) -> None:
        assert told(await post_ascii(client, path, {**CREDENTIALS, **change})) == (422, "invalid-request")

    @pytest.mark.usefixtures("ada")
    @pytest.mark.parametrize("path", TAKING_A_PASSWORD)
    async def test_too_many_failures_say_when_to_try_again(
        self, app: FastAPI, client: AsyncClient, clock: FrozenClock, path: str
    ) -> None:
        for _ in range(10):
            await app.state.attempts.count(Attempt.SIGN_IN, account="ada")
        clock.advance(seconds=18)
        answer = await client.post(path, json=CREDENTIALS)
        assert told(answer) == (429, "too-many-attempts")
        assert answer.headers["Retry-After"] == "42"
        assert "42 seconds" in answer.json()["detail"]

    @pytest.mark.usefixtures("ada")
    async def test_the_address_that_counts_is_the_connections(self, app: FastAPI, client: AsyncClient) -> None:
        for _ in range(10):
            await app.state.attempts.count(Attempt.SIGN_IN, address="127.0.0.1")
        forged = {"X-Forwarded-For": "192.0.2.9", "Forwarded": "for=192.0.2.9"}
        answer = await client.post(f"{AUTH}/sign-in", json=CREDENTIALS, headers=forged)
        assert answer.status_code == 429

    async def test_a_page_gets_cookies(self, client: AsyncClient, ada: User) -> None:
        answer = await client.post(f"{AUTH}/sign-in", json={**CREDENTIALS, "username": "ADA@example.org"})
        assert answer.status_code == 200
        assert answer.json()["id"] == ada.id
        assert (await me(client)).json() == answer.json()

    @pytest.mark.usefixtures("ada")
    async def test_a_program_gets_tokens_and_no_cookies(self, client: AsyncClient) -> None:
        answer = await client.post(f"{AUTH}/token", json=CREDENTIALS)
        assert answer.status_code == 200
        assert answer.json()["token_type"] == "bearer"
        assert answer.json()["expires_in"] == 900
        assert not client.cookies
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        assert (await me(client)).json()["username"] == "ada"


class TestRefresh:
    async def test_nobody(self, client: AsyncClient) -> None:
        answer = await client.post(f"{AUTH}/refresh", headers={"Origin": ORIGIN})
        assert told(answer) == (401, "not-signed-in")

    async def test_the_page_goes_on_when_its_access_has_ended(self, page: AsyncClient, clock: FrozenClock) -> None:
        before = dict(page.cookies)
        clock.advance(minutes=20)
        assert told(await me(page)) == (401, "not-signed-in")
        answer = await page.post(f"{AUTH}/refresh")
        assert answer.status_code == 200
        assert answer.json()["username"] == "ada"
        assert (await me(page)).json() == answer.json()
        assert all(before[name] != page.cookies[name] for name in before)

    async def test_a_spent_cookie_ends_the_sign_in_for_thief_and_owner(self, app: FastAPI, page: AsyncClient) -> None:
        stolen = page.cookies["deskbay_refresh"]
        assert (await page.post(f"{AUTH}/refresh")).status_code == 200
        async with client_of(app) as thief:
            cookie = {"Origin": ORIGIN, "Cookie": f"deskbay_refresh={stolen}"}
            assert told(await thief.post(f"{AUTH}/refresh", headers=cookie)) == (401, "not-signed-in")
        assert (await me(page)).status_code == 401
        assert (await page.post(f"{AUTH}/refresh")).status_code == 401

    async def test_after_thirty_days_without_use(self, page: AsyncClient, clock: FrozenClock) -> None:
        clock.advance(days=30)
        assert (await page.post(f"{AUTH}/refresh")).status_code == 401

    async def test_tokens_of_a_program_rotate_too(self, client: AsyncClient, people: People, ada: User) -> None:
        tokens = await self.tokens(people, ada)
        rotated = await client.post(f"{AUTH}/token/refresh", json={"refresh_token": tokens})
        assert rotated.status_code == 200
        client.headers["Authorization"] = f"Bearer {rotated.json()['access_token']}"
        assert (await me(client)).status_code == 200
        again = await client.post(f"{AUTH}/token/refresh", json={"refresh_token": tokens})
        assert told(again) == (401, "not-signed-in")
        assert (await me(client)).status_code == 401

    async def tokens(self, people: People, user: User) -> str:
        async with people.database.write() as db:
            return (await service.issue_tokens(db, people.issuer, user)).refresh

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 422),
            ({"refresh_token": ""}, 422),
            ({"refresh_token": 7}, 422),
            ({"refresh_token": "x" * 201}, 422),
            ({"refresh_token": "nonsense"}, 401),
            ({"refresh_token": f"1.{'a' * 43}.{'b' * 43}"}, 401),
            ({"refresh_token": f"{'9' * 100}.{'a' * 43}.{'b' * 43}"}, 401),
            ({"refresh_token": "\x00"}, 401),
            ({"refresh_token": "\ud800"}, 422),
        ],
    )
    async def test_bad_input(self, client: AsyncClient, body: dict[str, object], status: int) -> None:
        answer = await post_ascii(client, f"{AUTH}/token/refresh", body)
        assert told(answer)[0] == status

    async def test_an_access_token_is_no_refresh_token(self, client: AsyncClient, user_client: AsyncClient) -> None:
        access = user_client.headers["Authorization"].removeprefix("Bearer ")
        answer = await client.post(f"{AUTH}/token/refresh", json={"refresh_token": access[:200]})
        assert answer.status_code == 401


class TestLink:
    async def link(self, people: People, user: User, clock: FrozenClock) -> dict[str, str]:
        async with people.database.write() as db:
            return {"token": await service.create_sign_in_link(db, clock, user)}

    async def test_it_signs_the_page_in_once(
        self, client: AsyncClient, people: People, ada: User, clock: FrozenClock
    ) -> None:
        link = await self.link(people, ada, clock)
        answer = await client.post(f"{AUTH}/link", json=link, headers={"Origin": ORIGIN})
        assert answer.status_code == 200
        assert (await me(client)).json() == answer.json()
        assert told(await client.post(f"{AUTH}/link", json=link)) == (401, "link-spent")

    async def test_of_five_at_once_one_signs_in(
        self, client: AsyncClient, people: People, ada: User, clock: FrozenClock
    ) -> None:
        link = await self.link(people, ada, clock)
        answers = await asyncio.gather(*(client.post(f"{AUTH}/link", json=link) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]

    async def test_after_ten_minutes(self, client: AsyncClient, people: People, ada: User, clock: FrozenClock) -> None:
        link = await self.link(people, ada, clock)
        clock.advance(minutes=10)
        assert told(await client.post(f"{AUTH}/link", json=link)) == (401, "link-spent")

    @pytest.mark.parametrize(
        ("token", "status"), [("guess", 401), ("", 422), ("x" * 201, 422), ("\x00", 401), ("\ud800", 422)]
    )
    async def test_bad_input(self, client: AsyncClient, token: str, status: int) -> None:
        assert told(await post_ascii(client, f"{AUTH}/link", {"token": token}))[0] == status


class TestSignOut:
    @pytest.mark.parametrize("path", ["sign-out", "sign-out-everywhere"])
    async def test_anonymous_gets_401(self, client: AsyncClient, path: str) -> None:
        assert told(await client.post(f"{AUTH}/{path}")) == (401, "not-signed-in")

    @pytest.mark.parametrize(("path", "elsewhere"), [("sign-out", 200), ("sign-out-everywhere", 401)])
    async def test_it_acts_at_once(
        self, page: AsyncClient, people: People, ada: User, path: str, elsewhere: int
    ) -> None:
        access, refresh = page.cookies["deskbay_access"], page.cookies["deskbay_refresh"]
        program, bobs = await people.program(ada), await people.program(await people.add("bob"))
        assert (await page.post(f"{AUTH}/{path}")).is_success
        assert not page.cookies
        kept = {"Cookie": f"deskbay_access={access}; deskbay_refresh={refresh}"}
        assert (await page.get(f"{AUTH}/me", headers=kept)).status_code == 401
        assert (await page.post(f"{AUTH}/refresh", headers=kept)).status_code == 401
        assert (await me(program)).status_code == elsewhere
        assert (await me(bobs)).status_code == 200

    @pytest.mark.parametrize("path", ["sign-out", "sign-out-everywhere"])
    async def test_another_site_signs_nobody_out(self, page: AsyncClient, path: str) -> None:
        answer = await page.post(f"{AUTH}/{path}", headers={"Origin": "https://evil.example"})
        assert told(answer) == (403, "cross-origin")
        assert (await me(page)).status_code == 200


class TestMe:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        answer = await me(client)
        assert told(answer) == (401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    async def test_whoever_asks(self, user_client: AsyncClient, administrator_client: AsyncClient) -> None:
        assert (await me(user_client)).json()["role"] == Role.USER
        assert (await me(administrator_client)).json()["role"] == Role.ADMINISTRATOR

    async def test_a_page_by_its_cookie(self, page: AsyncClient) -> None:
        assert (await me(page)).json()["username"] == "ada"


class TestOtherSites:
    """A page of another site neither signs anyone in nor keeps them signed in."""

    @pytest.mark.usefixtures("ada")
    @pytest.mark.parametrize("path", SETTING_COOKIES)
    @pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
    async def test_it_is_refused_cookies(self, client: AsyncClient, path: str, header: dict[str, str]) -> None:
        answer = await client.post(path, json=CREDENTIALS, headers=header)
        assert told(answer) == (403, "cross-origin")
        assert not answer.headers.get_list("set-cookie")

    async def test_a_refresh_without_any_origin_is_refused(self, page: AsyncClient) -> None:
        del page.headers["Origin"]
        assert told(await page.post(f"{AUTH}/refresh")) == (403, "cross-origin")

    @pytest.mark.usefixtures("ada")
    async def test_a_form_is_not_read(self, client: AsyncClient) -> None:
        """Forms and plain text are what a page of another site may send unasked."""
        body = json.dumps(CREDENTIALS).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            answer = await client.post(f"{AUTH}/sign-in", content=body, headers={"Content-Type": kind})
            assert answer.status_code == 422


async def test_no_secret_gets_into_a_log(
    client: AsyncClient, people: People, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        await client.post(f"{AUTH}/sign-up", json=CREDENTIALS)
        await client.post(f"{AUTH}/sign-in", json={**CREDENTIALS, "password": "wrong horse"})
        tokens = (await client.post(f"{AUTH}/token", json=CREDENTIALS)).json()
        for _ in range(2):
            await client.post(f"{AUTH}/token/refresh", json={"refresh_token": tokens["refresh_token"]})
        async with people.database.write() as db:
            link = await service.create_sign_in_link(db, clock, await db.get_one(User, 1))
        await client.post(f"{AUTH}/link", json={"token": link})
        await client.post(f"{AUTH}/sign-out", headers={"Origin": ORIGIN})
    written = caplog.text + str(logs)
    assert "refresh token used twice" in written
    secrets = [PASSWORD, "wrong horse", tokens["access_token"], *tokens["refresh_token"].split(".")[1:], link]
    assert [secret for secret in (*secrets, *client.cookies.values()) if secret in written] == []
