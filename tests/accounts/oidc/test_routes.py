"""Signing in at a provider over HTTP, at one that says what the test wants."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import JsonValue
from sqlalchemy import select
from tests.accounts.oidc.doubles import NEW_KEY, SETTINGS, URL, AbsentProvider, FakeProvider, SilentProvider, unsigned
from tests.accounts.refusals import refusals
from tests.clock import FrozenClock
from tests.people import ORIGIN, People, client_of

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Identity, OidcState, Role, User
from deskbay.accounts.oidc.service import OidcSignIns, add_identity
from deskbay.settings import Settings

AUTH = "/api/v1/auth"
BEGIN = f"{AUTH}/oidc/school/begin"
CALLBACK = f"{AUTH}/oidc/callback"
BACK_CHANNEL = f"{AUTH}/oidc/school/back-channel"
CLOSED = SETTINGS.model_copy(update={"makes_accounts": False})


WRONG_CLAIMS: list[dict[str, JsonValue]] = [
    {"iss": "https://evil.example"},
    {"iss": None},
    {"aud": "another"},
    {"aud": ["another"]},
    {"aud": None},
    {"aud": ["deskbay", "another"]},
    {"aud": ["deskbay", "another"], "azp": "another"},
    {"azp": "another"},
    {"nonce": "another"},
    {"nonce": None},
    {"exp": None},
    {"iat": None},
    {"sub": None},
    {"sub": ""},
    {"sub": "bob-1"},
]
WRONG_LOGOUT_CLAIMS: list[dict[str, JsonValue]] = [
    {"events": {}},
    {"events": None},
    {"nonce": "n"},
    {"aud": "another"},
    {"iss": "https://evil.example"},
    {"sub": None},
    {"exp": 1},
    {"iat": 1},
]


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


@pytest.fixture
async def school(app: FastAPI, settings: Settings, clock: FrozenClock) -> AsyncIterator[FakeProvider]:
    fake = FakeProvider(clock)
    use(app, settings, fake.http)
    yield fake
    await app.state.oidc.close()


def use(app: FastAPI, settings: Settings, http: httpx.AsyncClient, **different: object) -> None:
    """Have the application sign people in at the provider behind a client."""
    wished = settings.model_copy(update={"oidc_providers": (SETTINGS,), **different})
    app.state.settings = wished
    app.state.oidc = OidcSignIns(wished, app.state.clock, "k" * 43, http, patience=0.05)


async def begin(browser: AsyncClient) -> str:
    answer = await browser.post(BEGIN, headers={"Origin": ORIGIN})
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["authorization_url"]
    return url


async def sign_in(browser: AsyncClient, school: FakeProvider) -> Response:
    returned = school.agree(await begin(browser))
    return await browser.post(CALLBACK, json=returned, headers={"Origin": ORIGIN})


async def me(client: AsyncClient) -> Response:
    return await client.get(f"{AUTH}/me")


class TestBegin:
    async def test_the_page_knows_the_providers(self, client: AsyncClient, school: FakeProvider) -> None:
        assert school
        about = (await client.get("/api/v1/about")).json()
        assert about["providers"] == [{"name": "school", "title": "School account"}]

    async def test_the_browser_goes_on_with_all_that_binds_the_steps(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        query = httpx.URL(await begin(client)).params
        assert query["response_type"] == "code"
        assert query["scope"] == "openid profile email"
        assert query["redirect_uri"] == f"{ORIGIN}/sign-in/callback"
        assert query["code_challenge_method"] == "S256"
        assert len({query["state"], query["nonce"], query["code_challenge"]}) == 3
        assert school.asked == ["/.well-known/openid-configuration"]

    async def test_behind_a_proxy_it_comes_back_to_the_public_address(
        self, app: FastAPI, client: AsyncClient, settings: Settings, school: FakeProvider
    ) -> None:
        use(app, settings, school.http, public_url="https://desk.example.org/")
        assert httpx.URL(await begin(client)).params["redirect_uri"] == "https://desk.example.org/sign-in/callback"

    async def test_another_page_is_refused(self, client: AsyncClient, school: FakeProvider) -> None:
        answer = await client.post(BEGIN, headers={"Origin": "https://evil.example"})
        assert told(answer) == (403, "cross-origin")
        assert school.asked == []

    async def test_an_unknown_provider(self, client: AsyncClient, school: FakeProvider) -> None:
        assert school
        assert told(await client.post(f"{AUTH}/oidc/other/begin")) == (404, "no-provider")

    @pytest.mark.parametrize("transport", [SilentProvider(), AbsentProvider()], ids=["hangs", "is down"])
    async def test_a_provider_that_is_away(
        self, app: FastAPI, client: AsyncClient, settings: Settings, transport: httpx.AsyncBaseTransport
    ) -> None:
        use(app, settings, httpx.AsyncClient(transport=transport))
        answer = await client.post(BEGIN)
        assert told(answer) == (502, "provider-away")
        assert "School account does not answer" in answer.json()["detail"]

    async def test_a_provider_whose_document_makes_no_sense(self, client: AsyncClient, school: FakeProvider) -> None:
        for document in (httpx.Response(500), httpx.Response(200, text="<html>"), httpx.Response(200, json={})):
            school.answers["/.well-known/openid-configuration"] = document
            assert told(await client.post(BEGIN)) == (502, "provider-away"), document

    async def test_it_leads_us_nowhere_else(self, client: AsyncClient, school: FakeProvider) -> None:
        school.answers["/.well-known/openid-configuration"] = httpx.Response(302, headers={"Location": f"{URL}/inside"})
        assert told(await client.post(BEGIN)) == (502, "provider-away")
        assert "/inside" not in school.asked

    async def test_a_provider_that_calls_itself_another(self, client: AsyncClient, school: FakeProvider) -> None:
        school.metadata["issuer"] = "https://evil.example"
        assert told(await client.post(BEGIN)) == (401, "provider-untrusted")

    async def test_states_that_nobody_came_back_with_go(
        self, client: AsyncClient, school: FakeProvider, people: People, clock: FrozenClock
    ) -> None:
        assert school
        await begin(client)
        clock.advance(minutes=11)
        await begin(client)
        async with people.database.read() as db:
            assert len((await db.scalars(select(OidcState))).all()) == 1


class TestCallback:
    async def test_the_page_is_signed_in_with_an_account_of_its_own(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        school.info |= {"name": "Ada Lovelace", "preferred_username": "ada", "email": "A@x.org", "email_verified": True}
        answer = await sign_in(client, school)
        assert answer.status_code == 200
        ada = (await me(client)).json()
        assert ada == answer.json()
        assert (ada["username"], ada["full_name"], ada["email"]) == ("ada", "Ada Lovelace", "a@x.org")
        assert ada["role"] == "user"

    async def test_the_second_time_it_is_the_same_account(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider
    ) -> None:
        first = (await sign_in(client, school)).json()
        school.info["preferred_username"] = "renamed"
        async with client_of(app) as other:
            assert (await sign_in(other, school)).json() == first

    async def test_a_username_that_is_taken_gets_a_number(
        self, client: AsyncClient, school: FakeProvider, people: People
    ) -> None:
        await people.add("ada")
        school.info["preferred_username"] = "ada"
        assert (await sign_in(client, school)).json()["username"] == "ada-2"

    async def test_a_subject_that_differs_in_capitals_is_somebody_else(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider
    ) -> None:
        first = (await sign_in(client, school)).json()
        school.claims["sub"] = school.info["sub"] = "ADA-1"
        async with client_of(app) as other:
            assert (await sign_in(other, school)).json()["id"] != first["id"]

    async def test_an_address_that_nobody_verified_is_left_out(self, client: AsyncClient, school: FakeProvider) -> None:
        school.info |= {"email": "ada@example.org", "email_verified": False}
        assert (await sign_in(client, school)).json()["email"] is None

    async def test_a_state_is_good_once(self, client: AsyncClient, school: FakeProvider) -> None:
        returned = school.agree(await begin(client))
        assert (await client.post(CALLBACK, json=returned)).status_code == 200
        again = school.asked.count("/token")
        assert told(await client.post(CALLBACK, json=returned)) == (400, "sign-in-lost")
        assert school.asked.count("/token") == again

    async def test_a_state_that_failed_is_used_up(self, client: AsyncClient, school: FakeProvider) -> None:
        returned = school.agree(await begin(client))
        school.claims["aud"] = "another"
        assert (await client.post(CALLBACK, json=returned)).status_code == 401
        del school.claims["aud"]
        assert told(await client.post(CALLBACK, json=returned)) == (400, "sign-in-lost")

    async def test_a_state_lasts_ten_minutes(
        self, client: AsyncClient, school: FakeProvider, clock: FrozenClock
    ) -> None:
        returned = school.agree(await begin(client))
        clock.advance(minutes=10)
        assert told(await client.post(CALLBACK, json=returned)) == (400, "sign-in-lost")

    async def test_another_browser_can_not_finish(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider
    ) -> None:
        returned = school.agree(await begin(client))
        async with client_of(app) as other:
            assert told(await other.post(CALLBACK, json=returned)) == (400, "sign-in-lost")
            await begin(other)
            assert told(await other.post(CALLBACK, json=returned)) == (400, "sign-in-lost")

    async def test_two_windows_of_a_browser_may_begin_side_by_side(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        first, second = await begin(client), await begin(client)
        assert (await client.post(CALLBACK, json=school.agree(second))).status_code == 200
        client.cookies.delete("deskbay_browser")
        assert told(await client.post(CALLBACK, json=school.agree(first))) == (400, "sign-in-lost")

    async def test_a_made_up_state(self, client: AsyncClient, school: FakeProvider, people: People) -> None:
        await begin(client)
        for state in ("made-up", "another", "and another"):
            answer = await client.post(CALLBACK, json={"code": "a-code", "state": state})
            assert told(answer) == (400, "sign-in-lost")
        assert "/token" not in school.asked
        assert await refusals(people.database) == [("provider", "sign-in-lost", None)]

    async def test_another_page_is_refused(self, client: AsyncClient, school: FakeProvider) -> None:
        returned = school.agree(await begin(client))
        answer = await client.post(CALLBACK, json=returned, headers={"Origin": "https://evil.example"})
        assert told(answer) == (403, "cross-origin")

    async def test_bad_input(self, client: AsyncClient, school: FakeProvider) -> None:
        assert school
        for body in ({}, {"code": "a"}, {"code": "", "state": "s"}, {"code": "a", "state": "s", "x": 1}):
            assert told(await client.post(CALLBACK, json=body)) == (422, "invalid-request"), body

    async def test_a_disabled_person_stays_out(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider, people: People
    ) -> None:
        ada = (await sign_in(client, school)).json()
        async with people.database.write() as db:
            (await db.get_one(User, ada["id"])).disabled_at = app.state.clock.now()
        assert told(await sign_in(client, school)) == (403, "disabled")
        assert await refusals(people.database) == [("provider", "disabled", ada["id"])]


class TestBelief:
    """What a provider says is believed only as far as it is proved."""

    async def test_a_claim_that_is_wrong(self, client: AsyncClient, school: FakeProvider, people: People) -> None:
        for claims in WRONG_CLAIMS:
            school.claims = claims
            assert told(await sign_in(client, school)) == (401, "provider-untrusted"), claims
            assert (await me(client)).status_code == 401, claims
        assert await refusals(people.database) == [("provider", "provider-untrusted", None)]

    async def test_several_audiences_are_fine_when_it_was_given_to_us(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        school.claims = {"aud": ["deskbay", "another"], "azp": "deskbay"}
        assert (await sign_in(client, school)).status_code == 200

    @pytest.mark.parametrize(("seconds", "status"), [(-61, 401), (-59, 200)])
    async def test_an_expired_token_and_clocks_that_differ(
        self, client: AsyncClient, school: FakeProvider, clock: FrozenClock, seconds: int, status: int
    ) -> None:
        school.claims["exp"] = int((clock.now() + timedelta(seconds=seconds)).timestamp())
        assert (await sign_in(client, school)).status_code == status

    async def test_an_unsigned_token(self, client: AsyncClient, school: FakeProvider, clock: FrozenClock) -> None:
        now = int(clock.now().timestamp())
        returned = school.agree(url := await begin(client))
        nonce = httpx.URL(url).params["nonce"]
        school.token = unsigned(
            {"iss": URL, "aud": "deskbay", "sub": "ada-1", "iat": now, "exp": now + 300, "nonce": nonce}
        )
        assert told(await client.post(CALLBACK, json=returned)) == (401, "provider-untrusted")

    async def test_a_token_signed_with_a_secret_in_place_of_a_key(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        returned = school.agree(await begin(client))
        claims = jwt.decode(school.id_token(), school.signs_with).claims
        school.token = jwt.encode({"alg": "HS256", "kid": "old"}, claims, OctKey.import_key("kept between us" * 3))
        assert told(await client.post(CALLBACK, json=returned)) == (401, "provider-untrusted")

    async def test_a_token_signed_with_a_key_that_is_not_published(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        school.signs_with = NEW_KEY
        assert told(await sign_in(client, school)) == (401, "provider-untrusted")

    async def test_a_code_whose_verifier_is_another_is_refused_by_the_provider(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        mine = school.agree(await begin(client))
        school.agree(await begin(client))  # the code that the provider gives belongs to this one
        answer = await client.post(CALLBACK, json=mine)
        assert told(answer) == (401, "provider-refused")
        assert "invalid_grant" in answer.json()["detail"]

    async def test_information_about_somebody_else(self, client: AsyncClient, school: FakeProvider) -> None:
        school.info["sub"] = "bob-1"
        assert told(await sign_in(client, school)) == (401, "provider-untrusted")

    async def test_a_token_endpoint_that_makes_no_sense(self, client: AsyncClient, school: FakeProvider) -> None:
        for answer in (httpx.Response(503), httpx.Response(200, text="no"), httpx.Response(200, json={"id_token": 1})):
            school.answers["/token"] = answer
            assert told(await sign_in(client, school)) == (502, "provider-away"), answer


class TestKeys:
    async def test_new_ones_are_fetched_when_a_token_names_one(
        self, client: AsyncClient, school: FakeProvider, clock: FrozenClock
    ) -> None:
        await sign_in(client, school)
        school.signs_with, school.published = NEW_KEY, [NEW_KEY]
        clock.advance(minutes=1)
        assert (await sign_in(client, school)).status_code == 200
        assert school.asked.count("/jwks") == 2

    async def test_they_are_remembered(self, client: AsyncClient, school: FakeProvider) -> None:
        await sign_in(client, school)
        await sign_in(client, school)
        assert school.asked.count("/jwks") == 1
        assert school.asked.count("/.well-known/openid-configuration") == 1

    async def test_forged_tokens_do_not_have_them_fetched_again_and_again(
        self, client: AsyncClient, school: FakeProvider
    ) -> None:
        await sign_in(client, school)
        school.signs_with = NEW_KEY
        for _ in range(3):
            assert (await sign_in(client, school)).status_code == 401
        assert school.asked.count("/jwks") == 1

    async def test_a_provider_without_keys(self, client: AsyncClient, school: FakeProvider) -> None:
        school.published = []
        assert told(await sign_in(client, school)) == (401, "provider-untrusted")


class TestKnownPeople:
    @pytest.fixture(autouse=True)
    def closed(self, app: FastAPI, settings: Settings, school: FakeProvider) -> None:
        """Only people who are known may come."""
        use(app, settings, school.http, oidc_providers=(CLOSED,), admin_oidc_sub="head-1")

    async def test_strangers_are_refused_and_get_no_account(
        self, client: AsyncClient, school: FakeProvider, people: People
    ) -> None:
        assert told(await sign_in(client, school)) == (403, "unknown-person")
        async with people.database.read() as db:
            assert (await db.scalars(select(User))).all() == []

    async def test_who_was_linked_comes_in(
        self, client: AsyncClient, school: FakeProvider, people: People, clock: FrozenClock
    ) -> None:
        ada = await people.add("ada")
        async with people.database.write() as db:
            await add_identity(db, clock, await db.get_one(User, ada.id), URL, "ada-1")
        assert (await sign_in(client, school)).json()["id"] == ada.id

    @pytest.mark.parametrize(
        ("by_us", "by_them", "status"), [(True, True, 200), (False, True, 403), (True, False, 403)]
    )
    async def test_an_address_counts_when_both_sides_verified_it(
        self, client: AsyncClient, school: FakeProvider, people: People, *, by_us: bool, by_them: bool, status: int
    ) -> None:
        ada = await people.add("ada")
        async with people.database.write() as db:
            known = await db.get_one(User, ada.id)
            known.email_verified_at = school.clock.now() if by_us else None
        school.info |= {"email": "ada@example.org", "email_verified": by_them}
        answer = await sign_in(client, school)
        assert answer.status_code == status
        assert status != 200 or answer.json()["id"] == ada.id

    async def test_the_administrator_of_the_settings_comes_in(self, client: AsyncClient, school: FakeProvider) -> None:
        school.claims["sub"] = school.info["sub"] = "head-1"
        assert (await sign_in(client, school)).json()["role"] == Role.ADMINISTRATOR

    async def test_the_same_subject_at_another_provider_is_nobody(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider, settings: Settings
    ) -> None:
        first = CLOSED.model_copy(update={"name": "first", "url": "https://first.example.org"})
        use(app, settings, school.http, oidc_providers=(first, CLOSED), admin_oidc_sub="head-1")
        school.claims["sub"] = school.info["sub"] = "head-1"
        assert told(await sign_in(client, school)) == (403, "unknown-person")


class TestGroups:
    @pytest.fixture(autouse=True)
    async def groups(self, app: FastAPI, settings: Settings, school: FakeProvider, people: People) -> None:
        """Two groups that follow the provider, and one that does not."""
        mapped = SETTINGS.model_copy(update={"groups": {"students": "class-7b", "staff": "staff", "gone": "not-here"}})
        use(app, settings, school.http, oidc_providers=(mapped,))
        async with people.database.write() as db:
            for slug in ("class-7b", "staff", "chess"):
                db.add(Group(name=slug, slug=slug, created_at=school.clock.now()))

    async def of(self, people: People) -> set[str]:
        async with people.database.read() as db:
            return set(await db.scalars(select(Group.slug).join(Member, Member.group_id == Group.id)))

    async def test_they_follow_each_sign_in(self, client: AsyncClient, school: FakeProvider, people: People) -> None:
        school.info["groups"] = ["students", "gone", "unheard-of"]
        ada = (await sign_in(client, school)).json()
        assert await self.of(people) == {"class-7b"}
        async with people.database.write() as db:
            chess = await db.scalar(select(Group.id).where(Group.slug == "chess"))
            db.add(Member(group_id=chess, user_id=ada["id"], is_administrator=False))
        school.info["groups"] = ["staff"]
        await sign_in(client, school)
        assert await self.of(people) == {"staff", "chess"}

    async def test_without_a_word_of_groups_nothing_changes(
        self, client: AsyncClient, school: FakeProvider, people: People
    ) -> None:
        school.info["groups"] = ["students"]
        await sign_in(client, school)
        del school.info["groups"]
        await sign_in(client, school)
        assert await self.of(people) == {"class-7b"}


class TestSignOut:
    async def test_the_page_goes_on_to_the_provider(self, client: AsyncClient, school: FakeProvider) -> None:
        await sign_in(client, school)
        answer = await client.post(f"{AUTH}/sign-out", headers={"Origin": ORIGIN})
        url = httpx.URL(answer.json()["continue_at"])
        assert (url.host, url.path) == ("login.example.org", "/logout")
        assert url.params["client_id"] == "deskbay"
        assert url.params["post_logout_redirect_uri"] == f"{ORIGIN}/sign-in"
        assert (await me(client)).status_code == 401

    async def test_who_signed_in_by_password_goes_nowhere(self, school: FakeProvider, people: People) -> None:
        page = await people.page(await people.add("ada"))
        assert (await page.post(f"{AUTH}/sign-out")).json() == {"continue_at": None}
        assert school.asked == []

    async def test_a_provider_that_is_away_keeps_nobody_in(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider, settings: Settings
    ) -> None:
        await sign_in(client, school)
        use(app, settings, httpx.AsyncClient(transport=AbsentProvider()))
        answer = await client.post(f"{AUTH}/sign-out", headers={"Origin": ORIGIN})
        assert answer.json() == {"continue_at": None}
        assert (await me(client)).status_code == 401


class TestBackChannel:
    async def test_every_sign_in_of_a_person_ends(
        self, app: FastAPI, client: AsyncClient, school: FakeProvider, people: People
    ) -> None:
        await sign_in(client, school)
        bob = await people.page(await people.add("bob"))
        async with client_of(app) as provider:
            answer = await provider.post(BACK_CHANNEL, data={"logout_token": school.logout_token()})
        assert answer.status_code == 200
        assert (await me(client)).status_code == 401
        assert (await me(bob)).status_code == 200

    async def test_one_session_ends(self, app: FastAPI, client: AsyncClient, school: FakeProvider) -> None:
        school.claims["sid"] = "first"
        await sign_in(client, school)
        async with client_of(app) as other:
            school.claims["sid"] = "second"
            await sign_in(other, school)
            await client.post(BACK_CHANNEL, data={"logout_token": school.logout_token(sid="first")})
            assert (await me(client)).status_code == 401
            assert (await me(other)).status_code == 200

    async def test_a_token_that_is_wrong_ends_nothing(self, client: AsyncClient, school: FakeProvider) -> None:
        await sign_in(client, school)
        for different in WRONG_LOGOUT_CLAIMS:
            answer = await client.post(BACK_CHANNEL, data={"logout_token": school.logout_token(**different)})
            assert told(answer) == (401, "provider-untrusted"), different
        assert (await me(client)).status_code == 200

    async def test_the_token_of_a_sign_in_is_no_such_token(self, client: AsyncClient, school: FakeProvider) -> None:
        await sign_in(client, school)
        answer = await client.post(BACK_CHANNEL, data={"logout_token": school.id_token()})
        assert told(answer) == (401, "provider-untrusted")

    async def test_an_unknown_provider(self, client: AsyncClient, school: FakeProvider) -> None:
        answer = await client.post(f"{AUTH}/oidc/other/back-channel", data={"logout_token": school.logout_token()})
        assert told(answer) == (404, "no-provider")


async def test_one_identity_is_kept_of_a_person(client: AsyncClient, school: FakeProvider, people: People) -> None:
    await sign_in(client, school)
    await sign_in(client, school)
    async with people.database.read() as db:
        (identity,) = (await db.scalars(select(Identity))).all()
    assert (identity.issuer, identity.subject) == (URL, "ada-1")
