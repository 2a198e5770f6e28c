"""Failed sign-ins in the audit, on every database: whoever tries is seen, and a flood does not fill it."""

import json

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock

from deskbay.accounts import failures, service
from deskbay.accounts.attempts import Attempt, Attempts
from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database
from deskbay.database.audit import chain
from deskbay.database.audit.circumstances import Actor, ActorKind, Circumstances, under
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.kit.problems import Problem

HERE, THERE = "192.0.2.1", "192.0.2.2"
WRONG = {"attempt": "sign-in", "why": "wrong-credentials"}


class Door:
    """Where somebody fails to come in."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database, self.clock = database, clock
        self.attempts = Attempts(database, clock, most=3)

    async def fail(self, times: int = 1, *, account: str | None = "Ada", address: str = HERE) -> None:
        for _ in range(times):
            with under(Circumstances(address=address)):
                await self.attempts.count(Attempt.SIGN_IN, account=account, address=address, why="wrong-credentials")

    async def told(self) -> list[AuditEntry]:
        refused = select(AuditEntry).where(AuditEntry.action == Action.REFUSED).order_by(AuditEntry.id)
        async with self.database.read() as db:
            return list(await db.scalars(refused))

    async def whys(self) -> list[str]:
        return [json.loads(entry.after or "{}")["why"] for entry in await self.told()]


@pytest.fixture
async def ada(database: Database, clock: FrozenClock) -> User:
    async with database.write() as db:
        return await service.create_user(db, clock, NewUser(username="ada"))


@pytest.fixture
def door(database: Database, clock: FrozenClock) -> Door:
    database.clock = clock
    return Door(database, clock)


async def test_it_is_told_who_was_tried_from_where_and_why(door: Door, ada: User) -> None:
    await door.fail()
    (entry,) = await door.told()
    assert (entry.actor_kind, entry.actor_id, entry.address) == (ActorKind.NOBODY, None, HERE)
    assert (entry.object_kind, entry.object_id, entry.owner_id) == ("users", str(ada.id), ada.id)
    assert json.loads(entry.after or "") == WRONG


async def test_what_is_nobodys_name_is_not_told(door: Door) -> None:
    await door.fail(account="hunter2, typed into the wrong field")
    (entry,) = await door.told()
    assert (entry.object_id, entry.owner_id, json.loads(entry.after or "")) == (None, None, WRONG)


@pytest.mark.usefixtures("ada")
async def test_the_same_again_is_told_once_in_ten_minutes_and_that_somebody_has_to_wait(door: Door) -> None:
    await door.fail(3)
    assert await door.whys() == ["wrong-credentials", "too-many-attempts"]
    assert json.loads((await door.told())[1].after or "")["wait_seconds"] == 60
    door.clock.advance(minutes=10)
    await door.fail(1)
    assert await door.whys() == ["wrong-credentials", "too-many-attempts", "wrong-credentials"]


@pytest.mark.usefixtures("ada")
async def test_each_address_and_each_account_is_told(door: Door) -> None:
    await door.fail()
    await door.fail(address=THERE)
    await door.fail(account="nobody-here")
    assert [(one.object_id is None, one.address) for one in await door.told()] == [
        (False, HERE),
        (False, THERE),
        (True, HERE),
    ]


async def test_a_flood_from_everywhere_is_told_up_to_a_bound(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MOST", 5)
    for number in range(12):
        await door.fail(account=None, address=f"192.0.2.{number}")
    assert await door.whys() == ["wrong-credentials"] * 5 + ["too-many-to-tell"]
    door.clock.advance(minutes=10)
    await door.fail(account=None)
    assert (await door.whys())[6:] == ["wrong-credentials"]
    async with door.database.read() as db:
        assert (await chain.verify(db)).broken_id is None


async def test_who_waits_adds_nothing(door: Door, ada: User) -> None:
    await door.fail(3)
    for _ in range(5):
        with pytest.raises(Problem, match="Too many"):
            await door.fail(account=ada.username)
    assert len(await door.told()) == 2


async def test_of_who_is_signed_in_it_is_told_who_they_are(door: Door, ada: User) -> None:
    with under(Circumstances(Actor(ActorKind.PERSON, ada.id), HERE)):
        await door.attempts.count(Attempt.PASSWORD, account="ada", why="wrong-password")
    (entry,) = await door.told()
    assert (entry.actor_kind, entry.actor_id) == (ActorKind.PERSON, ada.id)


async def test_what_was_counted_before_it_failed_is_told_by_itself(door: Door, ada: User) -> None:
    await door.attempts.count(Attempt.TOTP, account="ada")
    assert await door.told() == []
    await door.attempts.tell(Attempt.TOTP, "ada", "wrong-code")
    (entry,) = await door.told()
    assert (entry.owner_id, json.loads(entry.after or "")) == (ada.id, {"attempt": "totp", "why": "wrong-code"})
