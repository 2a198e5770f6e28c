"""Second steps over HTTP: set up, asked for, lost, turned off and reset."""

import json
from base64 import b32decode
from collections.abc import AsyncIterator
from math import log2
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select
from tests.accounts.refusals import refusals
from tests.accounts.second_step.phone import (
    AUTH,
    PENDING,
    PROOF,
    STEP,
    Phone,
    enter_code,
    enter_password,
    prove,
    scan,
    set_up,
)
from tests.clock import FrozenClock
from tests.people import ORIGIN, PASSWORD, People, client_of

from deskbay.accounts.models import Role, User
from deskbay.accounts.second_step import service
from deskbay.accounts.second_step.models import Authenticator, RecoveryCode
from deskbay.settings import SecondStepFor, Settings

CHANGES = [
    ("POST", f"{STEP}/app", None),
    ("POST", f"{STEP}/app/confirm", {"code": "123456"}),
    ("POST", f"{STEP}/recovery-codes", None),
    ("DELETE", STEP, None),
]

pytestmark = pytest.mark.usefixtures("quick_hashes")


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


async def me(client: AsyncClient) -> int:
    return (await client.get(f"{AUTH}/me")).status_code


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def page(people: People, ada: User) -> AsyncClient:
    """Ada's browser, in which she came in by a link."""
    return await people.page(ada)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A browser at our page in which nobody is signed in."""
    async with client_of(app) as browser:
        browser.headers["Origin"] = ORIGIN
        yield browser


@pytest.fixture
async def secured(page: AsyncClient, clock: FrozenClock) -> tuple[Phone, list[str]]:
    """Ada's phone and recovery codes; codes are asked of her."""
    return await set_up(page, clock)


@pytest.fixture
def wanted_of_everyone(app: FastAPI, settings: Settings) -> None:
    app.state.settings = settings.model_copy(update={"second_step_for": SecondStepFor.EVERYONE})


class TestProof:
    @pytest.mark.parametrize(("method", "path", "body"), CHANGES)
    async def test_nothing_changes_without_one(
        self, page: AsyncClient, method: str, path: str, body: dict[str, str] | None
    ) -> None:
        assert told(await page.request(method, path, json=body)) == (403, "proof-needed")

    @pytest.mark.parametrize(("method", "path", "body"), [*CHANGES, ("GET", STEP, None), ("POST", PROOF, {})])
    async def test_anonymous(self, client: AsyncClient, method: str, path: str, body: dict[str, str] | None) -> None:
        assert told(await client.request(method, path, json=body)) == (401, "not-signed-in")

    async def test_a_password_is_one_for_ten_minutes(self, page: AsyncClient, clock: FrozenClock) -> None:
        await prove(page)
        assert (await page.get(STEP)).json()["proven_until"] == "2026-01-05T09:10:00Z"
        clock.advance(seconds=599)
        assert (await page.post(f"{STEP}/app")).status_code == 200
        clock.advance(seconds=1)
        assert told(await page.post(f"{STEP}/app")) == (403, "proof-needed")

    async def test_a_wrong_password_is_none(self, page: AsyncClient) -> None:
        assert told(await page.post(PROOF, json={"password": "wrong horse"})) == (403, "wrong-password")
        assert (await page.get(STEP)).json()["proven_until"] is None

    async def test_who_has_no_password_is_told_what_else_to_do(self, people: People, ada: User) -> None:
        page = await people.page(ada)
        async with people.database.write() as db:
            (await db.get_one(User, ada.id)).password_hash = None
        answer = await page.post(PROOF, json={"password": "any"})
        assert told(answer) == (409, "no-password")
        assert "passkey" in answer.json()["detail"]

    @pytest.mark.usefixtures("ada")
    async def test_signing_in_by_password_is_one(self, browser: AsyncClient) -> None:
        await enter_password(browser)
        assert (await browser.post(f"{STEP}/app")).status_code == 200

    async def test_it_holds_at_the_sign_in_that_it_was_given_at_alone(self, people: People, ada: User) -> None:
        here, there = await people.page(ada), await people.page(ada)
        await prove(here)
        assert told(await there.post(f"{STEP}/app")) == (403, "proof-needed")


