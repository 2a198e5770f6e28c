"""What only one may have is refused to a second one, on every kind of database."""

import pytest
from tests.clock import FrozenClock

from deskbay.accounts.rights.models import CustomRole
from deskbay.database import Database
from deskbay.database.unique import unless_taken
from deskbay.kit.problems import Problem


async def test_a_second_one_is_refused_in_the_given_words_and_nothing_else_is_lost(
    database: Database, clock: FrozenClock
) -> None:
    first, second, third = (
        CustomRole(name=name, rights="people:read", created_at=clock.now()) for name in ("Desk", "DESK", "Watch")
    )
    async with database.write() as db:
        async with unless_taken(db, "There is one."):
            db.add(first)
        with pytest.raises(Problem, match="There is one") as refused:
            async with unless_taken(db, "There is one."):
                db.add(second)
        async with unless_taken(db, "There is one."):
            db.add(third)
    assert (refused.value.status, refused.value.kind) == (409, "taken")
    async with database.write() as db:
        kept = await db.get_one(CustomRole, third.id)
        with pytest.raises(Problem, match="There is one"):
            async with unless_taken(db, "There is one."):
                kept.name = "desk"
    async with database.read() as db:
        assert (await db.get_one(CustomRole, third.id)).name == "Watch"
