"""Tokens of the API: made, told once, used as far as their scopes go, listed, revoked."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.people import People, client_of

from deskbay.accounts.models import ApiToken, Role, User
from deskbay.accounts.passkeys.models import Passkey
from deskbay.accounts.rights.scopes import GRANTABLE
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.kit.secrets import digest

TOKENS = "/api/v1/tokens"
SERVICE = "/api/v1/service-tokens"
ME = "/api/v1/auth/me"
READS = {"name": "Reader", "scopes": ["desktops:read"]}


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


class Programs:
    """Programs with tokens."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self._app = app
        self._stack = stack

    async def with_token(self, secret: str) -> AsyncClient:
        client = await self._stack.enter_async_context(client_of(self._app))
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    async def of(self, person: AsyncClient, *scopes: str, **different: object) -> AsyncClient:
        wish = {"name": "A program", "scopes": scopes, **different}
        answer = await person.post(TOKENS, json=wish)
        assert answer.status_code == 201, answer.text
        return await self.with_token(answer.json()["token"])


@pytest.fixture
async def programs(app: FastAPI) -> AsyncIterator[Programs]:
    async with AsyncExitStack() as stack:
        yield Programs(app, stack)


@pytest.fixture
async def page(people: People) -> AsyncClient:
    return await people.page(await people.add("ada"))