class TestSettingUp:
    async def test_the_address_and_the_picture_carry_the_secret(self, page: AsyncClient) -> None:
        await prove(page)
        begun = (await page.post(f"{STEP}/app")).json()
        address = urlsplit(begun["uri"])
        assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Deskbay:ada")
        assert parse_qs(address.query) == {"secret": [begun["secret"]], "issuer": ["Deskbay"]}
        assert len(b32decode(begun["secret"])) == 20
        assert begun["qr"].startswith("data:image/svg+xml")

    async def test_it_counts_once_a_code_has_come(self, page: AsyncClient, clock: FrozenClock) -> None:
        await prove(page)
        phone = await scan(page, clock)
        assert (await page.get(STEP)).json()["confirmed_at"] is None
        assert (await enter_password(page)).status_code == 200
        answer = await page.post(f"{STEP}/app/confirm", json={"code": phone.code()})
        assert len(set(answer.json()["codes"])) == 10
        shown = (await page.get(STEP)).json()
        assert (shown["confirmed_at"], shown["recovery_codes"]) == ("2026-01-05T09:00:00Z", 10)

    async def test_they_are_worth_112_bits_at_least(self, page: AsyncClient, clock: FrozenClock) -> None:
        _, codes = await set_up(page, clock)
        letters = {letter for code in codes for letter in code.replace("-", "")}
        assert letters <= set(service.ALPHABET)
        assert min(len(code.replace("-", "")) * log2(len(set(service.ALPHABET))) for code in codes) >= 112
        assert len(set(codes)) == 10

    @pytest.mark.parametrize("code", ["000000", "12345", "no digits", "１２３４５６"])
    async def test_a_wrong_code_leaves_it_off(self, page: AsyncClient, clock: FrozenClock, code: str) -> None:
        await prove(page)
        phone = await scan(page, clock)
        assert told(await page.post(f"{STEP}/app/confirm", json={"code": code})) == (422, "wrong-code")
        assert (await page.post(f"{STEP}/app/confirm", json={"code": phone.code()})).status_code == 200

    async def test_a_second_begin_makes_the_first_secret_good_for_nothing(
        self, page: AsyncClient, clock: FrozenClock
    ) -> None:
        await prove(page)
        first, second = await scan(page, clock), await scan(page, clock)
        assert told(await page.post(f"{STEP}/app/confirm", json={"code": first.code()})) == (422, "wrong-code")
        assert (await page.post(f"{STEP}/app/confirm", json={"code": second.code()})).status_code == 200

    async def test_nothing_to_confirm(self, page: AsyncClient) -> None:
        await prove(page)
        assert told(await page.post(f"{STEP}/app/confirm", json={"code": "123456"})) == (409, "no-set-up")

    @pytest.mark.usefixtures("secured")
    async def test_one_app_at_a_time(self, page: AsyncClient) -> None:
        assert told(await page.post(f"{STEP}/app")) == (409, "second-step-on")

    async def test_nothing_readable_is_kept(
        self, app: FastAPI, page: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        phone, codes = secured
        async with app.state.database.read() as db:
            sealed = (await db.scalars(select(Authenticator.sealed_secret))).one()
            digests = (await db.scalars(select(RecoveryCode.digest))).all()
        assert phone.secret not in sealed
        assert app.state.vault.open(sealed) == phone.secret
        assert len(digests) == 10
        assert not {code.replace("-", "") for code in codes} & set(digests)
        assert phone.secret not in (await page.get(STEP)).text


class TestSigningIn:
    async def test_the_password_alone_opens_nothing(
        self, browser: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        assert secured
        answer = await enter_password(browser)
        assert (answer.status_code, answer.json()) == (202, {"step": "code"})
        assert await me(browser) == 401
        assert (await browser.post(f"{AUTH}/refresh")).status_code == 401

    async def test_the_secret_of_the_first_step_is_the_browsers_alone(
        self, browser: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        assert secured
        (cookie,) = (await enter_password(browser)).headers.get_list("set-cookie")
        assert cookie.startswith("deskbay_pending=")
        for word in ("HttpOnly", "SameSite=strict", f"Path={PENDING}", "Max-Age=600"):
            assert word in cookie

    async def test_a_code_signs_in(self, browser: AsyncClient, secured: tuple[Phone, list[str]]) -> None:
        await enter_password(browser)
        answer = await enter_code(browser, secured[0].code())
        assert (answer.status_code, answer.json()["username"]) == (200, "ada")
        assert await me(browser) == 200

    @pytest.mark.parametrize("seconds", [-30, 30])
    async def test_a_clock_may_be_half_a_minute_wrong(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]], seconds: int
    ) -> None:
        clock.advance(seconds=60)
        await enter_password(browser)
        assert (await enter_code(browser, secured[0].code(seconds))).status_code == 200

    @pytest.mark.parametrize("seconds", [-90, 90])
    async def test_and_no_more(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]], seconds: int
    ) -> None:
        clock.advance(seconds=120)
        await enter_password(browser)
        assert told(await enter_code(browser, secured[0].code(seconds))) == (401, "wrong-code")

    async def test_a_code_is_good_once(self, browser: AsyncClient, secured: tuple[Phone, list[str]]) -> None:
        code = secured[0].code()
        for expected in (200, 401):
            await enter_password(browser)
            assert (await enter_code(browser, code)).status_code == expected

    async def test_an_older_code_than_the_last_is_good_no_more(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        older = secured[0].code()
        clock.advance(seconds=30)
        await enter_password(browser)
        await enter_code(browser, secured[0].code())
        await enter_password(browser)
        assert told(await enter_code(browser, older)) == (401, "wrong-code")

    async def test_the_code_of_the_set_up_is_spent(
        self, browser: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        await enter_password(browser)
        assert told(await enter_code(browser, secured[0].code(-30))) == (401, "wrong-code")

    async def test_another_persons_code_is_wrong(
        self, people: People, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        assert secured
        eves, recovery = await set_up(await people.page(await people.add("eve")), clock)
        await enter_password(browser)
        for code in (eves.code(), recovery[0]):
            assert told(await enter_code(browser, code)) == (401, "wrong-code")

    async def test_a_recovery_code_signs_in_once_however_it_is_typed(
        self, browser: AsyncClient, page: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        typed = secured[1][3].upper().replace("-", " ")
        for expected in (200, 401):
            await enter_password(browser)
            assert (await enter_code(browser, typed)).status_code == expected
        assert (await page.get(STEP)).json()["recovery_codes"] == 9

    async def test_new_recovery_codes_end_the_old(
        self, browser: AsyncClient, page: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        renewed = (await page.post(f"{STEP}/recovery-codes")).json()["codes"]
        await enter_password(browser)
        assert told(await enter_code(browser, secured[1][0])) == (401, "wrong-code")
        assert (await enter_code(browser, renewed[0])).status_code == 200

    async def test_ten_wrong_codes_close_the_account_for_a_minute(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        await enter_password(browser)
        for _ in range(10):
            assert told(await enter_code(browser, "000000")) == (401, "wrong-code")
        refused = await enter_code(browser, secured[0].code())
        assert told(refused) == (429, "too-many-attempts")
        clock.advance(seconds=int(refused.headers["retry-after"]))
        assert (await enter_code(browser, secured[0].code())).status_code == 200

    async def test_right_codes_are_not_counted(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        for _ in range(11):
            await enter_password(browser)
            assert (await enter_code(browser, secured[0].code())).status_code == 200
            clock.advance(seconds=30)

    async def test_it_takes_ten_minutes_at_the_most(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        await enter_password(browser)
        clock.advance(seconds=600)
        assert told(await enter_code(browser, secured[0].code())) == (401, "sign-in-lost")

    async def test_no_other_browser_can_finish(
        self, app: FastAPI, browser: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        await enter_password(browser)
        async with client_of(app) as other:
            other.headers["Origin"] = ORIGIN
            assert told(await enter_code(other, secured[0].code())) == (401, "sign-in-lost")

    async def test_no_page_of_another_site_can(self, browser: AsyncClient, secured: tuple[Phone, list[str]]) -> None:
        await enter_password(browser)
        browser.headers["Origin"] = "https://evil.example"
        assert told(await enter_code(browser, secured[0].code())) == (403, "cross-origin")

    async def test_who_is_disabled_meanwhile_stays_out(
        self, app: FastAPI, ada: User, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        await enter_password(browser)
        async with app.state.database.write() as db:
            (await db.get_one(User, ada.id)).disabled_at = clock.now()
        assert told(await enter_code(browser, secured[0].code())) == (403, "disabled")
        assert await refusals(app.state.database) == [("totp", "disabled", ada.id)]

    @pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "1" * 65}, {"code": "\ud800"}, {"code": 5}])
    async def test_bad_input(self, browser: AsyncClient, secured: tuple[Phone, list[str]], body: object) -> None:
        await enter_password(browser)
        headers = {"Content-Type": "application/json"}
        answer = await browser.post(PENDING, content=json.dumps(body), headers=headers)
        assert told(answer) == (422, "invalid-request")
        assert secured


class TestPrograms:
    async def test_a_program_sends_the_code_along(self, client: AsyncClient, secured: tuple[Phone, list[str]]) -> None:
        given = {"username": "ada", "password": PASSWORD}
        assert told(await client.post(f"{AUTH}/token", json=given)) == (401, "code-needed")
        assert told(await client.post(f"{AUTH}/token", json={**given, "code": "000000"})) == (401, "wrong-code")
        answer = await client.post(f"{AUTH}/token", json={**given, "code": secured[0].code()})
        assert answer.status_code == 200

    @pytest.mark.usefixtures("ada", "wanted_of_everyone")
    async def test_one_is_sent_to_the_page_to_set_it_up(self, client: AsyncClient) -> None:
        given = {"username": "ada", "password": PASSWORD}
        assert told(await client.post(f"{AUTH}/token", json=given)) == (403, "set-up-needed")


CONTRACTS = [
    ("/auth/token", {"data": {"username": "ada", "password": PASSWORD}}, "Invalid email or password"),
    ("/api/auth/login", {"json": {"username": "ada", "password": PASSWORD}}, "Invalid credentials"),
]


class TestContracts:
    """Clients that can't ask for a code are told that the password is wrong, as with one that is."""

    @pytest.mark.parametrize(("path", "how", "message"), CONTRACTS)
    async def test_a_password_is_not_enough(
        self,
        client: AsyncClient,
        secured: tuple[Phone, list[str]],
        path: str,
        how: dict[str, dict[str, str]],
        message: str,
    ) -> None:
        assert secured
        answer = await client.request("POST", path, **how)  # type: ignore[arg-type]
        assert answer.status_code == 401
        assert message in answer.text

    @pytest.mark.usefixtures("ada", "wanted_of_everyone")
    @pytest.mark.parametrize(("path", "how", "message"), CONTRACTS)
    async def test_nor_where_one_has_to_set_it_up_first(
        self, client: AsyncClient, path: str, how: dict[str, dict[str, str]], message: str
    ) -> None:
        answer = await client.request("POST", path, **how)  # type: ignore[arg-type]
        assert answer.status_code == 401
        assert message in answer.text

    async def test_it_counts_like_a_wrong_password(self, client: AsyncClient, secured: tuple[Phone, list[str]]) -> None:
        assert secured
        given = {"username": "ada", "password": PASSWORD}
        answers = [(await client.post("/auth/token", data=given)).status_code for _ in range(11)]
        assert answers == [401] * 10 + [429]


@pytest.mark.usefixtures("wanted_of_everyone")
class TestWhereItIsWanted:
    @pytest.mark.usefixtures("ada")
    async def test_it_is_set_up_at_the_next_sign_in(self, browser: AsyncClient, clock: FrozenClock) -> None:
        assert (await enter_password(browser)).json() == {"step": "set-up"}
        assert await me(browser) == 401
        phone = await scan(browser, clock, f"{PENDING}/app")
        wrong = await browser.post(f"{PENDING}/app/confirm", json={"code": "000000"})
        assert told(wrong) == (422, "wrong-code")
        answer = await browser.post(f"{PENDING}/app/confirm", json={"code": phone.code()})
        assert (answer.json()["user"]["username"], len(answer.json()["codes"])) == ("ada", 10)
        assert await me(browser) == 200
        clock.advance(seconds=30)
        assert (await enter_password(browser)).json() == {"step": "code"}

    async def test_a_new_account_sets_it_up_before_it_comes_in(self, browser: AsyncClient) -> None:
        answer = await browser.post(f"{AUTH}/sign-up", json={"username": "new", "password": PASSWORD})
        assert (answer.status_code, answer.json()) == (202, {"step": "set-up"})
        assert await me(browser) == 401

    async def test_who_has_an_app_cannot_set_up_another_with_a_password_alone(
        self, browser: AsyncClient, clock: FrozenClock, secured: tuple[Phone, list[str]]
    ) -> None:
        assert secured
        await enter_password(browser)
        assert told(await browser.post(f"{PENDING}/app")) == (409, "second-step-on")
        confirmed = await browser.post(f"{PENDING}/app/confirm", json={"code": secured[0].code()})
        assert told(confirmed) == (409, "no-set-up")
        assert clock

    @pytest.mark.parametrize("path", [f"{PENDING}/app", f"{PENDING}/app/confirm"])
    async def test_nobody_sets_one_up_without_a_password(self, browser: AsyncClient, path: str) -> None:
        assert told(await browser.post(path, json={"code": "123456"})) == (401, "sign-in-lost")

    async def test_a_link_from_the_servers_own_shell_is_enough(self, people: People, ada: User) -> None:
        assert await me(await people.page(ada)) == 200


async def test_administrators_alone(app: FastAPI, people: People, browser: AsyncClient, settings: Settings) -> None:
    app.state.settings = settings.model_copy(update={"second_step_for": SecondStepFor.ADMINISTRATORS})
    await people.add("ada")
    await people.add("grace", Role.ADMINISTRATOR)
    assert (await enter_password(browser, "ada")).status_code == 200
    assert (await enter_password(browser, "grace")).status_code == 202


class TestTurningOff:
    async def test_the_password_is_enough_again(
        self, browser: AsyncClient, page: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        assert secured
        assert (await page.delete(STEP)).status_code == 204
        shown = (await page.get(STEP)).json()
        assert (shown["confirmed_at"], shown["recovery_codes"]) == (None, 0)
        assert (await enter_password(browser)).status_code == 200

    async def test_there_are_no_recovery_codes_without_an_app(self, page: AsyncClient) -> None:
        await prove(page)
        assert told(await page.post(f"{STEP}/recovery-codes")) == (409, "second-step-off")


class TestReset:
    def path(self, user: User) -> str:
        return f"/api/v1/users/{user.id}/reset-sign-in"

    async def test_anonymous(self, client: AsyncClient, ada: User) -> None:
        assert told(await client.post(self.path(ada))) == (401, "not-signed-in")

    async def test_others(self, people: People, ada: User) -> None:
        eve = await people.page(await people.add("eve"))
        assert told(await eve.post(self.path(ada))) == (403, "right-missing")

    async def test_by_an_administrator(
        self, people: People, ada: User, page: AsyncClient, browser: AsyncClient, secured: tuple[Phone, list[str]]
    ) -> None:
        assert secured
        grace = await people.page(await people.add("grace", Role.ADMINISTRATOR))
        assert (await grace.post(self.path(ada))).status_code == 204
        assert await me(page) == 401
        assert (await enter_password(browser)).status_code == 200

    async def test_not_of_oneself(self, people: People) -> None:
        user = await people.add("grace", Role.ADMINISTRATOR)
        assert told(await (await people.page(user)).post(self.path(user))) == (409, "yourself")

    async def test_nobody(self, people: People) -> None:
        grace = await people.page(await people.add("grace", Role.ADMINISTRATOR))
        assert told(await grace.post("/api/v1/users/99/reset-sign-in")) == (404, "no-user")
