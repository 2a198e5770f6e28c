"""Finding people, on each database."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock

from deskbay.accounts.directory import UserFilter, get_user, list_users
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.kit.problems import Problem

PEOPLE = [
    NewUser(username="Zoe", full_name="Zoë Baird"),
    NewUser(username="ada", full_name="Ada Lovelace", email="ada@maths.example"),
    NewUser(username="bob_1", email="bob@example.org"),
    NewUser(username="bobx1"),
]


@pytest.fixture
async def db(database: Database, clock: FrozenClock) -> AsyncIterator[AsyncSession]:
    async with database.write() as db:
        for new in PEOPLE:
            await create_user(db, clock, new)
        yield db


async def found(db: AsyncSession, search: str) -> list[str]:
    users, _, total = await list_users(db, UserFilter(search=search))
    assert total == len(users)
    return [user.username for user in users]


@pytest.mark.parametrize(
    ("search", "usernames"),
    [
        ("", ["ada", "bob_1", "bobx1", "Zoe"]),
        ("ZOE", ["Zoe"]),
        ("lovelace", ["ada"]),
        ("lace ADA", ["ada"]),
        ("maths.ex", ["ada"]),
        ("bob", ["bob_1", "bobx1"]),
        ("bob_", ["bob_1"]),
        ("%", []),
        ("'or''='", []),
        ("ada';--", []),
        ("ada bob", []),
    ],
)
async def test_each_word_is_in_a_name_or_the_address(db: AsyncSession, search: str, usernames: list[str]) -> None:
    assert await found(db, search) == usernames


async def test_pages_follow_each_other_by_username(db: AsyncSession) -> None:
    first, cursor, total = await list_users(db, UserFilter(limit=3))
    second, end, _ = await list_users(db, UserFilter(limit=3, cursor=cursor))
    assert [user.username for user in [*first, *second]] == ["ada", "bob_1", "bobx1", "Zoe"]
    assert (total, end) == (4, None)


async def test_a_person_who_is_not_there(db: AsyncSession) -> None:
    with pytest.raises(Problem, match="no user 2147483000"):
        await get_user(db, 2147483000)
