"""Sessions for others: copies for other people, and files to keep elsewhere or take to another server."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.directory import no_user
from deskbay.accounts.groups.service import find_groups, members_of
from deskbay.accounts.models import User
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.sessions import life, places, saves
from deskbay.sessions.models import SaveReason, Session
from deskbay.sessions.schemas import MOST_EXPORTED, CopiesIn, ExportedSave, ExportedSession
from deskbay.sessions.service import NewSession, create_session, free_name, lock_device


async def hand_out(
    db: AsyncSession, clock: Clock, source: Session, wish: CopiesIn, reached: ColumnElement[bool]
) -> list[Session]:
    """Copy a session for other people, each on the device of theirs that was seen last; none is begun.

    `reached` is the condition on `User` of whom it may be handed to. Each gets one copy, be they named, in a group, or
    both; of a group, all of these but whose session it is. Who has a session of that name gets it with a number. Raises
    Problem 404, before anything is made, when one of the people is not there, 422 when a group isn't, and 409 when
    nobody is in the groups.
    """
    in_groups = await _in_groups(db, source, wish.group_ids, reached)
    people = await _people(db, {*wish.user_ids, *in_groups}, reached)
    devices = [await places.latest_device(db, one.id) or await places.make_device(db, clock, one) for one in people]
    await lock_device(db, source.place, *(device.id for device in devices))
    made: list[Session] = []
    for user, device in zip(people, devices, strict=True):
        own_name = await free_name(db, user.id, device.id, wish.name or source.name)
        new = NewSession(own_name, source.description, is_tracking=source.is_tracking)
        place = {"user_id": user.id, "device_id": device.id}
        made.append(await life.clone(db, clock, source, new, **place, activate=False))
    return made


async def _in_groups(
    db: AsyncSession, source: Session, group_ids: Sequence[int], reached: ColumnElement[bool]
) -> set[int]:
    groups = await find_groups(db, group_ids)
    there = await members_of(db, *(group.id for group in groups)) - {source.user_id}
    people = set(await db.scalars(select(User.id).where(User.id.in_(there), reached)))
    if groups and not people:
        what = "There is nobody else in these groups to whom you may hand it out. Choose others, or have people added."
        raise Problem(HTTPStatus.CONFLICT, what, kind="empty-group")
    return people


async def _people(db: AsyncSession, user_ids: Collection[int], reached: ColumnElement[bool]) -> list[User]:
    people = list(await db.scalars(select(User).where(User.id.in_(user_ids), reached).order_by(User.id)))
    missing = set(user_ids) - {user.id for user in people}
    if missing:
        raise no_user(min(missing))
    return people


async def export_session(db: AsyncSession, session: Session) -> ExportedSession:
    """Return a session with its newest saves, oldest first."""
    kept = (await saves.all_saves(db, session))[-MOST_EXPORTED:]
    written = [ExportedSave(saved_at=one.saved_at, snapshot=saves.snapshot_in(one)) for one in kept]
    return ExportedSession(name=session.name, description=session.description, saves=written)


async def import_session(
    db: AsyncSession, clock: Clock, user_id: int, device_id: int, given: ExportedSession
) -> Session:
    """Make a session of a file, on a device. Raises Problem 409 when the name is taken there."""
    await lock_device(db, device_id)
    new = NewSession(given.name, given.description, is_tracking=True)
    session = await create_session(db, clock, user_id, device_id, new)
    for one in given.saves:
        await saves.add_save(db, clock, session, one.snapshot, SaveReason.IMPORTED)
    return session
