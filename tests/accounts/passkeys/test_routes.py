"""Passkeys over HTTP, with a device that is a double: made, used, kept in order, and what is refused."""

from collections.abc import AsyncIterator, Callable

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select
from tests.accounts.passkeys.authenticator import PRESENT, Device, text_of
from tests.accounts.refusals import refusals
from tests.clock import FrozenClock
from tests.people import PASSWORD, People, client_of

from deskbay.accounts.models import Role, User
from deskbay.accounts.passkeys.models import Passkey, PasskeyChallenge
from deskbay.settings import SecondStepFor, Settings

LOCAL = "http://localhost:8000"
AUTH = "/api/v1/auth"
PASSKEYS = "/api/v1/profile/passkeys"
PROOF = "/api/v1/profile/proof"

pytestmark = pytest.mark.usefixtures("quick_hashes")


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def page(people: People, ada: User) -> AsyncClient:
    """Ada's browser at localhost; she has just shown that it is her."""
    page = await people.page(ada)
    page.base_url, page.headers["Origin"] = LOCAL, LOCAL
    for cookie in list(page.cookies.jar):
        page.cookies.set(cookie.name, cookie.value or "", domain="localhost.local", path=cookie.path)
    (await page.post(PROOF, json={"password": PASSWORD})).raise_for_status()
    return page


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A browser at localhost in which nobody is signed in."""
    async with client_of(app, LOCAL) as browser:
        browser.headers["Origin"] = LOCAL
        yield browser


async def add(page: AsyncClient, device: Device, name: str = "Laptop") -> Response:
    options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
    return await page.post(PASSKEYS, json={"name": name, "credential": device.make(options)})


@pytest.fixture
async def device(page: AsyncClient) -> Device:
    """A device with a passkey of Ada's."""
    device = Device()
    (await add(page, device)).raise_for_status()
    return device


async def enter(browser: AsyncClient, device: Device) -> Response:
    options = (await browser.post(f"{AUTH}/passkey/begin")).json()["options"]
    return await browser.post(f"{AUTH}/passkey", json={"credential": device.use(options)})


