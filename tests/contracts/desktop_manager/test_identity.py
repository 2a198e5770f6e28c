"""Signing in and people: the contract's examples and rules."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.accounts.oidc.doubles import SETTINGS, FakeProvider
from tests.clock import FrozenClock
from tests.contracts.desktop_manager.conftest import Json
from tests.people import PASSWORD, People

from deskbay.accounts.models import Role
from deskbay.accounts.oidc.service import OidcSignIns

LOGIN = "/api/auth/login"
CALLBACK = "/api/auth/oidc/callback"
CREATE = "/api/users/createuser"


@pytest.fixture
async def provider(app: FastAPI, clock: FrozenClock) -> FakeProvider:
    """The only provider there is, and the page that the client's people come back to."""
    provider = FakeProvider(clock)
    config = SETTINGS.model_copy(update={"redirect_uri": "https://front.example.org/callback"})
    settings = app.state.settings.model_copy(update={"oidc_providers": (config,), "admin_oidc_sub": "root-1"})
    app.state.oidc = OidcSignIns(settings, clock, "k" * 43, provider.http)
    return provider


async def test_the_server_is_healthy(client: AsyncClient) -> None:
    answer = await client.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "healthy")


class TestPassword:
    @pytest.mark.parametrize("role", Role)
    async def test_it_gives_a_token(self, client: AsyncClient, people: People, role: Role) -> None:
        await people.add("ada", role)
        answer = await client.post(LOGIN, json={"username": "ada", "password": PASSWORD})
        assert answer.status_code == 200
        is_admin = role is Role.ADMINISTRATOR
        assert answer.json() | {"token": ""} == {"token": "", "is_admin": is_admin, "username": "ada"}
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        assert (await client.get("/api/connections/list")).status_code == 200

    async def test_the_token_lasts_for_a_working_day(
        self, client: AsyncClient, people: People, clock: FrozenClock
    ) -> None:
        await people.add("ada")
        token = (await client.post(LOGIN, json={"username": "ada", "password": PASSWORD})).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        clock.advance(hours=11)
        assert (await client.get("/api/connections/list")).status_code == 200
        clock.advance(hours=2)
        assert (await client.get("/api/connections/list")).json() == {"message": "Token has expired!"}

    @pytest.mark.parametrize("given", [{}, {"username": "ada"}, {"password": "x"}, {"username": "", "password": ""}])
    async def test_what_is_missing_is_told(self, client: AsyncClient, given: Json) -> None:
        answer = await client.post(LOGIN, json=given)
        assert (answer.status_code, answer.json()) == (400, {"message": "Missing username or password"})

    @pytest.mark.parametrize("username", ["ada", "nobody", "x" * 300])
    async def test_wrong_ones_are_refused(self, client: AsyncClient, people: People, username: str) -> None:
        await people.add("ada")
        answer = await client.post(LOGIN, json={"username": username, "password": "wrong"})
        assert (answer.status_code, answer.json()) == (401, {"message": "Invalid credentials"})

    async def test_an_administrator_registers_people(
        self, administrator_client: AsyncClient, client: AsyncClient
    ) -> None:
        wish = {"username": "bob", "password": PASSWORD, "is_admin": True}
        answer = await administrator_client.post("/api/auth/register", json=wish)
        assert (answer.status_code, answer.json()) == (201, {"message": "User registered successfully"})
        signed_in = await client.post(LOGIN, json={"username": "bob", "password": PASSWORD})
        assert signed_in.json()["is_admin"] is True
        assert (await administrator_client.post("/api/auth/register", json=wish)).status_code == 400


