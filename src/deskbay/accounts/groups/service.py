"""The rules on groups: what there is, which lies in which, and to which a person belongs."""

from collections.abc import Collection, Iterator, Sequence
from http import HTTPStatus
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group, Member, Nesting
from deskbay.accounts.groups.schemas import GroupIn
from deskbay.accounts.models import Role, User
from deskbay.database import emit
from deskbay.database.unique import unless_taken
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.kit.slugs import free_slug

LONGEST_SLUG = 64
NAMELESS = "group"
REGROUPED = "regrouped"
"""The event that others belong to a group, its subject, or that something else holds for those who do.

Where one person left it, that is the owner.
"""
EVERY_GROUP = 0
"""The subject where any group may be meant."""


class GroupFilter(Page):
    """Which groups are wanted, and which part of them."""

    search: Annotated[str, Field(max_length=200, description="Words, each of them in the name or the description")] = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        for word in self.search.split():
            yield or_(*(column.icontains(word, autoescape=True) for column in (Group.name, Group.description)))


async def groups_of(db: AsyncSession, user_id: int) -> set[int]:
    """Return the ids of the groups to which a person belongs, with those in which these lie."""
    return set(await db.scalars(groups_around(user_id)))


def groups_around(user_id: int) -> Select[int]:
    """Select the ids of the groups to which a person belongs, with those in which these lie."""
    return _above(select(Member.group_id).where(Member.user_id == user_id))


async def members_of(db: AsyncSession, *group_ids: int) -> set[int]:
    """Return the ids of the people who belong to a group, or to any of several, or to one that lies in it."""
    groups = _below(select(Group.id.label("group_id")).where(Group.id.in_(group_ids)))
    return set(await db.scalars(select(Member.user_id).where(Member.group_id.in_(groups))))


async def looked_after_by(db: AsyncSession, user_id: int) -> set[int]:
    """Return the ids of the groups whose members a group administrator manages: theirs, and those that lie in them."""
    return set(await db.scalars(_looked_after_by(user_id)))


def people_looked_after(user_id: int) -> Select[int]:
    """Select the ids of the people of those groups, but for administrators of the server."""
    there = select(Member.user_id).join(User, User.id == Member.user_id)
    return there.where(Member.group_id.in_(_looked_after_by(user_id)), User.role != Role.ADMINISTRATOR)


def groups_above(group_id: int) -> Select[int]:
    """Select the ids of a group and of those in which it lies, however deep."""
    return _above(select(Group.id.label("group_id")).where(Group.id == group_id))


def _looked_after_by(user_id: int) -> Select[int]:
    return _below(select(Member.group_id).where(Member.user_id == user_id, Member.is_administrator))


def _above(groups: Select[int]) -> Select[int]:
    """Widen a selection of `group_id` to the groups in which these lie, however deep."""
    found = groups.cte("above", recursive=True)
    found = found.union(select(Nesting.group_id).join(found, Nesting.nested_id == found.c.group_id))
    return select(found.c.group_id)


def _below(groups: Select[int]) -> Select[int]:
    """Widen a selection of `group_id` to the groups that lie in these, however deep."""
    found = groups.cte("below", recursive=True)
    found = found.union(select(Nesting.nested_id).join(found, Nesting.group_id == found.c.group_id))
    return select(found.c.group_id)


async def list_groups(
    db: AsyncSession, wanted: GroupFilter, among: Collection[int] | None = None
) -> tuple[Sequence[Group], int | None, int]:
    """Return a page of groups by name, the cursor of the next page, and how many match in all.

    `among` says which may be seen; None sees all.
    """
    conditions = [*wanted.conditions()]
    if among is not None:
        conditions.append(Group.id.in_(among))
    page = select(Group).where(*conditions).order_by(Group.name_key).limit(wanted.limit + 1)
    if wanted.cursor is not None:
        last_seen = select(Group.name_key).where(Group.id == wanted.cursor)
        page = page.where(Group.name_key > last_seen.scalar_subquery())
    groups, cursor = cut((await db.scalars(page)).all(), wanted.limit)
    total = await db.scalar(select(func.count()).select_from(Group).where(*conditions))
    return groups, cursor, total or 0


async def get_group(db: AsyncSession, group_id: int) -> Group:
    """Return a group. Raises Problem 404."""
    group: Group | None = await db.get(Group, group_id)
    if group is None:
        raise no_group(group_id)
    return group


