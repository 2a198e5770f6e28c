"""Who is in a group, and who may say so."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.directory import UserFilter, list_users
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.groups.schemas import GroupOfPerson, MemberIn, MemberOut, PersonBrief
from deskbay.accounts.groups.service import (
    REGROUPED,
    get_group,
    groups_of,
    looked_after_by,
    nest,
    no_group,
    people_looked_after,
)
from deskbay.accounts.models import User
from deskbay.accounts.rights.built_in import GROUP_ADMINISTRATOR
from deskbay.accounts.rights.no_way_up import refuse_to_give
from deskbay.accounts.rights.rights import Rights, rights_by_group
from deskbay.accounts.rights.scopes import Reach
from deskbay.database import emit
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem


async def groups_shown_to(db: AsyncSession, caller: Caller) -> set[int] | None:
    """Return the ids of the groups that are within a caller's reach, with their members; None: all."""
    reach = await caller.rights.reach(db, caller.scope)
    if reach is Reach.ALL:
        return None
    return await looked_after_by(db, caller.user.id) if reach is Reach.GROUP else set()


async def get_group_within_reach(db: AsyncSession, caller: Caller, group_id: int) -> Group:
    """Return a group. Raises Problem 404 for one that is not there, or out of a caller's reach."""
    shown = await groups_shown_to(db, caller)
    if shown is not None and group_id not in shown:
        raise no_group(group_id)
    return await get_group(db, group_id)


async def list_members(db: AsyncSession, group: Group, wanted: UserFilter) -> tuple[list[MemberOut], int | None, int]:
    """Return a page of who is right in a group, by username, the cursor of the next page, and how many match."""
    there = select(Member.user_id).where(Member.group_id == group.id)
    users, cursor, total = await list_users(db, wanted, User.id.in_(there))
    administrators = set(await db.scalars(there.where(Member.is_administrator)))
    members = [
        MemberOut(**PersonBrief.model_validate(user).model_dump(), is_administrator=user.id in administrators)
        for user in users
    ]
    return members, cursor, total


async def list_candidates(
    db: AsyncSession, by: Caller, group: Group, wanted: UserFilter
) -> tuple[Sequence[User], int | None, int]:
    """Return a page of whom the caller may add to a group, by username, the next page's cursor, and how many match."""
    elsewhere = User.id.not_in(select(Member.user_id).where(Member.group_id == group.id))
    return await list_users(db, wanted, elsewhere, await _addable(db, by, group))


async def put_members(db: AsyncSession, by: Caller, group: Group, wanted: Collection[MemberIn]) -> None:
    """Add people to a group, or change whether they look after it.

    Raises Problem 422 when somebody is unknown, and 403 where someone whose right does not reach everyone would add
    people from elsewhere, or give or take the right to look after the group, and where they would come by more rights
    by the roles of the group than who adds them has.
    """
    there = await _members(db, group, [one.user_id for one in wanted])
    for one in wanted:
        before = there.get(one.user_id)
        if one.is_administrator is not (before is not None and before.is_administrator):
            await _refuse_others(db, by)
    await _refuse_strangers(db, {one.user_id for one in wanted})
    await _refuse_out_of_reach(db, by, group, {one.user_id for one in wanted} - there.keys())
    await refuse_to_give(db, by, await rights_by_group(db, group.id))
    if any(one.is_administrator for one in wanted):
        await refuse_to_give(db, by, GROUP_ADMINISTRATOR.rights)
    for one in wanted:
        member = there.setdefault(one.user_id, Member(group_id=group.id, user_id=one.user_id))
        member.is_administrator = one.is_administrator
    db.add_all(there.values())
    await db.flush()
    emit(db, Event(REGROUPED, group.id, 0))


async def take_away(db: AsyncSession, by: Caller, group: Group, user_id: int) -> None:
    """Take a person out of a group; who isn't in it stays so. Raises Problem 403 as `put_members` does."""
    there = await _members(db, group, [user_id])
    if user_id in there:
        if there[user_id].is_administrator:
            await _refuse_others(db, by)
        await db.execute(delete(Member).where(Member.group_id == group.id, Member.user_id == user_id))
        emit(db, Event(REGROUPED, group.id, user_id))


async def lay_into(db: AsyncSession, by: Caller, group: Group, inner: Group) -> None:
    """Lay a group into another: its people belong to that one, too.

    Raises Problem 409 where it would lie in itself, and 403 where the caller would come by more rights, or its people
    by more than the caller has.
    """
    await refuse_to_give(db, by, await rights_by_group(db, group.id))
    if await _is_reached_by(db, by.user, group):
        what = f"You look after “{group.name}”. Ask an administrator of the server to lay another group into it."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")
    await nest(db, group, inner)


async def _members(db: AsyncSession, group: Group, user_ids: Collection[int]) -> dict[int, Member]:
    await db.execute(select(Group.id).where(Group.id == group.id).with_for_update())  # two at once add nobody twice
    found = await db.scalars(select(Member).where(Member.group_id == group.id, Member.user_id.in_(user_ids)))
    return {member.user_id: member for member in found}


async def _refuse_others(db: AsyncSession, by: Caller) -> None:
    if not await by.rights.include(db, by.scope, Reach.ALL):
        what = "Only administrators of the server say who looks after a group. Ask one of them."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")


async def _refuse_out_of_reach(db: AsyncSession, by: Caller, group: Group, user_ids: Collection[int]) -> None:
    """Raise Problem 403 for people whom the caller may not add to a group."""
    addable = select(User.id).where(User.id.in_(user_ids), await _addable(db, by, group))
    if missing := set(user_ids) - set(await db.scalars(addable)):
        what = f"You don't look after user {min(missing)}. Ask an administrator of the server to add them."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")


async def _addable(db: AsyncSession, by: Caller, group: Group) -> ColumnElement[bool]:
    """Return the condition of people whom a caller may add: none who would come within their reach by it."""
    if await _is_reached_by(db, by.user, group):
        return User.id.in_(people_looked_after(by.user.id))
    return await by.within_reach(db, User.id)


async def _is_reached_by(db: AsyncSession, user: User, group: Group) -> bool:
    """Tell whether somebody looks after a group, and so may do more to its people than to others."""
    reaches = (await Rights(user).everything(db)).values()
    return Reach.GROUP in reaches and group.id in await looked_after_by(db, user.id)


async def _refuse_strangers(db: AsyncSession, user_ids: Collection[int]) -> None:
    known = set(await db.scalars(select(User.id).where(User.id.in_(user_ids))))
    if unknown := set(user_ids) - known:
        what = f"There is no user {min(unknown)}. Take them out of the list."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-user")


async def groups_of_person(db: AsyncSession, user: User) -> list[GroupOfPerson]:
    """Return the groups to which a person belongs, by name, with those in which these lie."""
    direct = {one.group_id: one for one in await db.scalars(select(Member).where(Member.user_id == user.id))}
    found = select(Group).where(Group.id.in_(await groups_of(db, user.id))).order_by(Group.name_key)
    return [
        GroupOfPerson(
            id=group.id,
            name=group.name,
            slug=group.slug,
            is_direct=group.id in direct,
            is_administrator=group.id in direct and direct[group.id].is_administrator,
        )
        for group in await db.scalars(found)
    ]