class TestProvider:
    async def begin(self, client: AsyncClient) -> str:
        url: str = (await client.get("/api/auth/oidc/login")).json()["authorization_url"]
        return url

    async def test_it_gives_a_token(self, client: AsyncClient, provider: FakeProvider) -> None:
        url = await self.begin(client)
        assert "code_challenge_method=S256" in url
        assert "redirect_uri=https%3A%2F%2Ffront.example.org%2Fcallback" in url
        answer = await client.post(CALLBACK, json=provider.agree(url))
        assert answer.status_code == 200, answer.text
        user = answer.json()["user"]
        assert set(user) == {"id", "username", "email", "is_admin"}
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        assert (await client.get("/api/connections/list")).status_code == 200

    async def test_a_state_is_good_once(self, client: AsyncClient, provider: FakeProvider) -> None:
        returned = provider.agree(await self.begin(client))
        await client.post(CALLBACK, json=returned)
        again = await client.post(CALLBACK, json=returned)
        assert (again.status_code, again.json()) == (400, {"error": "Invalid or expired state"})

    async def test_a_state_lives_ten_minutes(
        self, client: AsyncClient, provider: FakeProvider, clock: FrozenClock
    ) -> None:
        returned = provider.agree(await self.begin(client))
        clock.advance(minutes=10)
        answer = await client.post(CALLBACK, json=returned)
        assert (answer.status_code, answer.json()) == (400, {"error": "Invalid or expired state"})

    @pytest.mark.parametrize("given", [{}, {"code": "x"}, {"state": "x"}])
    @pytest.mark.usefixtures("provider")
    async def test_what_is_missing_is_told(self, client: AsyncClient, given: Json) -> None:
        answer = await client.post(CALLBACK, json=given)
        assert (answer.status_code, answer.json()) == (400, {"error": "Missing required parameters"})

    @pytest.mark.parametrize(
        "claims", [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "x"}, {"exp": 1}]
    )
    async def test_what_can_not_be_believed(self, client: AsyncClient, provider: FakeProvider, claims: Json) -> None:
        returned = provider.agree(await self.begin(client))
        provider.claims = claims
        answer = await client.post(CALLBACK, json=returned)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("Token exchange failed: ")

    async def test_the_set_subject_is_administrator_from_the_first_time(
        self, client: AsyncClient, provider: FakeProvider
    ) -> None:
        returned = provider.agree(await self.begin(client))
        provider.claims = {"sub": "root-1"}
        provider.info = {"sub": "root-1"}
        assert (await client.post(CALLBACK, json=returned)).json()["user"]["is_admin"] is True

    async def test_without_a_provider_it_is_refused(self, client: AsyncClient) -> None:
        answer = await client.get("/api/auth/oidc/login")
        assert answer.status_code == 400
        assert "by password" in answer.json()["error"]


class TestUnknown:
    @pytest.fixture
    async def strict(self, app: FastAPI, clock: FrozenClock) -> FakeProvider:
        provider = FakeProvider(clock)
        config = SETTINGS.model_copy(update={"makes_accounts": False})
        settings = app.state.settings.model_copy(update={"oidc_providers": (config,)})
        app.state.oidc = OidcSignIns(settings, clock, "k" * 43, provider.http)
        return provider

    async def test_a_subject_that_nobody_knows_is_refused_until_it_is_created(
        self, client: AsyncClient, strict: FakeProvider, administrator_client: AsyncClient
    ) -> None:
        url = (await client.get("/api/auth/oidc/login")).json()["authorization_url"]
        answer = await client.post(CALLBACK, json=strict.agree(url))
        assert (answer.status_code, answer.json()) == (400, {"error": "User not found"})
        made = await administrator_client.post(CREATE, json={"username": "ada", "sub": "ada-1"})
        assert made.status_code == 201, made.text
        url = (await client.get("/api/auth/oidc/login")).json()["authorization_url"]
        answer = await client.post(CALLBACK, json=strict.agree(url))
        assert answer.json()["user"]["username"] == "ada", answer.text
        shown = (await administrator_client.get("/api/users/ada")).json()["user"]
        assert shown["sub"] == "ada-1"
        assert shown["last_login"] is not None
        assert [(one["provider_name"], one["provider_user_id"]) for one in shown["auth_providers"]] == [
            ("school", "ada-1")
        ]
        twice = await administrator_client.post(CREATE, json={"username": "eve", "sub": "ada-1"})
        assert twice.status_code == 400
        assert (await administrator_client.get("/api/users/eve")).status_code == 404


