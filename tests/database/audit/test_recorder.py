"""Whatever way a row is changed, the audit tells it: in the same transaction, without what is secret."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock

from deskbay.accounts import service
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Login, Role, User
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database
from deskbay.database.audit.circumstances import Actor, ActorKind, Circumstances, act_as, under
from deskbay.database.audit.happenings import MASK
from deskbay.database.audit.marks import is_audited
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.database.base import Base

CLOCK = FrozenClock()


class Trouble(Exception):
    """Something that goes wrong in the midst of a transaction."""


async def entries(database: Database) -> list[AuditEntry]:
    async with database.read() as db:
        return list(await db.scalars(select(AuditEntry).order_by(AuditEntry.id)))


async def newest(database: Database) -> AuditEntry:
    return (await entries(database))[-1]


def content(text: str | None) -> dict[str, object]:
    return dict(json.loads(text or "{}"))


async def add(database: Database, username: str = "ada") -> User:
    async with database.write() as db:
        return await service.create_user(db, CLOCK, NewUser(username=username), password_hash="hash of a password")


async def add_group(database: Database, *members: User, name: str = "Physics") -> Group:
    async with database.write() as db:
        group = Group(name=name, slug=name.lower(), created_at=CLOCK.now())
        db.add(group)
        await db.flush()
        db.add_all(Member(group_id=group.id, user_id=member.id) for member in members)
    return group


async def add_and_fail(database: Database) -> None:
    async with database.write() as db:
        await service.create_user(db, CLOCK, NewUser(username="ada"))
        raise Trouble


async def add_in_part_and_fail(db: AsyncSession) -> None:
    async with db.begin_nested():
        db.add(Group(name="Gone", slug="gone", created_at=CLOCK.now()))
        await db.flush()
        raise Trouble


async def add_while_reading(database: Database) -> None:
    async with database.read() as db:
        db.add(Group(name="Sly", slug="sly", created_at=CLOCK.now()))


class TestRows:
    async def test_a_new_one_is_told_with_whose_it_is_and_no_secret(self, database: Database) -> None:
        user = await add(database)
        (entry,) = await entries(database)
        assert (entry.action, entry.object_kind, entry.object_id) == (Action.CREATED, "users", str(user.id))
        assert (entry.owner_id, entry.before) == (user.id, None)
        after = content(entry.after)
        assert after["role"] == "user"
        assert after["password_hash"] == after["username"] == MASK
        assert after["email"] is None
        assert "ada" not in after.values()

    async def test_a_changed_one_is_told_with_what_it_was(self, database: Database) -> None:
        user = await add(database)
        async with database.write() as db:
            (await db.get_one(User, user.id)).role = Role.ADMINISTRATOR
        entry = await newest(database)
        assert (entry.action, content(entry.before), content(entry.after)) == (
            Action.CHANGED,
            {"role": "user"},
            {"role": "administrator"},
        )

    async def test_a_deleted_one_is_told_with_what_it_was(self, database: Database) -> None:
        group = await add_group(database)
        async with database.write() as db:
            await db.delete(await db.get_one(Group, group.id))
        entry = await newest(database)
        assert (entry.action, entry.after) == (Action.DELETED, None)
        assert content(entry.before)["slug"] == "physics"

    async def test_several_changes_of_one_transaction_are_one(self, database: Database) -> None:
        async with database.write() as db:
            group = Group(name="A", slug="a", created_at=CLOCK.now())
            db.add(group)
            await db.flush()
            group.description = "first"
            await db.flush()
            group.description = "then"
        (entry,) = await entries(database)
        assert (entry.action, content(entry.after)["description"]) == (Action.CREATED, "then")

    async def test_what_comes_and_goes_is_nothing(self, database: Database) -> None:
        async with database.write() as db:
            group = Group(name="A", slug="a", created_at=CLOCK.now())
            db.add(group)
            await db.flush()
            await db.delete(group)
        assert await entries(database) == []

    async def test_the_same_value_again_is_no_change(self, database: Database) -> None:
        user = await add(database)
        async with database.write() as db:
            (await db.get_one(User, user.id)).role = Role.USER
        assert len(await entries(database)) == 1


class TestStatements:
    async def test_what_is_deleted_by_one_is_told_row_by_row(self, database: Database) -> None:
        ada, bob, eve = [await add(database, name) for name in ("ada", "bob", "eve")]
        group = await add_group(database, ada, bob, eve)
        async with database.write() as db:
            await db.execute(delete(Member).where(Member.group_id == group.id, Member.user_id != eve.id))
        told = {
            (entry.object_id, entry.owner_id) for entry in await entries(database) if entry.action == Action.DELETED
        }
        assert told == {(f"{group.id}/{user.id}", user.id) for user in (ada, bob)}

    async def test_what_is_changed_by_one_is_told_row_by_row(self, database: Database) -> None:
        ada, bob = [await add(database, name) for name in ("ada", "bob")]
        group = await add_group(database, ada, bob)
        async with database.write() as db:
            await db.execute(update(Member).where(Member.user_id == bob.id).values(is_administrator=True))
        entry = await newest(database)
        assert (entry.object_id, entry.owner_id) == (f"{group.id}/{bob.id}", bob.id)
        assert (content(entry.before), content(entry.after)) == (
            {"is_administrator": False},
            {"is_administrator": True},
        )

    async def test_rows_that_stay_as_they_are_are_not_told(self, database: Database) -> None:
        user = await add(database)
        async with database.write() as db:
            await db.execute(update(User).where(User.id == user.id).values(role=Role.USER))
            await db.execute(update(User).where(User.id == 999).values(role=Role.ADMINISTRATOR))
        assert len(await entries(database)) == 1

    async def test_what_changes_all_the_time_is_not_told(self, database: Database) -> None:
        user = await add(database)
        async with database.write() as db:
            login = Login(
                user_id=user.id, family_digest="f", refresh_digest="r", created_at=CLOCK.now(), expires_at=CLOCK.now()
            )
            db.add(login)
        before = len(await entries(database))
        later = CLOCK.now() + timedelta(minutes=1)
        async with database.write() as db:
            await db.execute(update(Login).where(Login.id == login.id).values(refresh_digest="s", seen_at=later))
        async with database.write() as db:
            (await db.get_one(Login, login.id)).seen_at = later + timedelta(minutes=1)
        assert len(await entries(database)) == before

    async def test_a_statement_still_tells_how_many_rows_it_changed(self, database: Database) -> None:
        user = await add(database)
        async with database.write() as db:
            assert await service.changes_row(db, update(User).where(User.id == user.id).values(zone="UTC"))
            assert not await service.changes_row(db, update(User).where(User.id == 999).values(zone="UTC"))


class TestTransactions:
    async def test_what_is_taken_back_is_not_told(self, database: Database) -> None:
        with pytest.raises(Trouble):
            await add_and_fail(database)
        assert await entries(database) == []

    async def test_what_a_part_of_it_takes_back_is_not_told(self, database: Database) -> None:
        async with database.write() as db:
            db.add(Group(name="Kept", slug="kept", created_at=CLOCK.now()))
            with pytest.raises(Trouble):
                await add_in_part_and_fail(db)
            async with db.begin_nested():
                db.add(Group(name="Too", slug="too", created_at=CLOCK.now()))
        assert [content(entry.after)["slug"] for entry in await entries(database)] == ["kept", "too"]

    async def test_one_that_only_reads_can_change_nothing_unseen(self, database: Database) -> None:
        with pytest.raises(RuntimeError, match="only reads"):
            await add_while_reading(database)
        async with database.read() as db:
            assert list(await db.scalars(select(Group))) == []


class TestActors:
    async def test_without_a_request_it_is_deskbay_itself(self, database: Database) -> None:
        await add(database)
        (entry,) = await entries(database)
        assert (entry.actor_kind, entry.actor_id, entry.address, entry.request_id) == (
            ActorKind.SYSTEM,
            None,
            None,
            None,
        )

    async def test_within_one_it_is_whoever_was_found_to_act(self, database: Database) -> None:
        with under(Circumstances(address="192.0.2.7", request_id="the-request")):
            act_as(Actor(ActorKind.TOKEN, 7, token_id=3))
            await add(database)
        (entry,) = await entries(database)
        assert (entry.actor_kind, entry.actor_id, entry.token_id) == (ActorKind.TOKEN, 7, 3)
        assert (entry.address, entry.request_id) == ("192.0.2.7", "the-request")

    async def test_after_a_request_nothing_of_it_is_left(self, database: Database) -> None:
        with under(Circumstances()):
            act_as(Actor(ActorKind.PERSON, 7))
        act_as(Actor(ActorKind.PERSON, 8))
        await add(database)
        assert (await newest(database)).actor_kind is ActorKind.SYSTEM


REASONS = {
    mapper.class_.__name__: mapper.class_.not_audited for mapper in Base.registry.mappers if not is_audited(mapper)
}


def test_few_tables_are_not_audited_and_each_says_why() -> None:
    """Whoever adds a table that is not audited has to name it here, too."""
    assert set(REASONS) <= {
        "Activity",
        "AttemptCount",
        "AuditEntry",
        "AuditHead",
        "BudgetWarning",
        "Change",
        "DeviceHours",
        "DeviceSnapshot",
        "Favourite",
        "GuacamoleConnection",
        "GuacamoleStanding",
        "Look",
        "OidcState",
        "PasskeyChallenge",
        "PendingSignIn",
        "RestoredApplication",
        "RollUpState",
        "Run",
        "Save",
        "Server",
        "SessionApplication",
        "SignIn",
        "Spare",
        "Step",
        "Ticket",
        "Usage",
        "UserHours",
    }
    assert all(len(reason.split()) > 2 for reason in REASONS.values())
