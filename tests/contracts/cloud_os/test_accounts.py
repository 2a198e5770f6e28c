"""Cloud OS' accounts: the contract's rows and rules."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select
from structlog.testing import capture_logs
from tests.clock import FrozenClock
from tests.contracts.cloud_os.conftest import Json, order
from tests.letterbox import SITE, Letterbox, text_of
from tests.people import PASSWORD, People, client_of

from deskbay.accounts.models import User

ADA: Json = {"username": "ada1", "email": "Ada@example.org", "full_name": "Ada Lovelace", "password": PASSWORD}
BAD_TOKEN = {"detail": "Could not validate credentials"}
EXISTS, TAKEN = {"detail": "User already exists"}, {"detail": "Username is already taken"}
LINK = re.compile(rf"^{SITE}(/verify/[\w-]+/[\w-]+)$", re.MULTILINE)


async def register(app: FastAPI, client: AsyncClient, **different: object) -> Response:
    """Register, and wait until the mail is on its way."""
    answer = await client.post("/register", json={**ADA, **different})
    await app.state.postman.finish()
    return answer


def path_in(letterbox: Letterbox) -> str:
    found = LINK.search(text_of(letterbox.mails[-1]))
    assert found, text_of(letterbox.mails[-1])
    return found[1]


async def sign_in(client: AsyncClient, username: str = "ada1", password: str = PASSWORD) -> Response:
    return await client.post("/token", data={"username": username, "password": password})


async def with_token(app: FastAPI) -> AsyncClient:
    client = client_of(app)
    client.headers["Authorization"] = f"Bearer {(await sign_in(client)).json()['access_token']}"
    return client


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


class TestRegister:
    async def test_the_account_starts_disabled_and_a_mail_goes_out(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        answer = await register(app, client)
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "username": "ada1",
                "email": "ada@example.org",
                "full_name": "Ada Lovelace",
                "disabled": True,
                "active_containers": 0,
                "max_containers": 5,
                "containers": {},
            },
        )
        (mail,) = letterbox.mails
        assert mail["To"] == "ada@example.org"
        assert urlsafe_b64decode(path_in(letterbox).rpartition("/")[2] + "==").decode() == "ada@example.org"

    async def test_the_mail_speaks_the_browsers_language(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        client.headers["Accept-Language"] = "de-CH"
        await register(app, client)
        assert letterbox.mails[0]["Subject"] == "Bestätigen Sie Ihre Adresse · Deskbay"
        answer = await client.get(path_in(letterbox))
        assert answer.json() == {"Success": "Email Verified"}

    @pytest.mark.parametrize("full_name", [None, "", "  "])
    async def test_without_a_full_name(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox, full_name: str | None
    ) -> None:
        answer = await register(app, client, full_name=full_name)
        assert (answer.status_code, answer.json()["full_name"]) == (200, None)
        assert len(letterbox.mails) == 1

    async def test_only_letters_and_digits(self, app: FastAPI, client: AsyncClient, letterbox: Letterbox) -> None:
        for username in ("ada-1", "ada lovelace", "ada_1", "äda", "ada.1", "", "a\n", "$(id)"):
            answer = await register(app, client, username=username)
            assert answer.status_code == 400, username
            assert answer.json() == {"detail": "Only alphabets and numbers are allowed in username."}
        assert letterbox.mails == []

    async def test_a_password_has_eight_characters(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        answer = await register(app, client, password="seven77")
        assert answer.status_code == 400
        assert answer.json() == {"detail": "Password should be atleast 8 characters long."}
        assert letterbox.mails == []
        assert (await register(app, client, password="horse 42")).status_code == 200

    async def test_a_name_or_address_is_one_persons(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        await register(app, client)
        for different, told in (
            ({}, EXISTS),
            ({"username": "other"}, EXISTS),
            ({"username": "other", "email": "ADA@EXAMPLE.ORG"}, EXISTS),
            ({"email": "other@example.org"}, TAKEN),
            ({"email": "other@example.org", "username": "ADA1"}, TAKEN),
        ):
            answer = await register(app, client, **different)
            assert (answer.status_code, answer.json()) == (409, told), different
        assert len(letterbox.mails) == 1

    async def test_who_registered_elsewhere_exists(
        self, app: FastAPI, client: AsyncClient, people: People, letterbox: Letterbox
    ) -> None:
        await people.add("grace")
        answer = await register(app, client, email="grace@example.org")
        assert (answer.status_code, answer.json()) == (409, EXISTS)
        assert letterbox.mails == []

    @pytest.mark.parametrize("wrong", [{"email": "ada"}, {"username": "a" * 65}, {"email": None}, {"password": 7}])
    async def test_what_makes_no_sense_is_listed_and_no_password_with_it(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox, wrong: Json
    ) -> None:
        answer = await register(app, client, **wrong)
        assert answer.status_code == 422
        assert [one["loc"] for one in answer.json()["detail"]] == [["body", next(iter(wrong))]]
        missing = await client.post("/register", json={"password": PASSWORD})
        assert missing.status_code == 422
        assert PASSWORD not in missing.text
        assert letterbox.mails == []

    async def test_without_a_mail_server_nobody_can_register(self, app: FastAPI, client: AsyncClient) -> None:
        answer = await client.post("/register", json=ADA)
        assert (answer.status_code, answer.json()) == (
            409,
            {"detail": "This server sends no mail. Ask an administrator."},
        )
        async with app.state.database.read() as db:
            assert (await db.scalars(select(User))).all() == []

    async def test_where_sign_up_is_closed_it_is_closed_here(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        app.state.settings = app.state.settings.model_copy(update={"sign_up_open": False})
        assert (await register(app, client)).status_code == 403
        assert letterbox.mails == []


class TestVerify:
    async def test_the_link_of_the_mail_opens_the_account(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        await register(app, client)
        answer = await client.get(path_in(letterbox))
        assert (answer.status_code, answer.json()) == (200, {"Success": "Email Verified"})
        ada = await with_token(app)
        assert (await ada.get("/user")).json()["disabled"] is False
        assert (await ada.get("/api/v1/profile")).json()["email_verified_at"] is not None
        again = await client.get(path_in(letterbox))
        assert (again.status_code, again.json()) == (400, {"Error": "Invalid OTP"})

    async def test_padding_makes_no_difference(self, app: FastAPI, client: AsyncClient, letterbox: Letterbox) -> None:
        await register(app, client)
        _, _, code, address = path_in(letterbox).split("/")
        padded = [part + "=" * (-len(part) % 4) for part in (code, address)]
        assert (await client.get(f"/verify/{'/'.join(padded)}")).status_code == 200

    async def test_anything_else_does_not(self, app: FastAPI, client: AsyncClient, letterbox: Letterbox) -> None:
        await register(app, client)
        _, _, code, address = path_in(letterbox).split("/")
        for path in (
            f"{code}/{encoded('grace@example.org')}",
            f"{code}/*",
            f"{code}/a",
            f"{code}/{address.replace('Y', 'ü')}",
            f"{encoded('guessed')}/{address}",
            f"*/{address}",
            f"_-8/{address}",
        ):
            answer = await client.get(f"/verify/{path}")
            assert (answer.status_code, answer.json()) == (400, {"Error": "Invalid OTP"}), path
        assert (await client.get(path_in(letterbox))).status_code == 200  # it is not used up

    async def test_it_is_good_for_a_day_and_then_the_names_are_free_again(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox, clock: FrozenClock
    ) -> None:
        await register(app, client)
        clock.advance(days=1)
        assert (await client.get(path_in(letterbox))).status_code == 400
        assert (await register(app, client)).status_code == 200
        assert (await client.get(path_in(letterbox))).status_code == 200

    async def test_it_does_not_open_an_account_that_an_administrator_has_disabled(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox, administrator_client: AsyncClient
    ) -> None:
        await register(app, client)
        async with app.state.database.read() as db:
            user_id = await db.scalar(select(User.id).where(User.username_key == "ada1"))
        assert (await administrator_client.post(f"/api/v1/users/{user_id}/disable")).status_code == 204
        assert (await client.get(path_in(letterbox))).json() == {"Error": "Invalid OTP"}
        assert (await administrator_client.post(f"/api/v1/users/{user_id}/enable")).status_code == 204
        assert (await (await with_token(app)).get("/user")).status_code == 200

    async def test_an_account_that_an_administrator_has_enabled_stays_when_the_link_is_too_old(
        self,
        app: FastAPI,
        client: AsyncClient,
        letterbox: Letterbox,
        administrator_client: AsyncClient,
        clock: FrozenClock,
    ) -> None:
        await register(app, client)
        async with app.state.database.read() as db:
            user_id = await db.scalar(select(User.id).where(User.username_key == "ada1"))
        await administrator_client.post(f"/api/v1/users/{user_id}/enable")
        clock.advance(days=2)
        assert (await register(app, client)).json() == EXISTS
        assert len(letterbox.mails) == 1


class TestToken:
    @pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.org", "Ada@Example.org"])
    async def test_a_name_or_an_address_signs_in(self, client: AsyncClient, people: People, name: str) -> None:
        await people.add("ada")
        answer = await sign_in(client, name)
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "token_type"}
        assert answer.json()["token_type"] == "bearer"

    @pytest.mark.parametrize(("name", "password"), [("ada", "wrong words"), ("eve", PASSWORD), ("a\x00", "b")])
    async def test_wrong_words_do_not(self, client: AsyncClient, people: People, name: str, password: str) -> None:
        await people.add("ada")
        answer = await sign_in(client, name, password)
        assert (answer.status_code, answer.json()) == (401, {"detail": "Incorrect username or password"})
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    async def test_a_form_without_a_password_is_listed(self, client: AsyncClient) -> None:
        answer = await client.post("/token", data={"username": "ada"})
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "password"]

    async def test_it_lasts_for_a_working_day(self, app: FastAPI, people: People, clock: FrozenClock) -> None:
        await people.add("ada1")
        ada = await with_token(app)
        clock.advance(hours=11)
        assert (await ada.get("/user")).status_code == 200
        clock.advance(hours=2)
        answer = await ada.get("/user")
        assert (answer.status_code, answer.json()) == (401, BAD_TOKEN)

    async def test_it_is_good_at_the_other_doors_once_the_account_is_open(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        await register(app, client)
        ada = await with_token(app)
        assert (await ada.get("/api/v1/desktops")).status_code == 401
        assert (await ada.get("/auth/me")).status_code == 401
        await client.get(path_in(letterbox))
        assert (await ada.get("/api/v1/desktops")).status_code == 200
        assert (await client.post("/auth/token", data={"username": "ada1", "password": PASSWORD})).status_code == 200

    async def test_no_password_and_no_code_of_a_mail_is_in_a_log(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        with capture_logs() as told:
            await register(app, client)
            await client.get(path_in(letterbox))
            await sign_in(client)
            await sign_in(client, "ada1", "quite another one")
        code = path_in(letterbox).split("/")[2]
        for secret in (PASSWORD, "quite another one", code):
            assert secret not in caplog.text + str(told)


class TestUser:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
            answer = await client.get("/user", headers=headers)
            assert (answer.status_code, answer.json()) == (401, BAD_TOKEN), headers
            assert answer.headers["WWW-Authenticate"] == "Bearer"

    async def test_a_page_with_cookies_is_nobody_here(self, people: People) -> None:
        page = await people.page(await people.add("ada"))
        assert (await page.get("/user")).status_code == 401

    async def test_who_is_not_verified_is_inactive(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        await register(app, client)
        ada = await with_token(app)
        for answer in (await ada.get("/user"), await ada.get("/users/containers"), await order(ada)):
            assert (answer.status_code, answer.json()) == (400, {"detail": "Inactive user"})
        assert len(letterbox.mails) == 1

    async def test_who_was_disabled_is_inactive_and_who_was_removed_is_nobody(
        self, people: People, administrator_client: AsyncClient
    ) -> None:
        user = await people.add("ada")
        ada = await people.program(user)
        await administrator_client.post(f"/api/v1/users/{user.id}/disable")
        assert (await ada.get("/user")).json() == {"detail": "Inactive user"}
        await administrator_client.post("/api/users/removeuser", json={"username": "ada"})
        answer = await ada.get("/user")
        assert (answer.status_code, answer.json()) == (401, BAD_TOKEN)

    async def test_it_tells_how_many_containers_there_may_be(
        self, user_client: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        assert (await user_client.get("/user")).json() == {
            "username": "ada",
            "email": "ada@example.org",
            "full_name": None,
            "disabled": False,
            "active_containers": 0,
            "max_containers": 5,
            "containers": {},
        }
        user_id = (await user_client.get("/api/v1/auth/me")).json()["id"]
        allowed = await administrator_client.post("/api/v1/allowances", json={"user_id": user_id, "desktops": 2})
        assert allowed.is_success, allowed.text
        assert (await user_client.get("/user")).json()["max_containers"] == 2
