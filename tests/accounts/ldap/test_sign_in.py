"""Signing in with the password of a real directory: whose account it is, and what happens when it is away."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select
from tests.accounts.ldap.slapd import PASSWORD, Slapd, directory_of, settings_of
from tests.accounts.refusals import refusals
from tests.accounts.second_step.phone import enter_code, scan
from tests.clock import FrozenClock
from tests.letterbox import Letterbox, text_of
from tests.people import ORIGIN, People
from tests.people import PASSWORD as KEPT_HERE
from tests.ports import free_port

from deskbay.accounts import service
from deskbay.accounts.api_tokens.schemas import TokenIn
from deskbay.accounts.api_tokens.service import create_token
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Identity, Role, User
from deskbay.accounts.passkeys.models import Passkey
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database
from deskbay.database.audit.circumstances import ActorKind
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.kit.sign_in_places import LdapDirectory
from deskbay.settings import Settings

pytestmark = pytest.mark.usefixtures("quick_hashes")
AUTH = "/api/v1/auth"
Set = Callable[..., None]


@pytest.fixture
def use(app: FastAPI, school: Slapd) -> Iterator[Set]:
    """Sets the directory of the application."""

    def use(**others: object) -> None:
        app.state.directory = directory_of(school, **{"makes_accounts": True, **others})

    yield use
    if app.state.directory is not None:
        app.state.directory.close()


@pytest.fixture
def database(app: FastAPI) -> Database:
    database: Database = app.state.database
    return database


async def enter(client: AsyncClient, username: str = "alan", password: str = PASSWORD) -> Response:
    answer = await client.post(
        f"{AUTH}/sign-in", json={"username": username, "password": password}, headers={"Origin": ORIGIN}
    )
    client.headers["Origin"] = ORIGIN
    return answer


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


async def add(database: Database, clock: FrozenClock, username: str) -> User:
    """Add an account without a password, like that of a lab computer's user."""
    async with database.write() as db:
        return await service.create_user(db, clock, NewUser(username=username))


async def test_an_account_is_made_with_name_and_mail(client: AsyncClient, use: Set, database: Database) -> None:
    use()
    answer = await enter(client)
    assert answer.status_code == 200
    expected = {"username": "alan", "full_name": "Alan Turing", "email": "alan@school.example", "role": "user"}
    assert {name: answer.json()[name] for name in expected} == expected
    async with database.read() as db:
        user = (await db.scalars(select(User).where(User.username == "alan"))).one()
    assert user.password_hash is None
    assert user.email_verified_at is not None


async def test_it_is_the_same_one_next_time(client: AsyncClient, use: Set, database: Database) -> None:
    use()
    first, second = await enter(client), await enter(client, "ALAN")
    assert first.json()["id"] == second.json()["id"]
    async with database.read() as db:
        assert len((await db.scalars(select(Identity))).all()) == 1


async def test_a_name_that_we_would_not_take_is_made_one(client: AsyncClient, use: Set) -> None:
    use()
    for _ in range(2):
        assert (await enter(client, "o'neil")).json()["username"] == "oneil"


async def test_only_known_ones(client: AsyncClient, use: Set, database: Database, clock: FrozenClock) -> None:
    use(makes_accounts=False)
    known = await add(database, clock, "alan")
    assert (await enter(client, "alan")).json()["id"] == known.id
    assert told(await enter(client, "barbara")) == (403, "unknown-person")


async def test_an_account_of_somebody_else_is_not_taken_over(
    people: People, client: AsyncClient, use: Set, database: Database, clock: FrozenClock
) -> None:
    use()
    theirs = await add(database, clock, "alan")
    async with database.write() as db:
        db.add(Identity(user_id=theirs.id, issuer="https://x", subject="1", key="1", created_at=clock.now()))
    assert told(await enter(client)) == (403, "taken")
    assert await refusals(database) == [("sign-in", "taken", theirs.id)]
    await people.add("barbara")
    assert told(await enter(client, "barbara")) == (401, "wrong-credentials")


@pytest.mark.parametrize("whose", ["an administrator's", "a service's", "with a passkey"])
async def test_an_account_that_lets_do_more_is_not_taken_over(
    client: AsyncClient, use: Set, database: Database, clock: FrozenClock, whose: str
) -> None:
    use()
    alan = await add(database, clock, "alan")
    async with database.write() as db:
        alan = await db.get_one(User, alan.id)
        if whose == "an administrator's":
            alan.role = Role.ADMINISTRATOR
        elif whose == "a service's":
            await create_token(db, clock, alan, alan, TokenIn(name="Backups", scopes={"desktops:read"}))
        else:
            key = Passkey(user_id=alan.id, key="k", credential_id="c", public_key="p", signatures=0, name="Phone")
            key.created_at = clock.now()
            db.add(key)
    assert told(await enter(client)) == (403, "taken")


async def test_an_address_of_somebody_else_stays_theirs(
    client: AsyncClient, use: Set, database: Database, clock: FrozenClock
) -> None:
    use()
    async with database.write() as db:
        await service.create_user(db, clock, NewUser(username="eve", email="alan@school.example"))
    assert (await enter(client)).json()["email"] is None


@pytest.mark.parametrize(("username", "password"), [("alan", "wrong"), ("nobody", PASSWORD), ("*", PASSWORD)])
async def test_nobody_else(client: AsyncClient, use: Set, username: str, password: str) -> None:
    use()
    answer = await enter(client, username, password)
    assert told(answer) == (401, "wrong-credentials")
    assert answer.json()["detail"] == "Wrong username or password. Try again."