class TestUsers:
    async def test_one_is_created_and_told_by_both_generations(self, administrator_client: AsyncClient) -> None:
        answer = await administrator_client.post(CREATE, json={"username": "bob", "password": PASSWORD})
        assert answer.status_code == 201
        made = answer.json()
        assert (made["username"], made["is_admin"], made["message"]) == ("bob", False, "User created successfully")
        assert made["user"] | {"created_at": ""} == {
            "id": made["id"],
            "username": "bob",
            "email": None,
            "is_admin": False,
            "organization": None,
            "created_at": "",
            "last_login": None,
            "sub": None,
        }
        listed = (await administrator_client.get("/api/users/list")).json()["users"]
        assert [one["username"] for one in listed] == ["bob", "grace"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"username": "bo", "password": PASSWORD},
            {"username": "bob"},
            {"username": "bob", "password": "short"},
            {"username": "b b", "password": PASSWORD},
            {"username": "grace", "password": PASSWORD},
            {"username": "bob", "sub": "bob-1"},
        ],
    )
    async def test_what_makes_no_sense_is_refused(self, administrator_client: AsyncClient, wrong: Json) -> None:
        answer = await administrator_client.post(CREATE, json=wrong)
        assert (answer.status_code, set(answer.json())) == (400, {"error"})
        assert len((await administrator_client.get("/api/users/list")).json()["users"]) == 1

    async def test_a_narrow_token_makes_people_and_no_administrators(self, people: People, client: AsyncClient) -> None:
        grace = await people.page(await people.add("grace", Role.ADMINISTRATOR))
        made = await grace.post("/api/v1/tokens", json={"name": "Desk", "scopes": ["people:write"]})
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        wish = {"username": "bob", "password": PASSWORD}
        refused = await client.post(CREATE, json={**wish, "is_admin": True})
        assert (refused.status_code, refused.json()) == (403, {"message": "Admin privilege required!"})
        assert (await client.post(CREATE, json=wish)).json()["is_admin"] is False

    async def test_a_token_of_this_api_makes_administrators(
        self, administrator_client: AsyncClient, client: AsyncClient
    ) -> None:
        made = await administrator_client.post("/api/tokens", json={"name": "Desk"})
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        wish = {"username": "bob", "password": PASSWORD, "is_admin": True}
        assert (await client.post(CREATE, json=wish)).json()["is_admin"] is True

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_one_is_removed_with_their_desktops_and_the_name_is_free(
        self, administrator_client: AsyncClient, people: People
    ) -> None:
        ada = await people.program(await people.add("ada"))
        (await ada.post("/api/connections/scaleup", json={"name": "desk"})).raise_for_status()
        answer = await administrator_client.post("/api/users/removeuser", json={"username": "ada"})
        assert (answer.status_code, answer.json()) == (200, {"message": "User ada removed successfully"})
        assert (await ada.get("/api/connections/list")).status_code == 401
        assert (await administrator_client.get("/api/connections/list")).json() == {"connections": []}
        listed = (await administrator_client.get("/api/users/list")).json()["users"]
        assert [one["username"] for one in listed] == ["grace"]
        found = (await administrator_client.get("/api/v1/users")).json()["items"]
        assert [one["username"] for one in found] == ["grace"]
        again = await administrator_client.post(CREATE, json={"username": "ada", "password": PASSWORD})
        assert again.status_code == 201

    async def test_nobody_removes_themselves(self, administrator_client: AsyncClient) -> None:
        answer = await administrator_client.post("/api/users/removeuser", json={"username": "grace"})
        assert (answer.status_code, answer.json()) == (403, {"error": "You cannot remove your own account"})

    async def test_who_is_not_there_is_not_found(self, administrator_client: AsyncClient) -> None:
        answer = await administrator_client.post("/api/users/removeuser", json={"username": "nobody"})
        assert (answer.status_code, answer.json()) == (404, {"error": "There is no user “nobody”."})
