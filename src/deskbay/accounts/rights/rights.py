"""What a person may do, from their roles and those of their groups, and how far."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Member
from deskbay.accounts.groups.service import groups_above, groups_around, people_looked_after
from deskbay.accounts.models import User
from deskbay.accounts.rights.built_in import BUILT_IN, GROUP_ADMINISTRATOR
from deskbay.accounts.rights.models import CustomRole, RoleBinding
from deskbay.accounts.rights.scopes import Granted, Reach, Scope, granted, narrower, together


class Rights:
    """What a person may do, or a token of theirs within its `limits`. Roles are looked up once, and only if need be.

    What belongs to an administrator is in nobody's reach by a group: it would lead to all rights.
    """

    def __init__(self, user: User, limits: Granted | None = None) -> None:
        self.user = user
        self.limits = limits
        self._roles: dict[Scope, Reach] | None = None

    async def include(self, db: AsyncSession, scope: Scope, reach: Reach) -> bool:
        """Tell whether the person may do this, and at least so far."""
        here = self._within(scope, BUILT_IN[self.user.role].rights.get(scope))
        if here is None or not here.covers(reach):
            here = await self.reach(db, scope)
        return here is not None and here.covers(reach)

    async def reach(self, db: AsyncSession, scope: Scope) -> Reach | None:
        """Return to whose things the person may do this; None: to nobody's."""
        base = BUILT_IN[self.user.role].rights
        if base.get(scope) is Reach.ALL:
            return self._within(scope, Reach.ALL)
        if self._roles is None:
            self._roles = await rights_by_roles(db, self.user)
        return self._within(scope, self._roles.get(scope))

    async def everything(self, db: AsyncSession) -> dict[Scope, Reach]:
        """Return all that the person may do, and how far."""
        reaches = {scope: await self.reach(db, scope) for scope in Scope}
        return {scope: reach for scope, reach in reaches.items() if reach is not None}

    async def reach_of(self, db: AsyncSession, scope: Scope, owner_id: int) -> bool:
        """Tell whether the person may do this to something of that owner's."""
        if owner_id == self.user.id:
            return await self.include(db, scope, Reach.OWN)
        reach = await self.reach(db, scope)
        if reach is not Reach.GROUP:
            return reach is Reach.ALL
        looked_after = people_looked_after(self.user.id).where(Member.user_id == owner_id)
        return bool(await db.scalar(select(exists(looked_after))))

    async def within_reach(
        self, db: AsyncSession, scope: Scope, owner: SQLColumnExpression[int]
    ) -> ColumnElement[bool]:
        """Return the condition that the person may do this to what belongs to an owner."""
        reach = await self.reach(db, scope)
        if reach is None:
            return false()
        if reach is Reach.ALL:
            return true()
        own = owner == self.user.id
        return or_(own, owner.in_(people_looked_after(self.user.id))) if reach is Reach.GROUP else own

    def _within(self, scope: Scope, reach: Reach | None) -> Reach | None:
        return reach if self.limits is None else narrower(reach, self.limits.get(scope))


async def rights_by_roles(db: AsyncSession, user: User) -> dict[Scope, Reach]:
    """Return all that a person may do."""
    looks_after = exists().where(Member.user_id == user.id, Member.is_administrator)
    built_in = [BUILT_IN[user.role].rights]
    if await db.scalar(select(looks_after)):
        built_in.append(GROUP_ADMINISTRATOR.rights)
    return together(*built_in, *(granted(role.rights.split()) for role in await roles_of(db, user)))


async def rights_by_group(db: AsyncSession, group_id: int) -> dict[Scope, Reach]:
    """Return what the roles of a group, and of those in which it lies, let its people do."""
    bound = select(RoleBinding.role_id).where(RoleBinding.group_id.in_(groups_above(group_id)))
    roles = await db.scalars(select(CustomRole).where(CustomRole.id.in_(bound)))
    return together(*(granted(role.rights.split()) for role in roles))


async def roles_of(db: AsyncSession, user: User) -> Iterable[CustomRole]:
    """Return the roles that a person was given, or a group to which they belong, by name."""
    theirs = or_(RoleBinding.user_id == user.id, RoleBinding.group_id.in_(groups_around(user.id)))
    bound = select(RoleBinding.role_id).where(theirs)
    found = await db.scalars(select(CustomRole).where(CustomRole.id.in_(bound)).order_by(CustomRole.name_key))
    return found.all()