async def test_ten_failures_close_the_account(client: AsyncClient, use: Set) -> None:
    use()
    answers = [(await enter(client, password="wrong")).status_code for _ in range(10)]
    assert answers == [401] * 10
    assert told(await enter(client)) == (429, "too-many-attempts")


async def test_who_is_disabled_stays_out(client: AsyncClient, use: Set, database: Database, clock: FrozenClock) -> None:
    use()
    user_id = (await enter(client)).json()["id"]
    async with database.write() as db:
        (await db.get_one(User, user_id)).disabled_at = clock.now()
    assert told(await enter(client)) == (403, "disabled")
    assert await refusals(database) == [("sign-in", "disabled", user_id)]


async def test_groups_follow_the_directory(
    client: AsyncClient, use: Set, database: Database, clock: FrozenClock
) -> None:
    async with database.write() as db:
        for name in ("seventh", "eighth"):
            db.add(Group(name=name, slug=name, description="", created_at=clock.now()))
    use(groups={"class-7b": "seventh", "class-8a": "eighth"})
    await enter(client)
    async with database.read() as db:
        slugs = (await db.scalars(select(Group.slug).join(Member, Member.group_id == Group.id))).all()
    assert slugs == ["seventh"]


class TestAway:
    @pytest.fixture
    def away(self, use: Set) -> None:
        use(url=f"ldap://127.0.0.1:{free_port()}", title="The school’s directory")

    @pytest.mark.usefixtures("away")
    async def test_a_sentence_says_so(self, client: AsyncClient) -> None:
        answer = await enter(client)
        assert told(answer) == (503, "directory-away")
        assert answer.json()["detail"].startswith("The school’s directory does not answer")

    @pytest.mark.usefixtures("away")
    async def test_passwords_that_are_kept_here_go_on_working(self, people: People, client: AsyncClient) -> None:
        await people.add("ada")
        assert (await enter(client, "ada", KEPT_HERE)).status_code == 200
        assert (await enter(client, "ada", "wrong")).status_code == 401


async def test_a_password_here_does_not_replace_that_of_the_directory(
    client: AsyncClient, use: Set, database: Database, people: People
) -> None:
    use()
    user_id = (await enter(client)).json()["id"]
    async with database.write() as db:
        (await db.get_one(User, user_id)).password_hash = (await people.add("ada")).password_hash
    assert told(await enter(client, "alan", KEPT_HERE)) == (401, "wrong-credentials")
    assert (await enter(client)).status_code == 200


async def test_who_has_a_password_there_takes_none_here(client: AsyncClient, use: Set) -> None:
    use()
    await enter(client)
    answer = await client.put("/api/v1/profile/password", json={"new_password": "words of my own"})
    assert told(answer) == (409, "kept-elsewhere")


async def test_nor_by_a_mail(
    client: AsyncClient, use: Set, database: Database, letterbox: Letterbox, app: FastAPI
) -> None:
    use()
    await enter(client)
    await client.post(f"{AUTH}/forgotten-password", json={"email": "alan@school.example"})
    await app.state.postman.finish()
    token = text_of(letterbox.mails[-1]).split("/new-password#")[1].split()[0]
    answer = await client.post(f"{AUTH}/new-password", json={"token": token, "new_password": "words of my own"})
    assert told(answer) == (409, "kept-elsewhere")
    assert (await stored(database, "alan")).password_hash is None


async def test_an_address_is_the_directorys_and_all_else_ones_own(
    client: AsyncClient, use: Set, database: Database
) -> None:
    use()
    await enter(client)
    answer = await client.patch("/api/v1/profile", json={"email": "eve@example.org"})
    assert told(answer) == (409, "kept-elsewhere")
    assert "Change it there." in answer.json()["detail"]
    same = {"email": "alan@school.example", "full_name": "Alan M. Turing"}
    assert (await client.patch("/api/v1/profile", json=same)).status_code == 200
    alan = await stored(database, "alan")
    assert (alan.email, alan.full_name) == ("alan@school.example", "Alan M. Turing")


async def stored(database: Database, username: str) -> User:
    async with database.read() as db:
        return (await db.scalars(select(User).where(User.username == username))).one()


async def test_the_audit_tells_of_a_password_that_the_directory_refused(
    client: AsyncClient, use: Set, database: Database
) -> None:
    use()
    await enter(client)
    await enter(client, password="wrong")
    async with database.read() as db:
        entries = (await db.scalars(select(AuditEntry).where(AuditEntry.action == Action.REFUSED))).all()
    assert [(one.actor_kind, one.after) for one in entries] == [
        (ActorKind.NOBODY, '{"attempt":"sign-in","why":"wrong-credentials"}')
    ]


async def test_a_second_step_is_asked_for_as_of_others(client: AsyncClient, use: Set, clock: FrozenClock) -> None:
    use()
    await enter(client)
    phone = await scan(client, clock)
    await client.post("/api/v1/profile/second-step/app/confirm", json={"code": phone.code()})
    clock.advance(seconds=30)
    assert (await enter(client)).json() == {"step": "code"}
    assert (await enter_code(client, phone.code())).status_code == 200


async def test_contracts_clients_come_in_by_it(client: AsyncClient, use: Set) -> None:
    use()
    answer = await client.post("/auth/token", data={"username": "alan", "password": PASSWORD})
    assert answer.status_code == 200


def test_what_is_set_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, school: Slapd) -> None:
    monkeypatch.setenv("DESKBAY_LDAP", settings_of(school, search_dn=None, search_password=None).model_dump_json())
    assert isinstance(Settings().ldap, LdapDirectory)
