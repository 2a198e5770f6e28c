"""Groups, rules about what may run, and launches that they hold for."""

from sqlalchemy import select
from tests.desktops.conftest import Stage, a_person

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import launching
from deskbay.desktops.launching import DEFAULT_SIZE, LaunchWish, Size
from deskbay.desktops.models import Allowance, Desktop
from deskbay.desktops.service import UNLIMITED, Right
from deskbay.desktops.templates import get_launchable
from deskbay.kit.intervals import Period


async def in_group(stage: Stage, *members: User, name: str = "Lab") -> Group:
    """Return a group with these people in it."""
    group = Group(name=name, slug=name.lower(), created_at=stage.clock.now())
    async with stage.database.write() as db:
        db.add(group)
        await db.flush()
        db.add_all(Member(group_id=group.id, user_id=member.id) for member in members)
    return group


async def somebody(stage: Stage, name: str = "bob") -> User:
    person = a_person(stage.clock, name)
    async with stage.database.write() as db:
        db.add(person)
    return person


async def allow(stage: Stage, whom: User | Group, *, shared: bool = False, **most: float | Period) -> Allowance:
    """Make a rule for a person or a group; its hours are those of a week, unless it says otherwise."""
    period = {"period": Period.WEEK} if "hours" in most else {}
    key = "user_id" if isinstance(whom, User) else "group_id"
    rule = Allowance(**{key: whom.id}, is_shared=shared, **{**period, **most})
    async with stage.database.write() as db:
        db.add(rule)
    return rule


async def launch(
    stage: Stage, who: User | None = None, *, right: Right = UNLIMITED, size: Size = DEFAULT_SIZE
) -> Desktop:
    """Have a person launch a desktop, by default the stage's."""
    person = who or stage.person
    async with stage.database.write() as db:
        template = await get_launchable(db, Rights(person), "desktop")
        return await launching.launch(db, stage.clock, person, LaunchWish(template, size=size), right)


async def desktops_of(stage: Stage) -> list[Desktop]:
    async with stage.database.read() as db:
        return list(await db.scalars(select(Desktop)))
