"""Forgotten passwords and addresses to verify, with a real mail server that keeps what it gets."""

import re
from collections.abc import Mapping
from email.message import EmailMessage

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.letterbox import SITE, Letterbox, text_of
from tests.people import PASSWORD, People, client_of

from deskbay.accounts.models import MailLink, User

AUTH = "/api/v1/auth"
FORGOTTEN = f"{AUTH}/forgotten-password"
NEW = f"{AUTH}/new-password"
VERIFICATION = f"{AUTH}/verification"
VERIFY = f"{AUTH}/verify"
ME = f"{AUTH}/me"
ANOTHER = "another long password"
SAID = {
    (FORGOTTEN, "en-GB"): (
        "Take another password · Deskbay",
        "Hello ada,",
        "somebody, hopefully you, has forgotten the password of “ada”.",
    ),
    (FORGOTTEN, "de-AT"): (
        "Neues Passwort wählen · Deskbay",
        "Hallo ada,",
        "jemand, hoffentlich Sie, hat das Passwort von „ada“ vergessen.",
    ),
    (VERIFICATION, "en"): ("Confirm your address · Deskbay", "Hello ada,", "that this address is yours."),
    (VERIFICATION, "de"): ("Bestätigen Sie Ihre Adresse · Deskbay", "Hallo ada,", "dass diese Adresse Ihnen gehört."),
}
"""The subject of a mail that is asked for there by who reads that, how it begins, and what both kinds of text say."""


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


async def post(
    app: FastAPI, client: AsyncClient, path: str, body: Mapping[str, str] | None = None, browser: str | None = None
) -> Response:
    """Post, from a browser of a language, and wait until the mails are on their way."""
    answer = await client.post(path, json=body, headers={"Accept-Language": browser} if browser else None)
    await app.state.postman.finish()
    return answer


def token_in(mail: EmailMessage, page: str) -> str:
    found = re.search(rf"^{SITE}{page}#([\w-]{{43}})$", text_of(mail), re.MULTILINE)
    assert found, text_of(mail)
    return found[1]


async def sign_in(app: FastAPI, password: str) -> int:
    async with client_of(app) as client:
        answer = await client.post(f"{AUTH}/token", json={"username": "ada", "password": password})
        return answer.status_code


