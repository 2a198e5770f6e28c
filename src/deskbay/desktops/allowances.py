"""What people and groups may have of running desktops, as administrators set it, and which of it holds for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts import directory
from deskbay.accounts.groups.service import get_group, groups_of, members_of
from deskbay.desktops.allowance_schemas import AllowanceIn
from deskbay.desktops.models import Allowance
from deskbay.kit.problems import Problem

WITH_NAMES = (joinedload(Allowance.user), joinedload(Allowance.group))


@dataclass(frozen=True, slots=True)
class Holding:
    """The rules that hold for a person: their own, those of their groups for each member, those that members share."""

    own: Sequence[Allowance]
    of_each: Sequence[Allowance]
    shared: Sequence[Allowance]


async def holding_for(db: AsyncSession, user_id: int, *, locked: bool = False) -> Holding:
    """Return the rules that hold for a person. Locked, nobody else counts by shared ones until the transaction ends."""
    groups = await groups_of(db, user_id)
    theirs = or_(Allowance.user_id == user_id, Allowance.group_id.in_(groups))
    found = await _found(db, theirs)
    shared = [one for one in found if one.is_shared]
    if locked and shared:
        ids = [one.id for one in shared]
        await db.execute(select(Allowance.id).where(Allowance.id.in_(ids)).order_by(Allowance.id).with_for_update())
    own, of_each = [one for one in found if one.user_id], [one for one in found if one.group_id and not one.is_shared]
    return Holding(own, of_each, shared)


async def people_of(db: AsyncSession, allowance: Allowance, user_id: int) -> set[int]:
    """Return whose desktops count together by a rule that holds for a person."""
    if allowance.is_shared and allowance.group_id is not None:
        return await members_of(db, allowance.group_id)
    return {user_id}


async def _found(db: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[Allowance]:
    return (await db.scalars(select(Allowance).where(*conditions).order_by(Allowance.id).options(*WITH_NAMES))).all()


async def list_allowances(db: AsyncSession) -> Sequence[Allowance]:
    """Return every rule, oldest first."""
    return await _found(db)


async def any_with_hours(db: AsyncSession) -> bool:
    return await db.scalar(select(Allowance.id).where(Allowance.hours.is_not(None)).limit(1)) is not None


async def get_allowance(db: AsyncSession, allowance_id: int) -> Allowance:
    """Return a rule, which nobody else changes until the transaction ends. Raises Problem 404."""
    wanted = select(Allowance).where(Allowance.id == allowance_id).options(*WITH_NAMES)
    allowance: Allowance | None = await db.scalar(wanted.with_for_update(of=Allowance))
    if allowance is None:
        what = f"There is no allowance {allowance_id}. GET /api/v1/allowances lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-allowance")
    return allowance


async def create_allowance(db: AsyncSession, wish: AllowanceIn) -> Allowance:
    """Make a rule. Raises Problem 404 for people who are not there, 409 when there is one for the same already."""
    allowance = Allowance()
    await change_allowance(db, allowance, wish)
    db.add(allowance)
    await db.flush()
    return allowance


async def change_allowance(db: AsyncSession, allowance: Allowance, wish: AllowanceIn) -> None:
    """Make a rule what is wished. Raises Problem as `create_allowance` does."""
    await _refuse_second(db, allowance, wish)
    allowance.user = None if wish.user_id is None else await directory.get_user(db, wish.user_id)
    allowance.group = None if wish.group_id is None else await get_group(db, wish.group_id)
    for name in ("is_shared", "desktops", "memory_mb", "cpus", "hours", "period"):
        setattr(allowance, name, getattr(wish, name))


async def _refuse_second(db: AsyncSession, allowance: Allowance, wish: AllowanceIn) -> None:
    theirs = Allowance.user_id == wish.user_id if wish.user_id else Allowance.group_id == wish.group_id
    other = await db.scalar(select(Allowance.id).where(theirs, Allowance.is_shared.is_(wish.is_shared)))
    if other is not None and other != allowance.id:
        what = "There is such an allowance for them already. Change that one."
        raise Problem(HTTPStatus.CONFLICT, what, kind="second-allowance")


async def delete_allowance(db: AsyncSession, allowance: Allowance) -> None:
    await db.delete(allowance)