class TestMaking:
    async def test_nobody_may(self, client: AsyncClient) -> None:
        assert told(await client.post(TOKENS, json=READS)) == (401, "not-signed-in")

    async def test_its_secret_is_told_once_and_kept_as_a_digest(self, page: AsyncClient, people: People) -> None:
        made = (await page.post(TOKENS, json={**READS, "description": "For the wall"})).json()
        assert made["token"].startswith("deskbay_pat_")
        assert len(made["token"]) == len("deskbay_pat_") + 43
        assert (made["name"], made["description"], made["scopes"]) == ("Reader", "For the wall", ["desktops:read"])
        assert made["user"]["username"] == made["created_by"]["username"] == "ada"
        assert made["expires_at"] == "2026-02-04T09:00:00Z"
        assert made["token"] not in (await page.get(TOKENS)).text
        async with people.database.read() as db:
            (kept,) = (await db.scalars(select(ApiToken))).all()
        assert kept.digest == digest(made["token"])

    async def test_bad_input(self, page: AsyncClient) -> None:
        wrong: list[dict[str, object]] = [
            {"name": ""},
            {"name": "a\nb"},
            {"scopes": []},
            {"scopes": ["everything"]},
            {"scopes": ["profile:read"]},
            {"scopes": ["desktops:read!"]},
            {"scopes": ["desktops:read!theirs"]},
            {"expires_in_days": 0},
            {"expires_in_days": 366},
            {"user_id": 1},
        ]
        for bad in wrong:
            assert told(await page.post(TOKENS, json={**READS, **bad})) == (422, "invalid-request"), bad
        assert (await page.get(TOKENS)).json() == {"items": [], "next_cursor": None}

    async def test_there_is_an_end_to_it(self, page: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("deskbay.accounts.api_tokens.service.MOST_TOKENS", 2)
        statuses = [(await page.post(TOKENS, json=READS)).status_code for _ in range(3)]
        assert statuses == [201, 201, 409]


class TestUsing:
    async def test_it_acts_for_its_person(self, page: AsyncClient, programs: Programs) -> None:
        program = await programs.of(page, "desktops:read")
        assert (await program.get(ME)).json()["username"] == "ada"
        assert (await program.get("/api/v1/desktops")).status_code == 200

    async def test_a_narrow_one_is_told_what_it_lacks(self, page: AsyncClient, programs: Programs) -> None:
        program = await programs.of(page, "desktops:read")
        for method, path, scope in (
            ("POST", "/api/v1/desktops", "desktops:write"),
            ("GET", "/api/v1/sessions", "sessions:read"),
            ("GET", "/api/v1/devices/mine", "devices:read"),
        ):
            answer = await program.request(method, path, json={})
            assert told(answer) == (403, "scope-missing"), path
            assert scope in answer.json()["detail"]

    async def test_to_write_includes_to_read(self, page: AsyncClient, programs: Programs) -> None:
        program = await programs.of(page, "desktops:write")
        assert (await program.get("/api/v1/desktops")).status_code == 200

    async def test_no_token_reaches_accounts_and_tokens(self, page: AsyncClient, programs: Programs) -> None:
        program = await programs.of(page, *GRANTABLE)
        for method, path in (("POST", TOKENS), ("GET", TOKENS), ("POST", "/api/v1/auth/sign-out-everywhere")):
            answer = await program.request(method, path, json=READS if method == "POST" else None)
            assert told(answer) == (403, "not-for-tokens"), path

    async def test_it_has_no_more_rights_than_its_person(self, page: AsyncClient, programs: Programs) -> None:
        program = await programs.of(page, "people:write", "people:read")
        assert told(await program.get("/api/v1/users")) == (403, "right-missing")

    async def test_it_ends_when_its_days_are_over(
        self, page: AsyncClient, programs: Programs, clock: FrozenClock
    ) -> None:
        program = await programs.of(page, "desktops:read", expires_in_days=1)
        clock.advance(hours=23)
        assert (await program.get(ME)).status_code == 200
        clock.advance(hours=1)
        assert told(await program.get(ME)) == (401, "not-signed-in")

    async def test_a_made_up_one_is_nobodys(self, programs: Programs) -> None:
        program = await programs.with_token("deskbay_pat_" + "x" * 43)
        assert told(await program.get(ME)) == (401, "not-signed-in")

    async def test_it_is_worth_nothing_while_its_person_is_disabled(
        self, page: AsyncClient, programs: Programs, people: People, clock: FrozenClock
    ) -> None:
        program = await programs.of(page, "desktops:read")
        async with people.database.write() as db:
            ada = (await db.scalars(select(User))).one()
            ada.disabled_at = clock.now()
        assert (await program.get(ME)).status_code == 401

    async def test_its_last_use_is_told(
        self, app: FastAPI, page: AsyncClient, programs: Programs, clock: FrozenClock
    ) -> None:
        program = await programs.of(page, "desktops:read")
        (token,) = (await page.get(TOKENS)).json()["items"]
        assert token["last_used_at"] is None
        clock.time += timedelta(minutes=5)
        await program.get(ME)
        await app.state.token_uses.write()
        async with app.state.database.read() as db:
            assert await db.scalar(select(ApiToken.last_used_at)) == clock.now()


class TestRevoking:
    async def test_it_acts_at_once_and_the_token_stays_listed(self, page: AsyncClient, programs: Programs) -> None:
        program = await programs.of(page, "desktops:read")
        (token,) = (await page.get(TOKENS)).json()["items"]
        assert (await page.delete(f"{TOKENS}/{token['id']}")).status_code == 204
        assert (await program.get(ME)).status_code == 401
        (revoked,) = (await page.get(TOKENS)).json()["items"]
        assert revoked["revoked_at"] == "2026-01-05T09:00:00Z"
        assert (await page.delete(f"{TOKENS}/{token['id']}")).status_code == 204

    async def test_others_may_not(
        self, client: AsyncClient, page: AsyncClient, people: People, programs: Programs
    ) -> None:
        program = await programs.of(page, "desktops:read")
        path = f"{TOKENS}/{(await page.get(TOKENS)).json()['items'][0]['id']}"
        assert told(await client.delete(path)) == (401, "not-signed-in")
        bob = await people.page(await people.add("bob"))
        assert told(await bob.delete(path)) == (404, "no-token")
        assert told(await bob.get(TOKENS, params={"all": True})) == (403, "right-missing")
        assert (await bob.get(TOKENS)).json() == {"items": [], "next_cursor": None}
        assert (await program.get(ME)).status_code == 200

    async def test_administrators_see_and_revoke_everyones(
        self, page: AsyncClient, administrator_client: AsyncClient, programs: Programs
    ) -> None:
        program = await programs.of(page, "desktops:read")
        (token,) = (await administrator_client.get(TOKENS, params={"all": True})).json()["items"]
        assert (await administrator_client.delete(f"{TOKENS}/{token['id']}")).status_code == 204
        assert (await program.get(ME)).status_code == 401


class TestFinding:
    """Administrators find the token that they look for, page by page."""

    @pytest.fixture
    async def everyones(
        self, people: People, page: AsyncClient, administrator_client: AsyncClient
    ) -> list[tuple[str, str]]:
        """Tokens of three people, the newest first, as names and usernames."""
        bob = await people.page(await people.add("bob"))
        await page.post(TOKENS, json={**READS, "name": "Wall"})
        await page.post(TOKENS, json={**READS, "name": "Backups at 100%"})
        await bob.post(TOKENS, json={**READS, "name": "Wall"})
        await administrator_client.post(SERVICE, json={**READS, "username": "backup"})
        return [("Reader", "backup"), ("Wall", "bob"), ("Backups at 100%", "ada"), ("Wall", "ada")]

    @staticmethod
    def named(answer: Response) -> list[tuple[str, str]]:
        return [(token["name"], token["user"]["username"]) for token in answer.json()["items"]]

    async def test_page_by_page(self, everyones: list[tuple[str, str]], administrator_client: AsyncClient) -> None:
        first = await administrator_client.get(TOKENS, params={"all": True, "limit": 3})
        rest = {"all": True, "cursor": first.json()["next_cursor"]}
        second = await administrator_client.get(TOKENS, params=rest)
        assert [*self.named(first), *self.named(second)] == everyones
        assert second.json()["next_cursor"] is None

    async def test_by_name_and_person(
        self, everyones: list[tuple[str, str]], administrator_client: AsyncClient
    ) -> None:
        service, bobs, backups, adas = everyones
        for search, found in (
            ("wall", [bobs, adas]),
            ("ADA wall", [adas]),
            ("backup", [service, backups]),
            ("%", [backups]),
            ("nothing", []),
        ):
            answer = await administrator_client.get(TOKENS, params={"all": True, "search": search})
            assert self.named(answer) == found, search

    async def test_those_of_one_person(
        self, everyones: list[tuple[str, str]], administrator_client: AsyncClient, page: AsyncClient
    ) -> None:
        ada_id = (await page.get(ME)).json()["id"]
        theirs = await administrator_client.get(TOKENS, params={"all": True, "user_id": ada_id})
        assert self.named(theirs) == self.named(await page.get(TOKENS)) == everyones[2:]

    async def test_ones_own_without_asking_for_all(
        self, everyones: list[tuple[str, str]], administrator_client: AsyncClient, page: AsyncClient
    ) -> None:
        ada_id = (await page.get(ME)).json()["id"]
        assert everyones
        assert self.named(await administrator_client.get(TOKENS, params={"user_id": ada_id})) == []

    async def test_bad_input(self, page: AsyncClient) -> None:
        wrong = {"limit": 0}, {"limit": 201}, {"cursor": 0}, {"user_id": 0}, {"search": "x" * 201}
        for bad in wrong:
            assert told(await page.get(TOKENS, params=bad)) == (422, "invalid-request"), bad


class TestServices:
    WISH = {"name": "Backups", "scopes": ["people:read"], "username": "backup"}  # noqa: RUF012 - never changed

    async def test_only_administrators_make_them(self, client: AsyncClient, page: AsyncClient) -> None:
        assert told(await client.post(SERVICE, json=self.WISH)) == (401, "not-signed-in")
        assert told(await page.post(SERVICE, json=self.WISH)) == (403, "right-missing")

    async def test_it_acts_for_an_account_of_its_own(
        self, administrator_client: AsyncClient, programs: Programs
    ) -> None:
        made = (await administrator_client.post(SERVICE, json={**self.WISH, "is_administrator": True})).json()
        assert (made["user"]["username"], made["created_by"]["username"]) == ("backup", "grace")
        program = await programs.with_token(made["token"])
        assert (await program.get(ME)).json()["role"] == Role.ADMINISTRATOR
        assert (await program.get("/api/v1/users")).status_code == 200
        again = (await administrator_client.post(SERVICE, json=self.WISH)).json()
        assert again["user"] == made["user"]

    async def test_a_person_is_no_service(
        self, administrator_client: AsyncClient, people: People, clock: FrozenClock
    ) -> None:
        await people.add("ada")
        async with people.database.write() as db:
            bob = await create_user(db, clock, NewUser(username="bob"))
            whose = {"user_id": bob.id, "created_at": clock.now()}
            db.add(Passkey(**whose, key="k", credential_id="c", public_key="p", signatures=0, name="Phone"))
        for username in ("ada", "bob"):
            answer = await administrator_client.post(SERVICE, json={**self.WISH, "username": username})
            assert told(answer) == (409, "taken"), username