class TestForgotten:
    async def test_a_link_gives_another_password_once(
        self, app: FastAPI, client: AsyncClient, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        page = await people.page(ada)
        assert (await post(app, client, FORGOTTEN, {"email": "Ada@example.org"})).status_code == 202
        (mail,) = letterbox.mails
        assert (mail["To"], mail["From"]) == ("ada@example.org", "Deskbay <deskbay@desk.example.org>")
        assert "password" in mail["Subject"]
        wish = {"token": token_in(mail, "/new-password"), "new_password": ANOTHER}
        assert (await client.post(NEW, json=wish)).status_code == 204
        assert (await sign_in(app, PASSWORD), await sign_in(app, ANOTHER)) == (401, 200)
        assert (await page.get(ME)).status_code == 401
        assert told(await client.post(NEW, json=wish)) == (401, "link-spent")

    async def test_both_kinds_of_text_have_the_link_and_nothing_else_is_in_it(
        self, app: FastAPI, client: AsyncClient, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        async with people.database.write() as db:
            (await db.get_one(User, ada.id)).full_name = "<b>Ada</b>"
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"})
        (mail,) = letterbox.mails
        html = text_of(mail, "html")
        assert f'href="{SITE}/new-password#{token_in(mail, "/new-password")}"' in html
        assert "&lt;b&gt;Ada&lt;/b&gt;" in html
        assert "<b>Ada</b>" in text_of(mail)

    async def test_the_answer_is_the_same_for_an_address_of_nobody(
        self, app: FastAPI, client: AsyncClient, ada: User, letterbox: Letterbox
    ) -> None:
        assert ada
        known, unknown = [
            await post(app, client, FORGOTTEN, {"email": f"{name}@example.org"}) for name in ("ada", "nobody")
        ]
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert [mail["To"] for mail in letterbox.mails] == ["ada@example.org"]

    async def test_a_link_lasts_half_an_hour(
        self, app: FastAPI, client: AsyncClient, ada: User, letterbox: Letterbox, clock: FrozenClock
    ) -> None:
        assert ada
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"})
        clock.advance(minutes=30)
        wish = {"token": token_in(letterbox.mails[0], "/new-password"), "new_password": ANOTHER}
        assert told(await client.post(NEW, json=wish)) == (401, "link-spent")
        assert await sign_in(app, PASSWORD) == 200

    async def test_a_link_to_another_address_is_worth_nothing(
        self, app: FastAPI, client: AsyncClient, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"})
        async with people.database.write() as db:
            (await db.get_one(User, ada.id)).email = "new@example.org"
        wish = {"token": token_in(letterbox.mails[0], "/new-password"), "new_password": ANOTHER}
        assert told(await client.post(NEW, json=wish)) == (401, "link-spent")

    async def test_a_person_gets_three_an_hour(
        self, app: FastAPI, client: AsyncClient, ada: User, letterbox: Letterbox, clock: FrozenClock
    ) -> None:
        assert ada
        for _ in range(5):
            assert (await post(app, client, FORGOTTEN, {"email": "ada@example.org"})).status_code == 202
        assert len(letterbox.mails) == 3
        clock.advance(hours=1)
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"})
        assert len(letterbox.mails) == 4

    async def test_an_address_may_ask_ten_times_a_minute(
        self, app: FastAPI, client: AsyncClient, letterbox: Letterbox
    ) -> None:
        answers = [await post(app, client, FORGOTTEN, {"email": f"{n}@example.org"}) for n in range(11)]
        assert [answer.status_code for answer in answers] == [202] * 10 + [429]
        assert "too many mails" in answers[-1].json()["detail"]
        assert letterbox.mails == []

    async def test_a_disabled_person_gets_none(
        self, app: FastAPI, client: AsyncClient, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        async with people.database.write() as db:
            (await db.get_one(User, ada.id)).disabled_at = ada.created_at
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"})
        assert letterbox.mails == []

    async def test_a_mail_that_is_refused_is_sent_again(
        self, app: FastAPI, client: AsyncClient, ada: User, letterbox: Letterbox
    ) -> None:
        assert ada
        letterbox.refusals = 2
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"})
        assert len(letterbox.mails) == 1

    async def test_bad_input(self, client: AsyncClient, letterbox: Letterbox) -> None:
        assert letterbox.mails == []
        assert told(await client.post(FORGOTTEN, json={"email": "ada"})) == (422, "invalid-request")
        short = {"token": "t", "new_password": "short"}
        assert told(await client.post(NEW, json=short)) == (422, "invalid-request")

    async def test_another_page_is_refused(self, client: AsyncClient, letterbox: Letterbox) -> None:
        assert letterbox.mails == []
        evil = {"Origin": "https://evil.example"}
        for path in (FORGOTTEN, NEW, VERIFICATION, VERIFY):
            assert told(await client.post(path, json={}, headers=evil)) == (403, "cross-origin"), path

    async def test_without_a_mail_server_it_says_so(self, client: AsyncClient) -> None:
        assert (await client.get("/api/v1/about")).json()["sends_mail"] is False
        assert told(await client.post(FORGOTTEN, json={"email": "ada@example.org"})) == (409, "no-mail")


class TestVerification:
    async def test_anonymous_gets_401(self, client: AsyncClient, letterbox: Letterbox) -> None:
        assert told(await client.post(VERIFICATION)) == (401, "not-signed-in")
        assert letterbox.mails == []

    async def test_a_link_verifies_the_address_once(
        self, app: FastAPI, client: AsyncClient, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        assert (await client.get("/api/v1/about")).json()["sends_mail"] is True
        program = await people.program(ada)
        assert (await post(app, program, VERIFICATION)).status_code == 202
        body = {"token": token_in(letterbox.mails[0], "/verify")}
        assert (await client.post(VERIFY, json=body)).status_code == 204
        assert (await program.get("/api/v1/profile")).json()["email_verified_at"] == "2026-01-05T09:00:00Z"
        assert told(await client.post(VERIFY, json=body)) == (401, "link-spent")

    async def test_a_link_is_good_for_its_purpose_alone(
        self, app: FastAPI, client: AsyncClient, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        await post(app, await people.program(ada), VERIFICATION)
        wish = {"token": token_in(letterbox.mails[0], "/verify"), "new_password": ANOTHER}
        assert told(await client.post(NEW, json=wish)) == (401, "link-spent")
        assert await sign_in(app, PASSWORD) == 200

    async def test_its_secret_is_kept_as_a_digest(
        self, app: FastAPI, people: People, ada: User, letterbox: Letterbox
    ) -> None:
        await post(app, await people.program(ada), VERIFICATION)
        async with people.database.read() as db:
            (link,) = (await db.scalars(select(MailLink))).all()
        assert token_in(letterbox.mails[0], "/verify") not in {link.digest, link.email}


class TestLanguage:
    @pytest.mark.parametrize(("path", "language"), SAID)
    async def test_a_mail_speaks_its_readers_language_in_both_kinds_of_text(
        self, app: FastAPI, people: People, letterbox: Letterbox, path: str, language: str
    ) -> None:
        client = await reader_of(people, language)
        await post(app, client, path, {"email": "ada@example.org"} if path == FORGOTTEN else None)
        (mail,) = letterbox.mails
        subject, greeting, words = SAID[path, language]
        text, html = text_of(mail), text_of(mail, "html")
        assert (mail["Subject"], text.splitlines()[0]) == (subject, greeting)
        assert words in text
        assert f'<html lang="{language[:2]}">' in html
        for said in (greeting, words, token_in(mail, "/new-password" if path == FORGOTTEN else "/verify")):
            assert said in html

    @pytest.mark.parametrize(
        ("chosen", "browser", "spoken"),
        [
            (None, None, "en"),
            (None, "fr", "en"),
            (None, "fr, de-CH;q=0.9, en;q=0.8", "de"),
            (None, "de;q=0.5, en", "en"),
            ("fr-CA", "de", "en"),
            ("en-US", "de", "en"),
            ("de-AT", "en", "de"),
        ],
    )
    async def test_who_has_chosen_none_is_written_to_in_the_browsers(  # noqa: PLR0917 - what is asked, and what there is
        self, app: FastAPI, people: People, letterbox: Letterbox, chosen: str | None, browser: str | None, spoken: str
    ) -> None:
        client = await reader_of(people, chosen)
        await post(app, client, VERIFICATION, browser=browser)
        await post(app, client, FORGOTTEN, {"email": "ada@example.org"}, browser)
        assert [mail["Content-Language"] for mail in letterbox.mails] == [spoken, spoken]


async def reader_of(people: People, language: str | None) -> AsyncClient:
    """Add ada, who reads a language, and return her program."""
    ada = await people.add("ada")
    async with people.database.write() as db:
        (await db.get_one(User, ada.id)).language = language
    return await people.program(ada)
