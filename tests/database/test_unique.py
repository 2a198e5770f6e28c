"""What only one may have is refused to a second one, on every kind of database."""

import pytest
from tests.clock import FrozenClock

from deskbay.accounts.rights.models import CustomRole
from deskbay.database import Database
from deskbay.database.unique import save_unless_taken
from deskbay.kit.problems import Problem


async def test_a_second_one_is_refused_in_the_given_words_and_nothing_else_is_lost(
    database: Database, clock: FrozenClock
) -> None:
    first, second, third = (
        CustomRole(name=name, rights="people:read", created_at=clock.now()) for name in ("Desk", "DESK", "Watch")
    )
    async with database.write() as db:
        await save_unless_taken(db, first, "There is one.")
        with pytest.raises(Problem, match="There is one") as refused:
            await save_unless_taken(db, second, "There is one.")
        await save_unless_taken(db, third, "There is one.")
    assert (refused.value.status, refused.value.kind) == (409, "taken")
    async with database.write() as db:
        kept = await db.get_one(CustomRole, third.id)
        kept.name = "desk"
        with pytest.raises(Problem, match="There is one"):
            await save_unless_taken(db, kept, "There is one.")
        await db.rollback()
