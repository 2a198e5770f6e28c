"""Profiles: one's own account, password and sign-ins."""

from http import HTTPStatus

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from tests.clock import FrozenClock
from tests.people import ORIGIN, PASSWORD, People, client_of

from deskbay.accounts.models import User
from deskbay.accounts.oidc.service import add_identity

PROFILE = "/api/v1/profile"
LOGINS = f"{PROFILE}/sign-ins"
PASSWORDS = f"{PROFILE}/password"
ME = "/api/v1/auth/me"
ANOTHER = "another long password"


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def page(people: People, ada: User) -> AsyncClient:
    return await people.page(ada)


async def sign_in(app: FastAPI, password: str) -> int:
    async with client_of(app) as client:
        answer = await client.post("/api/v1/auth/token", json={"username": "ada", "password": password})
        return answer.status_code


async def test_nobody_has_one(client: AsyncClient) -> None:
    for method, path in (
        ("GET", PROFILE),
        ("PATCH", PROFILE),
        ("PUT", PASSWORDS),
        ("GET", LOGINS),
        ("DELETE", LOGINS),
        ("DELETE", f"{LOGINS}/1"),
    ):
        answer = await client.request(method, path, json={"new_password": ANOTHER} if method == "PUT" else {})
        assert told(answer) == (401, "not-signed-in"), (method, path)


class TestProfile:
    async def test_it_shows_the_account(self, page: AsyncClient, ada: User) -> None:
        assert (await page.get(PROFILE)).json() == {
            "id": ada.id,
            "username": "ada",
            "full_name": None,
            "email": "ada@example.org",
            "email_verified_at": None,
            "role": "user",
            "zone": None,
            "language": None,
            "theme": "auto",
            "has_password": True,
            "providers": [],
        }

    async def test_what_is_left_out_stays(self, page: AsyncClient) -> None:
        wish = {"full_name": " Ada Lovelace ", "zone": "Europe/Berlin", "theme": "dark"}
        changed = (await page.patch(PROFILE, json=wish)).json()
        assert (changed["full_name"], changed["zone"], changed["theme"]) == ("Ada Lovelace", "Europe/Berlin", "dark")
        changed = (await page.patch(PROFILE, json={"zone": None})).json()
        assert (changed["full_name"], changed["zone"], changed["theme"]) == ("Ada Lovelace", None, "dark")
        assert (await page.get(PROFILE)).json() == changed

    async def test_a_language_is_told_with_who_is_signed_in(self, page: AsyncClient) -> None:
        for language in ("de", "de-AT", "zh-Hant-TW", "es-419", None):
            assert (await page.patch(PROFILE, json={"language": language})).json()["language"] == language
            assert (await page.get("/api/v1/auth/me")).json()["language"] == language

    async def test_bad_input(self, page: AsyncClient) -> None:
        for wish in (
            {"full_name": ""},
            {"email": "ada"},
            {"zone": "Mars"},
            {"language": "Klingon"},
            {"language": "de_DE.UTF-8"},
            {"language": "de-AT; rm -rf /"},
            {"theme": "red"},
            {"role": "administrator"},
        ):
            assert told(await page.patch(PROFILE, json=wish)) == (422, "invalid-request"), wish

    async def test_another_address_takes_the_password_and_has_to_be_verified(
        self, page: AsyncClient, people: People, ada: User, clock: FrozenClock
    ) -> None:
        async with people.database.write() as db:
            (await db.get_one(User, ada.id)).email_verified_at = clock.now()
        wish = {"email": "New@example.org"}
        for proof in ({}, {"password": "wrong"}):
            assert told(await page.patch(PROFILE, json=wish | proof)) == (403, "wrong-password")
        same = (await page.patch(PROFILE, json={"email": "ada@example.org"})).json()
        assert same["email_verified_at"] is not None
        changed = (await page.patch(PROFILE, json=wish | {"password": PASSWORD})).json()
        assert (changed["email"], changed["email_verified_at"]) == ("new@example.org", None)

    async def test_an_address_of_somebody_else(self, page: AsyncClient, people: People) -> None:
        await people.add("bob")
        wish = {"email": "bob@example.org", "password": PASSWORD, "full_name": "Ada L."}
        assert told(await page.patch(PROFILE, json=wish)) == (409, "taken")
        assert (await page.get(PROFILE)).json()["full_name"] is None


