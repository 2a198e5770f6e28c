"""The life of sessions: activate, save, deactivate, clone. One is active on a device at a time."""

from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database import emit
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem
from deskbay.sessions import usage
from deskbay.sessions.models import SaveReason, Session, SessionApplication
from deskbay.sessions.policy import tell_device
from deskbay.sessions.saves import add_save, last_save, snapshot_in, snapshot_of, take_over
from deskbay.sessions.service import DELETED, NewSession, announce, create_session, lock_device
from deskbay.sessions.snapshots import Snapshot


async def active_session(db: AsyncSession, device_id: int) -> Session | None:
    """Return the session that is active on a device."""
    session: Session | None = await db.scalar(select(Session).where(Session.active_on == device_id))
    return session


async def begin_session(
    db: AsyncSession, clock: Clock, user_id: int, device_id: int, new: NewSession, *, activate: bool
) -> Session:
    """Make a session, and begin it in place of the one that is active. Raises Problem 409, and changes nothing then."""
    await lock_device(db, device_id)
    session = await create_session(db, clock, user_id, device_id, new)
    if activate:
        await begin_anew(db, clock, session, device_id)
    return session


async def activate(db: AsyncSession, clock: Clock, session: Session, device_id: int) -> None:
    """Begin a session on a device. What is active there ends, with its usage kept, and so does the session elsewhere.

    Raises Problem 409 for a session in the trash.
    """
    await lock_device(db, *{device_id, session.place})
    await db.refresh(session)
    refuse_trash(session)
    if session.active_on != device_id:
        await begin_anew(db, clock, session, device_id)


async def begin_anew(db: AsyncSession, clock: Clock, session: Session, device_id: int) -> None:
    """Have a session become active on a device, which is locked; what is active there ends, be it the same."""
    for ending in (session, await active_session(db, device_id)):
        if ending is not None and ending.is_active:
            await _end(db, clock, ending, save_usage=True)
    session.active_on = device_id
    if session.is_tracking:
        usage.begin_run(db, session, device_id, clock.now())
    await db.flush()
    tell_device(db, device_id)
    announce(db, session)


def refuse_trash(session: Session) -> None:
    """Raise Problem 409 for a session in the trash."""
    if session.deleted_at is not None:
        what = f"The session “{session.name}” is in the trash. Take it out first: POST …/undelete."
        raise Problem(HTTPStatus.CONFLICT, what, kind="in-trash")


async def deactivate(db: AsyncSession, clock: Clock, session: Session, *, save_usage: bool) -> None:
    """End a session: keep what is open, and its usage if wished. Does nothing to one that isn't active."""
    await lock_device(db, session.place)
    await db.refresh(session)
    if session.is_active:
        await _end(db, clock, session, save_usage=save_usage)


async def _end(db: AsyncSession, clock: Clock, session: Session, *, save_usage: bool) -> None:
    snapshot = await snapshot_of(db, session.place, session.user_id)
    await add_save(db, clock, session, snapshot, SaveReason.DEACTIVATED)
    await usage.end_run(db, session, clock.now(), keep=save_usage)
    tell_device(db, session.place)
    session.active_on = None
    session.last_active_at = clock.now()
    await db.flush()


async def throw_away(db: AsyncSession, clock: Clock, session: Session) -> None:
    """Put a session into the trash, which keeps it for 30 days. An active one ends first, with its usage kept."""
    await deactivate(db, clock, session, save_usage=True)
    if session.deleted_at is None:
        session.deleted_at = clock.now()
        session.name_key = session.slug_key = None
        await db.flush()
        emit(db, Event(DELETED, session.id, session.user_id))


async def save(db: AsyncSession, clock: Clock, session: Session) -> None:
    """Keep what is open on the session's device, and its usage so far.

    Raises Problem 409 for a session in the trash, or when nothing is known of the device.
    """
    await lock_device(db, session.place)
    await db.refresh(session)
    refuse_trash(session)
    snapshot = await snapshot_of(db, session.place, session.user_id)
    if snapshot is None and not session.is_active:
        what = "Nothing is known of what is open on this device. Start its agent, or activate the session first."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-snapshot")
    await add_save(db, clock, session, snapshot, SaveReason.SAVED)
    await usage.flush_run(db, session, clock.now())


async def set_tracking(db: AsyncSession, clock: Clock, session: Session, *, enabled: bool, save_usage: bool) -> None:
    """Count the usage of a session from now on, or no more; while it isn't active, when it is next."""
    await lock_device(db, session.place)
    await db.refresh(session)
    session.is_tracking = enabled
    if session.active_on is not None and enabled and session.run_id is None:
        usage.begin_run(db, session, session.active_on, clock.now())
    if not enabled:
        await usage.end_run(db, session, clock.now(), keep=save_usage)
    await db.flush()
    tell_device(db, session.place)
    announce(db, session)


async def clone(
    db: AsyncSession, clock: Clock, source: Session, new: NewSession, *, user_id: int, device_id: int, activate: bool
) -> Session:
    """Copy a session for a person and a device: its applications and their state, and no usage.

    The source is saved and ends first when the copy takes its place. Raises Problem 409, and changes nothing then.
    """
    await lock_device(db, *{device_id, source.place})
    await db.refresh(source)
    refuse_trash(source)
    copy = await create_session(db, clock, user_id, device_id, new)
    if activate:
        await begin_anew(db, clock, copy, device_id)
    await _copy_state(db, clock, source, copy)
    return copy


async def _copy_state(db: AsyncSession, clock: Clock, source: Session, copy: Session) -> None:
    for row in await db.scalars(select(SessionApplication).where(SessionApplication.session_id == source.id)):
        db.add(
            SessionApplication(
                session_id=copy.id,
                application=row.application,
                name=row.name,
                exe=row.exe,
                command=row.command,
                is_open=row.is_open,
            )
        )
    await db.flush()
    state = await state_of(db, source)
    if state is not None:
        await add_save(db, clock, copy, state, SaveReason.CLONED)


async def state_of(db: AsyncSession, session: Session) -> Snapshot | None:
    """Return what is open in a session: now where it is active and tracked, else when it was saved last."""
    if session.run_id is not None and (now := await snapshot_of(db, session.place, session.user_id)):
        return now
    return await saved_state(db, session)


async def saved_state(db: AsyncSession, session: Session) -> Snapshot | None:
    """Return what was open in a session when it was saved last."""
    last = await last_save(db, session.id)
    return snapshot_in(last) if last else None


async def follow(db: AsyncSession, device_id: int, user_id: int, snapshot: Snapshot) -> None:
    """Have the tracked session on a device follow what is open there."""
    session = await active_session(db, device_id)
    if session is not None and session.run_id is not None and session.user_id == user_id:
        await take_over(db, session, snapshot)
        announce(db, session)
