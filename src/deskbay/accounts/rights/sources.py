"""Where the rights of a person come from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.groups.service import groups_around
from deskbay.accounts.models import User
from deskbay.accounts.rights.built_in import BUILT_IN, GROUP_ADMINISTRATOR
from deskbay.accounts.rights.models import CustomRole, RoleBinding
from deskbay.accounts.rights.schemas import RightOut, SourceOut
from deskbay.accounts.rights.scopes import Granted, Scope, granted, together


@dataclass(frozen=True, slots=True)
class Source:
    """A role that a person has, and the group by which they have it."""

    role: str
    rights: Granted
    role_id: int | None = None
    group: Group | None = None


async def explain(db: AsyncSession, user: User, shown: Collection[int] | None) -> list[RightOut]:
    """Return all that a person may do, each with every role that lets them, and the group where it is among the shown.

    Where `shown` is None, all are.
    """
    sources = [_without_hidden(source, shown) for source in await sources_of(db, user)]
    reached = together(*(source.rights for source in sources))
    return [
        RightOut(scope=scope, reach=reached[scope], sources=_told(sources, scope))
        for scope in Scope
        if scope in reached
    ]


async def sources_of(db: AsyncSession, user: User) -> list[Source]:
    """Return the roles of a person: what they are to the server, the groups they look after, and what was given."""
    base = BUILT_IN[user.role]
    looked_after = select(Group).join(Member, Member.group_id == Group.id).order_by(Group.name_key)
    theirs = looked_after.where(Member.user_id == user.id, Member.is_administrator)
    helping = [
        Source(GROUP_ADMINISTRATOR.name, GROUP_ADMINISTRATOR.rights, group=group) for group in await db.scalars(theirs)
    ]
    given = select(CustomRole, Group).join(RoleBinding, RoleBinding.role_id == CustomRole.id)
    given = given.outerjoin(Group, Group.id == RoleBinding.group_id).order_by(CustomRole.name_key, Group.name_key)
    bound = given.where(or_(RoleBinding.user_id == user.id, RoleBinding.group_id.in_(groups_around(user.id))))
    custom = [
        Source(role.name, granted(role.rights.split()), role.id, group) for role, group in await db.execute(bound)
    ]
    return [Source(base.name, base.rights), *helping, *custom]


def _without_hidden(source: Source, shown: Collection[int] | None) -> Source:
    hides = source.group is not None and shown is not None and source.group.id not in shown
    return replace(source, group=None) if hides else source


def _told(sources: Sequence[Source], scope: Scope) -> list[SourceOut]:
    return [
        SourceOut(
            role=one.role,
            role_id=one.role_id,
            group=GroupBrief.model_validate(one.group) if one.group else None,
            reach=one.rights[scope],
        )
        for one in sources
        if scope in one.rights
    ]
