"""Who is asking, by HTTP and by WebSocket, and whether a page of this server asks."""

from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from httpx import AsyncClient
from starlette.requests import HTTPConnection
from tests.clock import FrozenClock
from tests.people import ORIGIN, People, client_of

from deskbay.accounts.access import Caller, Credential, Needs, NeedsBriefly, authenticate, same_origin
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.kit import problems
from deskbay.settings import Settings

ME = "/api/v1/auth/me"
SIGN_OUT = "/api/v1/auth/sign-out"
NEEDS = Needs(Scope.DESKTOPS_READ)


def connection(app: FastAPI, kind: str = "websocket", scheme: str = "ws", **headers: str) -> HTTPConnection:
    """Return a connection to 127.0.0.1:8000 with these headers; `_` in a name stands for `-`."""
    given = {"host": "127.0.0.1:8000", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    return HTTPConnection({"type": kind, "scheme": scheme, "path": "/", "headers": raw, "app": app})


async def caller_of(app: FastAPI, **headers: str) -> Caller | None:
    async with app.state.database.read() as db:
        return await authenticate(connection(app, **headers), db, NEEDS)


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def access_token(people: People, ada: User) -> str:
    return (await people.program(ada)).headers["Authorization"].removeprefix("Bearer ")


class TestAuthenticate:
    async def test_by_bearer(self, app: FastAPI, ada: User, access_token: str) -> None:
        for scheme in ("Bearer", "bearer", "BEARER"):
            caller = await caller_of(app, authorization=f"{scheme} {access_token}")
            assert caller is not None
            assert (caller.user.id, caller.credential) == (ada.id, Credential.BEARER)

    async def test_by_cookie(self, app: FastAPI, ada: User, access_token: str) -> None:
        caller = await caller_of(app, cookie=f"other=1; deskbay_access={access_token}")
        assert caller is not None
        assert (caller.user.id, caller.credential) == (ada.id, Credential.COOKIE)

    async def test_nobody(self, app: FastAPI, access_token: str) -> None:
        assert await caller_of(app) is None
        assert await caller_of(app, cookie=f"deskbay_refresh={access_token}") is None

    @pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic YWRhOmFkYQ==", "Bearer a b", "Bearer é"])
    async def test_what_is_no_token(self, app: FastAPI, authorization: str) -> None:
        assert await caller_of(app, authorization=authorization) is None

    async def test_a_bad_bearer_does_not_fall_back_to_the_cookie(self, app: FastAPI, access_token: str) -> None:
        assert await caller_of(app, authorization="Bearer x", cookie=f"deskbay_access={access_token}") is None

    async def test_over_https_only_the_cookie_that_was_set_over_https_counts(
        self, app: FastAPI, access_token: str
    ) -> None:
        for name, found in (("deskbay_access", False), ("__Host-deskbay_access", True)):
            secure = connection(app, scheme="wss", cookie=f"{name}={access_token}")
            async with app.state.database.read() as db:
                assert (await authenticate(secure, db, NEEDS) is not None) is found


class TestSameOrigin:
    @pytest.mark.parametrize(
        ("origin", "same"),
        [
            (ORIGIN, True),
            ("https://127.0.0.1:8000", True),
            ("http://127.0.0.1", False),
            ("http://127.0.0.1:9000", False),
            ("http://localhost:8000", False),
            ("http://127.0.0.1:8000.evil.example", False),
            ("http://evil.example/127.0.0.1:8000", False),
            ("http://127.0.0.1:8000@evil.example", False),
            ("chrome-extension://127.0.0.1:8000", False),
            ("null", False),
            ("http://[", False),
            ("http://", False),
            ("", False),
        ],
    )
    def test_the_origin_has_to_be_this_host(self, app: FastAPI, origin: str, *, same: bool) -> None:
        assert same_origin(connection(app, origin=origin)) is same

    def test_without_any_word_of_the_origin_it_is_not(self, app: FastAPI) -> None:
        assert not same_origin(connection(app))

    def test_an_empty_host_is_no_match_for_an_empty_origin(self, app: FastAPI) -> None:
        assert not same_origin(connection(app, host="", origin="http://"))

    @pytest.mark.parametrize(
        ("site", "same"), [("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False)]
    )
    def test_what_the_browser_says_of_the_site_counts_more(self, app: FastAPI, site: str, *, same: bool) -> None:
        for origin in (ORIGIN, "https://other.example"):
            assert same_origin(connection(app, sec_fetch_site=site, origin=origin)) is same

    def test_behind_a_proxy_the_public_url_counts(self, app: FastAPI, settings: Settings) -> None:
        app.state.settings = settings.model_copy(update={"public_url": "https://desk.example.org/"})
        assert same_origin(connection(app, origin="https://desk.example.org"))
        assert not same_origin(connection(app, origin="https://desk.example.com"))


class TestCookies:
    """A cookie that another site made the browser send changes nothing."""

    @pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9000", "null"])
    async def test_another_origin_is_refused(self, people: People, ada: User, origin: str) -> None:
        page = await people.page(ada)
        answer = await page.post(SIGN_OUT, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["type"]) == (403, "cross-origin")
        assert (await page.get(ME)).status_code == 200

    async def test_no_origin_is_refused(self, people: People, ada: User) -> None:
        page = await people.page(ada)
        del page.headers["Origin"]
        assert (await page.post(SIGN_OUT)).status_code == 403

    async def test_the_browsers_word_that_the_site_is_ours_is_enough(self, people: People, ada: User) -> None:
        page = await people.page(ada)
        del page.headers["Origin"]
        assert (await page.post(SIGN_OUT, headers={"Sec-Fetch-Site": "same-origin"})).status_code == 200

    async def test_reading_needs_no_origin(self, people: People, ada: User) -> None:
        page = await people.page(ada)
        del page.headers["Origin"]
        assert (await page.get(ME)).json()["username"] == "ada"

    async def test_a_bearer_token_needs_no_origin(self, user_client: AsyncClient) -> None:
        answer = await user_client.post(SIGN_OUT, headers={"Origin": "https://other.example"})
        assert answer.status_code == 200


class TestDependencies:
    @pytest.fixture
    async def small(self, app: FastAPI) -> AsyncIterator[AsyncClient]:
        """An application with one route for what everyone may do and one for what administrators may."""
        small = FastAPI()
        small.state = app.state
        problems.install(small)

        @small.get("/mine")
        async def mine(caller: Annotated[Caller, Depends(Needs(Scope.DESKTOPS_READ))]) -> str:
            return caller.user.username

        @small.get("/ours")
        async def ours(caller: Annotated[Caller, Depends(NeedsBriefly(Scope.SERVER_READ, Reach.ALL))]) -> str:
            return caller.user.username

        async with client_of(small) as client:
            yield client

    async def bearer(self, people: People, role: Role) -> dict[str, str]:
        program = await people.program(await people.add("ada", role))
        return {"Authorization": program.headers["Authorization"]}

    @pytest.mark.parametrize("path", ["/mine", "/ours"])
    async def test_anonymous_gets_401(self, small: AsyncClient, path: str) -> None:
        answer = await small.get(path)
        assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        ("role", "path", "status"),
        [
            (Role.USER, "/mine", 200),
            (Role.USER, "/ours", 403),
            (Role.ADMINISTRATOR, "/mine", 200),
            (Role.ADMINISTRATOR, "/ours", 200),
        ],
    )
    async def test_by_role(self, small: AsyncClient, people: People, role: Role, path: str, status: int) -> None:
        answer = await small.get(path, headers=await self.bearer(people, role))
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["type"] == "right-missing"

    async def test_a_role_that_was_taken_away_is_gone_at_once(self, small: AsyncClient, people: People) -> None:
        headers = await self.bearer(people, Role.ADMINISTRATOR)
        async with people.database.write() as db:
            user = await db.get_one(User, 1)
            user.role = Role.USER
        assert (await small.get("/ours", headers=headers)).status_code == 403

    async def test_a_user_who_was_deleted_is_out_at_once(self, small: AsyncClient, people: People) -> None:
        headers = await self.bearer(people, Role.USER)
        async with people.database.write() as db:
            await db.delete(await db.get_one(User, 1))
        assert (await small.get("/mine", headers=headers)).status_code == 401

    async def test_an_access_token_ends_after_fifteen_minutes(
        self, small: AsyncClient, people: People, clock: FrozenClock
    ) -> None:
        headers = await self.bearer(people, Role.USER)
        clock.advance(minutes=15)
        assert (await small.get("/mine", headers=headers)).status_code == 401
