"""The rules on roles, on every database."""

import pytest
from tests.clock import FrozenClock
from tests.people import as_caller

from deskbay.accounts.models import Role
from deskbay.accounts.rights import roles
from deskbay.accounts.rights.schemas import RoleIn
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.kit.problems import Problem


async def test_one_that_was_deleted_meanwhile_is_given_to_nobody(database: Database, clock: FrozenClock) -> None:
    async with database.write() as db:
        grace = await create_user(db, clock, NewUser(username="grace"), role=Role.ADMINISTRATOR)
        by = as_caller(grace, Scope.PEOPLE_WRITE)
        role = await roles.create_role(db, clock, by, RoleIn(name="Help desk", rights={"people:read"}))
    async with database.write() as db:
        await roles.delete_role(db, await roles.get_role(db, by, role.id))
    with pytest.raises(Problem) as refused:
        async with database.write() as db:
            await roles.give(db, by, role, grace)
    assert (refused.value.status, refused.value.kind) == (404, "no-role")
