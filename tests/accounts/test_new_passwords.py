"""Taking a password: no place takes one that is known from break-ins."""

from hashlib import sha1

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.people import PASSWORD, People

from deskbay.accounts.models import Role
from deskbay.accounts.new_passwords import NewPasswords
from deskbay.settings import Settings

KNOWN = "password1"
WHY = "known from break-ins"


def changed(settings: Settings, **different: object) -> Settings:
    return settings.model_copy(update=different)


@pytest.fixture
async def root(people: People) -> AsyncClient:
    return await people.page(await people.add("root", Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/auth/sign-up", {"username": "new", "password": KNOWN}),
        ("POST", "/api/v1/auth/new-password", {"token": "x", "new_password": KNOWN}),
        ("PUT", "/api/v1/profile/password", {"password": PASSWORD, "new_password": KNOWN}),
        ("POST", "/auth/signup", {"name": "A", "surname": "B", "email": "a@example.org", "password": KNOWN}),
    ],
)
async def test_none_is_taken_that_is_known(root: AsyncClient, method: str, path: str, body: dict[str, str]) -> None:
    answer = await root.request(method, path, json=body)
    assert answer.status_code == 422
    assert WHY in answer.json()["detail"]
    assert KNOWN not in answer.text


@pytest.mark.parametrize("path", ["/api/auth/register", "/api/users/createuser"])
async def test_nor_by_the_desktop_managers_clients(people: People, path: str) -> None:
    program = await people.program(await people.add("root", Role.ADMINISTRATOR))
    answer = await program.post(path, json={"username": "new", "password": KNOWN})
    assert answer.is_client_error
    assert WHY in answer.text
    assert (await program.post(path, json={"username": "new", "password": PASSWORD})).status_code == 201


@pytest.mark.parametrize("word", ["Deskbay!", "2026-deskbay", "Hogwarts77", "d3skbay-deskbay-d", "desk.1.hogwarts"])
async def test_nor_a_word_of_the_place(app: FastAPI, client: AsyncClient, settings: Settings, word: str) -> None:
    app.state.new_passwords = NewPasswords(changed(settings, public_url="https://desk.hogwarts.example"))
    answer = await client.post("/api/v1/auth/sign-up", json={"username": "new", "password": word})
    is_one = word in {"Deskbay!", "2026-deskbay", "Hogwarts77"}
    assert answer.status_code == (422 if is_one else 201)
    if is_one:
        assert answer.json()["type"] == "word-of-the-place"
        assert word not in answer.text


async def test_digits_alone_are_no_word(client: AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/sign-up", json={"username": "new", "password": "31 41 59 26 53 58"})
    assert answer.status_code == 201


async def test_nor_one_of_the_file(app: FastAPI, client: AsyncClient, settings: Settings) -> None:
    file = settings.data / "hashes"
    file.write_text(f"{sha1(PASSWORD.encode(), usedforsecurity=False).hexdigest()}:1\n")
    app.state.new_passwords = NewPasswords(changed(settings, breached_passwords=file))
    answer = await client.post("/api/v1/auth/sign-up", json={"username": "new", "password": PASSWORD})
    assert (answer.status_code, answer.json()["type"]) == (422, "known-password")


async def test_none_is_taken_while_the_file_is_away(app: FastAPI, client: AsyncClient, settings: Settings) -> None:
    app.state.new_passwords = NewPasswords(changed(settings, breached_passwords=settings.data / "nowhere"))
    answer = await client.post("/api/v1/auth/sign-up", json={"username": "new", "password": PASSWORD})
    assert (answer.status_code, answer.json()["type"]) == (503, "no-password-list")
    assert str(settings.data) not in answer.text


async def test_who_has_one_that_is_known_still_comes_in(app: FastAPI, people: People, settings: Settings) -> None:
    file = settings.data / "hashes"
    file.write_text(f"{sha1(PASSWORD.encode(), usedforsecurity=False).hexdigest()}:1\n")
    app.state.new_passwords = NewPasswords(changed(settings, breached_passwords=file))
    page = await people.page(await people.add("ada"))
    answer = await page.post("/api/v1/auth/sign-in", json={"username": "ada", "password": PASSWORD})
    assert answer.status_code == 200
