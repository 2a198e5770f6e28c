"""The rules on roles: making them, and giving them to people and groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.service import EVERY_GROUP, REGROUPED, groups_above
from deskbay.accounts.models import User
from deskbay.accounts.rights.models import CustomRole, RoleBinding
from deskbay.accounts.rights.no_way_up import refuse_over_administrators, refuse_to_give
from deskbay.accounts.rights.schemas import RoleIn
from deskbay.accounts.rights.scopes import granted
from deskbay.database import emit
from deskbay.database.unique import unless_taken
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem


@dataclass(frozen=True, slots=True)
class Bound:
    """A role with the people and groups that have it, by name."""

    role: CustomRole
    people: Sequence[User]
    groups: Sequence[Group]


async def list_roles(db: AsyncSession) -> list[Bound]:
    """Return the roles that were made, by name."""
    roles = (await db.scalars(select(CustomRole).order_by(CustomRole.name_key))).all()
    return [await describe(db, role) for role in roles]


async def describe(db: AsyncSession, role: CustomRole) -> Bound:
    """Return a role with who has it."""
    people = select(User).join(RoleBinding, RoleBinding.user_id == User.id).order_by(User.username_key)
    groups = select(Group).join(RoleBinding, RoleBinding.group_id == Group.id).order_by(Group.name_key)
    theirs = RoleBinding.role_id == role.id
    return Bound(role, (await db.scalars(people.where(theirs))).all(), (await db.scalars(groups.where(theirs))).all())


async def roles_of_group(db: AsyncSession, group: Group) -> Sequence[tuple[CustomRole, Group]]:
    """Return the roles that the people of a group have by it, or by one in which it lies, by name; each with which."""
    found = select(CustomRole, Group).join(RoleBinding, RoleBinding.role_id == CustomRole.id)
    found = found.join(Group, Group.id == RoleBinding.group_id).where(Group.id.in_(groups_above(group.id)))
    return [(role, source) for role, source in await db.execute(found.order_by(CustomRole.name_key, Group.name_key))]


async def get_role(db: AsyncSession, by: Caller, role_id: int) -> CustomRole:
    """Return a role to change, or to give. Raises Problem 404, and 403 where it lets do what the caller may not."""
    role: CustomRole | None = await db.get(CustomRole, role_id)
    if role is None:
        raise _no_role(role_id)
    await refuse_to_give(db, by, granted(role.rights.split()))
    return role


def _no_role(role_id: int) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"There is no role {role_id}. GET /api/v1/roles lists them.", kind="no-role")


async def create_role(db: AsyncSession, clock: Clock, by: Caller, wish: RoleIn) -> CustomRole:
    """Make a role that nobody has yet. Raises Problem 409 for a taken name, 403 for rights that the caller lacks."""
    role = CustomRole(created_at=clock.now())
    await change_role(db, by, role, wish)
    return role


async def change_role(db: AsyncSession, by: Caller, role: CustomRole, wish: RoleIn) -> None:
    """Make a role what is wished. Raises Problem 409 for a taken name, 403 for rights that the caller lacks."""
    await refuse_to_give(db, by, granted(wish.rights))
    role.name, role.description, role.rights = wish.name, wish.description, " ".join(sorted(wish.rights))
    async with unless_taken(db, f"There is a role “{wish.name}” already. Choose another name."):
        db.add(role)
    _tell(db)


async def delete_role(db: AsyncSession, role: CustomRole) -> None:
    """Delete a role: nobody has it any more."""
    await db.delete(role)
    _tell(db)


async def give(db: AsyncSession, by: Caller, role: CustomRole, holder: User | Group) -> None:
    """Let a person or the people of a group have a role.

    Raises Problem 403 for an administrator where the caller is none, 404 for a role that was deleted meanwhile.
    """
    if isinstance(holder, User):
        refuse_over_administrators(by, holder)
    if await db.scalar(select(CustomRole.id).where(CustomRole.id == role.id).with_for_update()) is None:  # never twice
        raise _no_role(role.id)
    if await db.scalar(select(RoleBinding.id).where(*_binding(role, holder))) is None:
        whose = {"user_id": holder.id} if isinstance(holder, User) else {"group_id": holder.id}
        db.add(RoleBinding(role_id=role.id, **whose))
        await db.flush()
        _tell(db)


async def take(db: AsyncSession, by: Caller, role: CustomRole, holder: User | Group) -> None:
    """Let them have a role no more, unless they have it by a group, too. Raises Problem 403 as `give` does."""
    if isinstance(holder, User):
        refuse_over_administrators(by, holder)
    await db.execute(delete(RoleBinding).where(*_binding(role, holder)))
    _tell(db)


def _binding(role: CustomRole, holder: User | Group) -> tuple[ColumnElement[bool], ...]:
    column = RoleBinding.user_id if isinstance(holder, User) else RoleBinding.group_id
    return RoleBinding.role_id == role.id, column == holder.id


def _tell(db: AsyncSession) -> None:
    """Have those who are told things for long be asked anew whether they may know them."""
    emit(db, Event(REGROUPED, EVERY_GROUP, 0))