class TestAdding:
    async def test_the_browser_is_asked_for_one_that_needs_no_username(self, page: AsyncClient, ada: User) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        assert options["rp"] == {"id": "localhost", "name": "Deskbay"}
        assert options["user"]["id"] == text_of(ada.uuid.bytes)
        wanted = options["authenticatorSelection"]
        assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")

    async def test_it_is_listed(self, page: AsyncClient) -> None:
        answer = await add(page, Device(), "Phone")
        assert answer.status_code == 201
        expected = {"id": answer.json()["id"], "name": "Phone", "created_at": "2026-01-05T09:00:00Z"}
        assert (await page.get(PASSKEYS)).json() == {"items": [{**expected, "last_used_at": None}]}

    async def test_a_device_that_has_one_is_named_to_the_browser(self, page: AsyncClient, device: Device) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        assert [one["id"] for one in options["excludeCredentials"]] == [text_of(device.credential_id)]

    async def test_several(self, page: AsyncClient) -> None:
        for name in ("Laptop", "Phone", "Key"):
            assert (await add(page, Device(), name)).status_code == 201
        assert [one["name"] for one in (await page.get(PASSKEYS)).json()["items"]] == ["Laptop", "Phone", "Key"]

    async def test_twenty_at_the_most(self, app: FastAPI, page: AsyncClient, ada: User, clock: FrozenClock) -> None:
        async with app.state.database.write() as db:
            for number in range(20):
                row = {"key": str(number), "credential_id": "1", "public_key": "2", "signatures": 0, "name": "x"}
                db.add(Passkey(user_id=ada.id, created_at=clock.now(), **row))
        assert told(await page.post(f"{PASSKEYS}/begin")) == (409, "limit-reached")

    async def test_one_belongs_to_one_account(self, page: AsyncClient, device: Device) -> None:
        assert told(await add(page, device)) == (409, "taken")

    @pytest.mark.parametrize(
        "device",
        [
            Device(origin="https://evil.example"),
            Device(host="evil.example"),
            Device(flags=PRESENT),
            Device(flags=0),
        ],
        ids=["another origin", "another host", "nobody verified", "nobody there"],
    )
    async def test_what_does_not_fit_is_refused(self, page: AsyncClient, device: Device) -> None:
        assert told(await add(page, device)) == (422, "passkey-refused")
        assert (await page.get(PASSKEYS)).json() == {"items": []}

    async def test_a_challenge_is_good_once(self, page: AsyncClient) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        for expected in (201, 401):
            answer = await page.post(PASSKEYS, json={"name": "x", "credential": Device().make(options)})
            assert answer.status_code == expected

    async def test_a_refused_answer_uses_it_up(self, page: AsyncClient) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        for device, expected in ((Device(flags=0), 422), (Device(), 401)):
            answer = await page.post(PASSKEYS, json={"name": "x", "credential": device.make(options)})
            assert answer.status_code == expected

    async def test_and_for_five_minutes(self, page: AsyncClient, clock: FrozenClock) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        clock.advance(seconds=300)
        answer = await page.post(PASSKEYS, json={"name": "x", "credential": Device().make(options)})
        assert told(answer) == (401, "passkey-refused")

    async def test_and_for_one_person(self, people: People, page: AsyncClient, app: FastAPI) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        eve = await people.page(await people.add("eve"))
        await eve.post(PROOF, json={"password": PASSWORD})
        app.state.settings = app.state.settings.model_copy(update={"public_url": LOCAL})
        answer = await eve.post(PASSKEYS, json={"name": "x", "credential": Device().make(options)})
        assert told(answer) == (401, "passkey-refused")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"name": "", "credential": Device().use({"challenge": "x"})},
            {"name": "x", "credential": {}},
            {"name": "x", "credential": {"id": "*", "rawId": "*", "type": "public-key", "response": {}}},
        ],
    )
    async def test_bad_input(self, page: AsyncClient, body: dict[str, object]) -> None:
        assert told(await page.post(PASSKEYS, json=body)) == (422, "invalid-request")

    @pytest.mark.parametrize("garbage", ["AAAA", "e30", "_w", "A"])
    async def test_garbage_is_refused(self, page: AsyncClient, garbage: str) -> None:
        response = {"clientDataJSON": garbage, "attestationObject": garbage}
        credential = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": response}
        assert told(await page.post(PASSKEYS, json={"name": "x", "credential": credential})) == (401, "passkey-refused")

    async def test_a_page_without_a_name_of_its_own_has_none(self, people: People, ada: User) -> None:
        page = await people.page(ada)
        await page.post(PROOF, json={"password": PASSWORD})
        answer = await page.post(f"{PASSKEYS}/begin")
        assert told(answer) == (409, "no-name")
        assert "public_url" in answer.json()["detail"]

    async def test_behind_a_proxy_the_name_is_that_of_public_url(
        self, app: FastAPI, page: AsyncClient, settings: Settings
    ) -> None:
        app.state.settings = settings.model_copy(update={"public_url": "https://desk.example.org"})
        device = Device(origin="https://desk.example.org", host="desk.example.org")
        assert (await add(page, device)).status_code == 201
        assert told(await add(page, Device())) == (422, "passkey-refused")


