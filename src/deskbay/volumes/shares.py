"""Who may use a volume, and what they may do with it."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.service import find_groups, groups_of, members_of
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.database import emit
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem
from deskbay.volumes.models import Access, Volume, VolumeGroup, VolumeUser
from deskbay.volumes.schemas import SharesIn

CHANGED = "volume"
"""The event that a volume has changed, is shared, or is gone; the volume is the subject, who may see it the owner."""


async def within_reach(db: AsyncSession, rights: Rights, scope: Scope, volumes: Collection[Volume]) -> set[int]:
    """Return the ids of those of the volumes that are a person's own, or within the reach of their right."""
    ids = [volume.id for volume in volumes]
    theirs = or_(Volume.owner_id == rights.user.id, await rights.within_reach(db, scope, Volume.owner_id))
    return set(await db.scalars(select(Volume.id).where(Volume.id.in_(ids), theirs)))


async def usable_by(db: AsyncSession, user: User) -> ColumnElement[bool]:
    """Return the condition that a person may use a volume."""
    groups = await groups_of(db, user.id)
    by_name = select(VolumeUser.volume_id).where(VolumeUser.user_id == user.id)
    by_group = select(VolumeGroup.volume_id).where(VolumeGroup.group_id.in_(groups))
    shared = or_(Volume.everyone.is_not(None), Volume.id.in_(by_name), Volume.id.in_(by_group))
    return or_(Volume.owner_id == user.id, shared)


async def accesses(db: AsyncSession, rights: Rights, volumes: Collection[Volume]) -> dict[int, Access]:
    """Return what a person may do with each of the volumes, by its id; those that they may not use are left out."""
    user, ids = rights.user, [volume.id for volume in volumes]
    by_name = select(VolumeUser.volume_id, VolumeUser.access).where(
        VolumeUser.user_id == user.id, VolumeUser.volume_id.in_(ids)
    )
    by_group = select(VolumeGroup.volume_id, VolumeGroup.access).where(
        VolumeGroup.group_id.in_(await groups_of(db, user.id)), VolumeGroup.volume_id.in_(ids)
    )
    given = [(key, Access.READ) for key in await within_reach(db, rights, Scope.VOLUMES_READ, volumes)]
    given += [(key, Access.WRITE) for key in await within_reach(db, rights, Scope.VOLUMES_WRITE, volumes)]
    given += [(volume.id, volume.everyone) for volume in volumes if volume.everyone]
    given += [(key, access) for query in (by_name, by_group) for key, access in (await db.execute(query)).all()]
    best: dict[int, Access] = {}
    for key, access in given:
        best[key] = Access.WRITE if Access.WRITE in {access, best.get(key)} else Access.READ
    return best


async def share(db: AsyncSession, volume: Volume, wish: SharesIn) -> None:
    """Share a volume with these, and nobody else. Raises Problem 422 for people and groups that are not there."""
    before = await _audience(db, volume)
    users = await _named(db, {one.username.lower(): one.access for one in wish.users})
    groups = {one.group_id: one.access for one in wish.groups}
    await find_groups(db, groups)
    volume.everyone = wish.everyone
    for table in (VolumeUser, VolumeGroup):
        await db.execute(delete(table).where(table.volume_id == volume.id))
    db.add_all(VolumeUser(volume_id=volume.id, user_id=key, access=access) for key, access in users.items())
    db.add_all(VolumeGroup(volume_id=volume.id, group_id=key, access=access) for key, access in groups.items())
    await db.flush()
    _tell(db, volume, before | await _audience(db, volume))


async def _named(db: AsyncSession, wished: dict[str, Access]) -> dict[int, Access]:
    people = (await db.scalars(select(User).where(User.username_key.in_(wished)))).all()
    if missing := wished.keys() - {person.username_key for person in people}:
        what = f"There is no user “{min(missing)}”. Correct the name, or leave it out."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-user")
    return {person.id: wished[person.username_key] for person in people}


async def shared_users(db: AsyncSession, volume: Volume) -> Sequence[tuple[User, Access]]:
    """Return the people with whom a volume is shared, by name, and what they may do."""
    query = select(User, VolumeUser.access).join(VolumeUser, VolumeUser.user_id == User.id)
    rows = await db.execute(query.where(VolumeUser.volume_id == volume.id).order_by(User.username_key))
    return [(user, access) for user, access in rows]


async def shared_groups(db: AsyncSession, volume: Volume) -> Sequence[tuple[Group, Access]]:
    """Return the groups with which a volume is shared, by name, and what their people may do."""
    query = select(Group, VolumeGroup.access).join(VolumeGroup, VolumeGroup.group_id == Group.id)
    rows = await db.execute(query.where(VolumeGroup.volume_id == volume.id).order_by(Group.name_key))
    return [(group, access) for group, access in rows]


async def shared_ids(db: AsyncSession, volumes: Collection[Volume]) -> set[int]:
    """Return the ids of those of the volumes that others than their owners may use."""
    ids = [volume.id for volume in volumes]
    found = {volume.id for volume in volumes if volume.everyone}
    for table in (VolumeUser, VolumeGroup):
        found |= set(await db.scalars(select(table.volume_id).where(table.volume_id.in_(ids))))
    return found


async def announce(db: AsyncSession, volume: Volume) -> None:
    """Tell, once committed, its owner and those with whom it is shared by name or group that a volume has changed."""
    _tell(db, volume, await _audience(db, volume))


async def _audience(db: AsyncSession, volume: Volume) -> set[int]:
    users = await db.scalars(select(VolumeUser.user_id).where(VolumeUser.volume_id == volume.id))
    groups = await db.scalars(select(VolumeGroup.group_id).where(VolumeGroup.volume_id == volume.id))
    return {volume.owner_id, *users, *await members_of(db, *groups)}


def _tell(db: AsyncSession, volume: Volume, audience: set[int]) -> None:
    for user_id in sorted(audience):
        emit(db, Event(CHANGED, volume.id, user_id))
