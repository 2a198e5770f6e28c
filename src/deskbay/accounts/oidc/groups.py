"""Groups that follow what a provider says."""

from collections.abc import Mapping, Set

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.groups.service import REGROUPED
from deskbay.accounts.models import User
from deskbay.database import emit
from deskbay.kit.events import Event


async def follow(db: AsyncSession, user: User, slugs: Mapping[str, str], told: Set[str]) -> None:
    """Have a person belong to those groups of a mapping whose names a provider told, and to no other of them.

    Groups that the mapping does not name, or that are not here, are left alone.
    """
    wanted = {slug for name, slug in slugs.items() if name in told}
    there = set(await db.scalars(select(Member.group_id).where(Member.user_id == user.id)))
    for group in await db.scalars(select(Group).where(Group.slug.in_(slugs.values()))):
        if group.slug in wanted and group.id not in there:
            db.add(Member(group_id=group.id, user_id=user.id, is_administrator=False))
            emit(db, Event(REGROUPED, group.id, 0))
        if group.slug not in wanted and group.id in there:
            await db.execute(delete(Member).where(Member.group_id == group.id, Member.user_id == user.id))
            emit(db, Event(REGROUPED, group.id, user.id))
