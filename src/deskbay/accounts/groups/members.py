"""Who is in a group, and who may say so."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.directory import UserFilter, list_users
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.groups.schemas import GroupOfPerson, MemberIn, MemberOut, PersonBrief
from deskbay.accounts.groups.service import REGROUPED, groups_of, looked_after_by
from deskbay.accounts.models import Role, User
from deskbay.database import emit
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem


async def groups_shown_to(db: AsyncSession, user: User) -> set[int] | None:
    """Return the ids of the groups that a person may see with their members; None: all."""
    return None if user.role is Role.ADMINISTRATOR else await looked_after_by(db, user.id)


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


async def list_candidates(db: AsyncSession, group: Group, wanted: UserFilter) -> tuple[Sequence[User], int | None, int]:
    """Return a page of who is not right in a group, by username, the cursor of the next page, and how many match."""
    return await list_users(db, wanted, User.id.not_in(select(Member.user_id).where(Member.group_id == group.id)))


async def put_members(db: AsyncSession, by: User, group: Group, wanted: Collection[MemberIn]) -> None:
    """Add people to a group, or change whether they look after it.

    Raises Problem 422 when somebody is unknown, and 403 where someone who is no administrator of the server would
    give or take the right to look after the group.
    """
    there = await _members(db, group, [one.user_id for one in wanted])
    for one in wanted:
        before = there.get(one.user_id)
        if one.is_administrator is not (before is not None and before.is_administrator):
            _refuse_others(by)
    await _refuse_strangers(db, {one.user_id for one in wanted})
    for one in wanted:
        member = there.setdefault(one.user_id, Member(group_id=group.id, user_id=one.user_id))
        member.is_administrator = one.is_administrator
    db.add_all(there.values())
    await db.flush()
    emit(db, Event(REGROUPED, group.id, 0))


async def take_away(db: AsyncSession, by: User, group: Group, user_id: int) -> None:
    """Take a person out of a group; who isn't in it stays so. Raises Problem 403 as `put_members` does."""
    there = await _members(db, group, [user_id])
    if user_id in there:
        if there[user_id].is_administrator:
            _refuse_others(by)
        await db.execute(delete(Member).where(Member.group_id == group.id, Member.user_id == user_id))
        emit(db, Event(REGROUPED, group.id, user_id))


async def _members(db: AsyncSession, group: Group, user_ids: Collection[int]) -> dict[int, Member]:
    await db.execute(select(Group.id).where(Group.id == group.id).with_for_update())  # two at once add nobody twice
    found = await db.scalars(select(Member).where(Member.group_id == group.id, Member.user_id.in_(user_ids)))
    return {member.user_id: member for member in found}


def _refuse_others(user: User) -> None:
    if user.role is not Role.ADMINISTRATOR:
        what = "Only administrators of the server say who looks after a group. Ask one of them."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="not-administrator")


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