class TestSigningIn:
    async def test_without_a_username(self, browser: AsyncClient, page: AsyncClient, device: Device) -> None:
        options = (await browser.post(f"{AUTH}/passkey/begin")).json()["options"]
        assert (options["allowCredentials"], options["userVerification"]) == ([], "required")
        answer = await enter(browser, device)
        assert (answer.status_code, answer.json()["username"]) == (200, "ada")
        assert (await browser.get(f"{AUTH}/me")).status_code == 200
        assert (await page.get(PASSKEYS)).json()["items"][0]["last_used_at"] == "2026-01-05T09:00:00Z"

    async def test_it_is_both_steps(
        self, app: FastAPI, browser: AsyncClient, device: Device, settings: Settings
    ) -> None:
        app.state.settings = settings.model_copy(update={"second_step_for": SecondStepFor.EVERYONE})
        assert (await enter(browser, device)).status_code == 200

    async def test_who_has_one_and_needs_two_steps_is_not_let_in_to_set_an_app_up_by_password_alone(
        self, app: FastAPI, browser: AsyncClient, device: Device, settings: Settings
    ) -> None:
        app.state.settings = settings.model_copy(update={"second_step_for": SecondStepFor.EVERYONE})
        answer = await browser.post(f"{AUTH}/sign-in", json={"username": "ada", "password": PASSWORD})
        assert told(answer) == (403, "passkey-needed")
        assert device

    async def test_a_device_that_does_not_count(self, page: AsyncClient, browser: AsyncClient) -> None:
        device = Device(counts=False)
        await add(page, device)
        assert [(await enter(browser, device)).status_code for _ in range(2)] == [200, 200]

    async def test_a_copy_is_found_out_by_its_counter(self, browser: AsyncClient, device: Device) -> None:
        await enter(browser, device)
        await enter(browser, device)
        device.signatures = 0
        assert told(await enter(browser, device)) == (401, "passkey-refused")

    async def test_an_answer_is_good_once(self, browser: AsyncClient, device: Device) -> None:
        options = (await browser.post(f"{AUTH}/passkey/begin")).json()["options"]
        used = {"credential": device.use(options)}
        assert [(await browser.post(f"{AUTH}/passkey", json=used)).status_code for _ in range(2)] == [200, 401]

    async def test_a_challenge_to_add_one_signs_nobody_in(
        self, page: AsyncClient, browser: AsyncClient, device: Device
    ) -> None:
        options = (await page.post(f"{PASSKEYS}/begin")).json()["options"]
        answer = await browser.post(f"{AUTH}/passkey", json={"credential": device.use(options)})
        assert told(answer) == (401, "passkey-refused")

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda device: setattr(device, "origin", "https://evil.example"),
            lambda device: setattr(device, "host", "evil.example"),
            lambda device: setattr(device, "flags", PRESENT),
            lambda device: setattr(device, "owner", b"somebody else"),
            lambda device: setattr(device, "key", Device().key),
            lambda device: setattr(device, "credential_id", b"another"),
        ],
        ids=["another origin", "another host", "nobody verified", "another owner", "another key", "unknown"],
    )
    async def test_what_does_not_fit_is_refused(
        self, app: FastAPI, ada: User, browser: AsyncClient, device: Device, spoil: Callable[[Device], None]
    ) -> None:
        spoil(device)
        assert told(await enter(browser, device)) == (401, "passkey-refused")
        whose = None if device.credential_id == b"another" else ada.id
        assert await refusals(app.state.database) == [("passkey", "passkey-refused", whose)]

    async def test_ten_refusals_close_it_for_the_address(self, browser: AsyncClient, device: Device) -> None:
        stranger = Device(owner=device.owner)
        answers = [(await enter(browser, stranger)).status_code for _ in range(11)]
        assert answers == [401] * 10 + [429]

    async def test_who_is_disabled_stays_out(
        self, app: FastAPI, ada: User, browser: AsyncClient, device: Device, clock: FrozenClock
    ) -> None:
        async with app.state.database.write() as db:
            (await db.get_one(User, ada.id)).disabled_at = clock.now()
        assert told(await enter(browser, device)) == (403, "disabled")
        assert await refusals(app.state.database) == [("passkey", "disabled", ada.id)]

    async def test_no_page_of_another_site(self, browser: AsyncClient, device: Device) -> None:
        browser.headers["Origin"] = "https://evil.example"
        for path in ("/passkey/begin", "/passkey"):
            answer = await browser.post(f"{AUTH}{path}", json={"credential": device.use({"challenge": "AAAA"})})
            assert told(answer) == (403, "cross-origin")

    async def test_old_challenges_are_forgotten(self, app: FastAPI, browser: AsyncClient, clock: FrozenClock) -> None:
        for _ in range(2):
            await browser.post(f"{AUTH}/passkey/begin")
            clock.advance(seconds=300)
        async with app.state.database.read() as db:
            assert len((await db.scalars(select(PasskeyChallenge))).all()) == 1