class TestPassword:
    async def test_it_takes_the_old_one(self, app: FastAPI, page: AsyncClient) -> None:
        for proof in ({}, {"password": "wrong"}):
            answer = await page.put(PASSWORDS, json={"new_password": ANOTHER} | proof)
            assert told(answer) == (403, "wrong-password")
        assert await sign_in(app, PASSWORD) == HTTPStatus.OK

    async def test_it_ends_every_other_sign_in(
        self, app: FastAPI, page: AsyncClient, people: People, ada: User
    ) -> None:
        elsewhere = await people.program(ada)
        answer = await page.put(PASSWORDS, json={"password": PASSWORD, "new_password": ANOTHER})
        assert answer.status_code == 204
        assert (await page.get(ME)).status_code == 200
        assert (await elsewhere.get(ME)).status_code == 401
        assert (await sign_in(app, PASSWORD), await sign_in(app, ANOTHER)) == (401, 200)

    async def test_one_that_is_too_short(self, page: AsyncClient) -> None:
        answer = await page.put(PASSWORDS, json={"password": PASSWORD, "new_password": "short"})
        assert told(answer) == (422, "invalid-request")
        assert "short" not in answer.json()["detail"].replace("too short", "")

    async def test_guesses_are_counted(self, page: AsyncClient) -> None:
        wish = {"password": "wrong", "new_password": ANOTHER}
        answers = [await page.put(PASSWORDS, json=wish) for _ in range(11)]
        assert told(answers[-1]) == (429, "too-many-attempts")

    async def test_who_has_none_needs_none(
        self, app: FastAPI, people: People, ada: User, page: AsyncClient, clock: FrozenClock
    ) -> None:
        async with people.database.write() as db:
            known = await db.get_one(User, ada.id)
            known.password_hash = None
            await add_identity(db, clock, known, "https://login.example.org", "ada-1")
        assert (await page.get(PROFILE)).json()["has_password"] is False
        assert (await page.put(PASSWORDS, json={"new_password": ANOTHER})).status_code == 204
        assert await sign_in(app, ANOTHER) == HTTPStatus.OK


class TestSignIns:
    async def test_they_tell_where_from_and_since_when(
        self, app: FastAPI, page: AsyncClient, clock: FrozenClock
    ) -> None:
        clock.advance(minutes=5)
        async with client_of(app) as other:
            credentials = {"username": "ada", "password": PASSWORD}
            await other.post("/api/v1/auth/sign-in", json=credentials, headers={"User-Agent": "A browser " + "x" * 400})
        other_one, this = (await page.get(LOGINS)).json()["items"]
        assert (this["is_this"], other_one["is_this"]) == (True, False)
        assert other_one["program"] == ("A browser " + "x" * 400)[:300]
        assert other_one["address"] == "127.0.0.1"
        assert (this["created_at"], other_one["created_at"]) == ("2026-01-05T09:00:00Z", "2026-01-05T09:05:00Z")

    async def test_they_were_seen_when_they_were_renewed(self, page: AsyncClient, clock: FrozenClock) -> None:
        clock.advance(minutes=14)
        await page.post("/api/v1/auth/refresh", headers={"Origin": ORIGIN})
        (this,) = (await page.get(LOGINS)).json()["items"]
        assert this["seen_at"] == "2026-01-05T09:14:00Z"

    async def test_one_ends_at_once(self, page: AsyncClient, people: People, ada: User) -> None:
        elsewhere = await people.program(ada)
        (other,) = [one for one in (await page.get(LOGINS)).json()["items"] if not one["is_this"]]
        assert (await page.delete(f"{LOGINS}/{other['id']}")).status_code == 204
        assert (await elsewhere.get(ME)).status_code == 401
        assert told(await page.delete(f"{LOGINS}/{other['id']}")) == (404, "no-sign-in")

    async def test_all_others_end(self, page: AsyncClient, people: People, ada: User) -> None:
        others = [await people.program(ada), await people.page(ada)]
        assert (await page.delete(LOGINS)).status_code == 204
        assert [(await other.get(ME)).status_code for other in others] == [401, 401]
        assert len((await page.get(LOGINS)).json()["items"]) == 1

    async def test_those_of_others_are_theirs(self, page: AsyncClient, people: People) -> None:
        bob = await people.page(await people.add("bob"))
        (his,) = (await bob.get(LOGINS)).json()["items"]
        assert told(await page.delete(f"{LOGINS}/{his['id']}")) == (404, "no-sign-in")
        await page.delete(LOGINS)
        assert (await bob.get(ME)).status_code == 200