def no_group(group_id: int) -> Problem:
    what = f"There is no group {group_id}. GET /api/v1/groups lists those that you may see."
    return Problem(HTTPStatus.NOT_FOUND, what, kind="no-group")


async def find_groups(db: AsyncSession, group_ids: Collection[int]) -> Sequence[Group]:
    """Return the groups of these ids by name. Raises Problem 422 when one is not there."""
    found = (await db.scalars(select(Group).where(Group.id.in_(group_ids)).order_by(Group.name_key))).all()
    if missing := set(group_ids) - {group.id for group in found}:
        what = f"There is no group {min(missing)}. Take it out, or look for another: GET /api/v1/groups."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-group")
    return found


async def create_group(db: AsyncSession, clock: Clock, wish: GroupIn) -> Group:
    """Make a group. Raises Problem 409 when its name is taken."""
    taken = set(await db.scalars(select(Group.slug)))
    slug = free_slug(wish.name, taken, nameless=NAMELESS, longest=LONGEST_SLUG)
    group = Group(slug=slug, created_at=clock.now())
    await change_group(db, group, wish)
    return group


async def change_group(db: AsyncSession, group: Group, wish: GroupIn) -> None:
    """Make a group what is wished, and have the devices of its people told. Raises Problem 409 for a taken name."""
    for name, value in wish:
        setattr(group, name, value)
    async with unless_taken(db, f"There is a group “{wish.name}” already. Choose another name."):
        db.add(group)
    emit(db, Event(REGROUPED, group.id, 0))


async def delete_group(db: AsyncSession, group: Group) -> None:
    """Delete a group. Its people stay, and so do the groups that lie in it."""
    await db.execute(delete(Group).where(Group.id == group.id))
    emit(db, Event(REGROUPED, EVERY_GROUP, 0))


async def nest(db: AsyncSession, group: Group, inner: Group) -> None:
    """Lay a group into another. Raises Problem 409 where that one lies in it already, however deep."""
    await db.execute(select(Group.id).order_by(Group.id).with_for_update())  # so that two at once make no circle
    if group.id in set(await db.scalars(_below(select(Group.id.label("group_id")).where(Group.id == inner.id)))):
        lies = "A group can't lie in itself." if group.id == inner.id else f"“{group.name}” lies in “{inner.name}”."
        what = f"{lies} Take it out there first, or choose another group."
        raise Problem(HTTPStatus.CONFLICT, what, kind="circle")
    if await db.get(Nesting, (group.id, inner.id)) is None:
        db.add(Nesting(group_id=group.id, nested_id=inner.id))
        await db.flush()
        emit(db, Event(REGROUPED, inner.id, 0))


async def take_out(db: AsyncSession, group: Group, inner: Group) -> None:
    """Have a group lie in another no more."""
    await db.execute(delete(Nesting).where(Nesting.group_id == group.id, Nesting.nested_id == inner.id))
    emit(db, Event(REGROUPED, inner.id, 0))


async def nested_in(db: AsyncSession, group: Group) -> Sequence[Group]:
    """Return the groups that lie right in a group, by name."""
    inner = select(Group).join(Nesting, Nesting.nested_id == Group.id).where(Nesting.group_id == group.id)
    return (await db.scalars(inner.order_by(Group.name_key))).all()


async def around(db: AsyncSession, group: Group) -> Sequence[Group]:
    """Return the groups in which a group lies right away, by name."""
    outer = select(Group).join(Nesting, Nesting.group_id == Group.id).where(Nesting.nested_id == group.id)
    return (await db.scalars(outer.order_by(Group.name_key))).all()


async def count_people(db: AsyncSession, group_ids: Collection[int]) -> dict[int, int]:
    """Return how many people belong to each of the groups, with those in groups that lie in it; none is left out."""
    start = select(Group.id.label("root"), Group.id.label("group_id")).where(Group.id.in_(group_ids))
    found = start.cte("found", recursive=True)
    deeper = select(found.c.root, Nesting.nested_id).join(found, Nesting.group_id == found.c.group_id)
    found = found.union(deeper)
    people = func.count(Member.user_id.distinct())
    counted = select(found.c.root, people).outerjoin(Member, Member.group_id == found.c.group_id).group_by(found.c.root)
    return dict((await db.execute(counted)).all())