class TestKeeping:
    async def test_another_name(self, page: AsyncClient, device: Device) -> None:
        (passkey,) = (await page.get(PASSKEYS)).json()["items"]
        answer = await page.patch(f"{PASSKEYS}/{passkey['id']}", json={"name": " Old laptop "})
        assert (answer.status_code, answer.json()) == (200, {**passkey, "name": "Old laptop"})
        assert device

    @pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\x00b"])
    async def test_bad_names(self, page: AsyncClient, device: Device, name: str) -> None:
        (passkey,) = (await page.get(PASSKEYS)).json()["items"]
        answer = await page.patch(f"{PASSKEYS}/{passkey['id']}", json={"name": name})
        assert told(answer) == (422, "invalid-request")
        assert device

    async def test_removed_it_signs_in_no_more(self, page: AsyncClient, browser: AsyncClient, device: Device) -> None:
        (passkey,) = (await page.get(PASSKEYS)).json()["items"]
        assert (await page.delete(f"{PASSKEYS}/{passkey['id']}")).status_code == 204
        assert (await page.get(PASSKEYS)).json() == {"items": []}
        assert told(await enter(browser, device)) == (401, "passkey-refused")

    async def test_not_by_others(self, people: People, page: AsyncClient, device: Device) -> None:
        (passkey,) = (await page.get(PASSKEYS)).json()["items"]
        eve = await people.page(await people.add("eve", Role.ADMINISTRATOR))
        await eve.post(PROOF, json={"password": PASSWORD})
        path = f"{PASSKEYS}/{passkey['id']}"
        assert told(await eve.patch(path, json={"name": "mine"})) == (404, "no-passkey")
        assert told(await eve.delete(path)) == (404, "no-passkey")
        assert (await eve.get(PASSKEYS)).json() == {"items": []}
        assert device

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", PASSKEYS, None),
            ("POST", f"{PASSKEYS}/begin", None),
            ("PATCH", f"{PASSKEYS}/1", {"name": "x"}),
            ("DELETE", f"{PASSKEYS}/1", None),
            ("POST", PASSKEYS, {"name": "x", "credential": Device().make({"user": {"id": "AA"}, "challenge": "AA"})}),
            ("POST", f"{PROOF}/passkey", {"credential": Device().use({"challenge": "AA"})}),
        ],
    )
    async def test_anonymous(self, browser: AsyncClient, method: str, path: str, body: object) -> None:
        assert told(await browser.request(method, path, json=body)) == (401, "not-signed-in")

    async def test_an_administrator_forgets_them(
        self, people: People, ada: User, browser: AsyncClient, device: Device
    ) -> None:
        grace = await people.page(await people.add("grace", Role.ADMINISTRATOR))
        assert (await grace.post(f"/api/v1/users/{ada.id}/reset-sign-in")).status_code == 204
        assert told(await enter(browser, device)) == (401, "passkey-refused")


class TestProof:
    @pytest.mark.parametrize(("method", "path"), [("POST", f"{PASSKEYS}/begin"), ("DELETE", f"{PASSKEYS}/1")])
    async def test_none_is_added_or_removed_without_one(
        self, page: AsyncClient, clock: FrozenClock, method: str, path: str
    ) -> None:
        clock.advance(minutes=10)
        assert told(await page.request(method, path)) == (403, "proof-needed")

    async def test_a_passkey_is_one(self, page: AsyncClient, device: Device, clock: FrozenClock) -> None:
        clock.advance(minutes=10)
        options = (await page.post(f"{AUTH}/passkey/begin")).json()["options"]
        answer = await page.post(f"{PROOF}/passkey", json={"credential": device.use(options)})
        assert answer.status_code == 204
        assert (await page.post(f"{PASSKEYS}/begin")).status_code == 200

    async def test_another_persons_is_none(self, people: People, ada: User, page: AsyncClient, app: FastAPI) -> None:
        app.state.settings = app.state.settings.model_copy(update={"public_url": LOCAL})
        eve = await people.page(await people.add("eve"))
        await eve.post(PROOF, json={"password": PASSWORD})
        device = Device()
        (await add(eve, device)).raise_for_status()
        options = (await page.post(f"{AUTH}/passkey/begin")).json()["options"]
        answer = await page.post(f"{PROOF}/passkey", json={"credential": device.use(options)})
        assert told(answer) == (403, "wrong-passkey")
        again = await page.post(f"{PROOF}/passkey", json={"credential": device.use(options)})
        assert told(again) == (401, "passkey-refused")
        whys = ("wrong-passkey", "passkey-refused")
        assert await refusals(people.database) == [("passkey", why, ada.id) for why in whys]
