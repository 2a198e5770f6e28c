"""The rules on sessions as things that are made, listed, renamed and thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database import emit
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.names import numbered
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.kit.slugs import free_slug
from deskbay.sessions import usage
from deskbay.sessions.models import LONGEST_NAME, LONGEST_SLUG, Session, SessionApplication
from deskbay.sessions.names import name_key, three_words
from deskbay.sessions.policy import tell_device
from deskbay.sessions.schemas import ApplicationBrief, DeviceBrief, SessionChange, SessionOut

CHANGED = "session"
DELETED = "session-deleted"
NAME_TAKEN = "name-taken"
NAMELESS = "session"
TRASH_LIFETIME = timedelta(days=30)
TRIES = 20


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session is begun with. Without a name it gets one of three words."""

    name: str | None
    description: str
    is_tracking: bool


def announce(db: AsyncSession, session: Session) -> None:
    """Tell, once committed, that a session has changed."""
    emit(db, Event(CHANGED, session.id, session.user_id))


async def find_session(db: AsyncSession, session_id: int) -> Session | None:
    session: Session | None = await db.get(Session, session_id)
    return session


async def get_session(db: AsyncSession, user_id: int, session_id: int) -> Session:
    """Return a session of the user's, also one in the trash. Raises Problem 404."""
    session = await find_session(db, session_id)
    if session is None or session.user_id != user_id:
        what = f"There is no session {session_id}, or it is not yours. GET /api/v1/sessions lists yours."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-session")
    return session


async def find_by_slug(db: AsyncSession, user_id: int, device_id: int, slug: str) -> Session | None:
    """Return the session of that address among a person's on a device."""
    beside = (Session.user_id == user_id, Session.device_id == device_id)
    session: Session | None = await db.scalar(select(Session).where(*beside, Session.slug_key == slug))
    return session


async def list_sessions(
    db: AsyncSession, user: User, page: Page, *, device_id: int | None, deleted: bool
) -> tuple[Sequence[Session], int | None]:
    """Return a page of a person's sessions, newest first: those in use, or those in the trash."""
    in_trash = Session.deleted_at.is_not(None) if deleted else Session.deleted_at.is_(None)
    wanted = select(Session).where(Session.user_id == user.id, in_trash).order_by(Session.id.desc())
    if device_id is not None:
        wanted = wanted.where(Session.device_id == device_id)
    if page.cursor is not None:
        wanted = wanted.where(Session.id < page.cursor)
    return cut((await db.scalars(wanted.limit(page.limit + 1))).all(), page.limit)


async def lock_device(db: AsyncSession, *device_ids: int) -> None:
    """Have everyone else wait who changes what goes on at these devices. Comes first in a transaction."""
    locked = select(Device.id).where(Device.id.in_(device_ids)).order_by(Device.id).with_for_update(key_share=True)
    await db.execute(locked)


async def lock_user(db: AsyncSession, user_id: int) -> None:
    """Have everyone else wait who changes what belongs to the person."""
    await db.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


async def create_session(db: AsyncSession, clock: Clock, user_id: int, device_id: int, new: NewSession) -> Session:
    """Add a session. Raises Problem 409 when the name is taken on the device, which has to be locked."""
    session = Session(
        user_id=user_id,
        device_id=device_id,
        description=new.description,
        is_tracking=new.is_tracking,
        created_at=clock.now(),
    )
    await _give_name(db, session, new.name or await _free_words(db, session))
    db.add(session)
    await db.flush()
    announce(db, session)
    return session


async def _free_words(db: AsyncSession, session: Session) -> str:
    for _ in range(TRIES):
        name = three_words()
        if not await _is_taken(db, session, name):
            return name
    raise _taken()


async def _give_name(db: AsyncSession, session: Session, name: str) -> None:
    if await _is_taken(db, session, name):
        raise _taken()
    taken = set(await db.scalars(select(Session.slug).where(*_beside(session), Session.slug_key.is_not(None))))
    session.name, session.name_key = name, name_key(name)
    session.slug = session.slug_key = free_slug(name, taken, nameless=NAMELESS, longest=LONGEST_SLUG)


async def free_name(db: AsyncSession, user_id: int, device_id: int, wish: str) -> str:
    """Return the name, with a number where the person has a session of that name on the device."""
    beside = (Session.user_id == user_id, Session.device_id == device_id, Session.name_key.is_not(None))
    taken = set(await db.scalars(select(Session.name_key).where(*beside)))
    return next(name for name in numbered(wish, LONGEST_NAME) if name_key(name) not in taken)


async def _is_taken(db: AsyncSession, session: Session, name: str) -> bool:
    named_so = select(Session.id).where(*_beside(session), Session.name_key == name_key(name))
    return await db.scalar(named_so.limit(1)) is not None


def _beside(session: Session) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the other sessions that the person has on the device."""
    beside = (Session.user_id == session.user_id, Session.device_id == session.device_id)
    return beside if session.id is None else (*beside, Session.id != session.id)


def _taken() -> Problem:
    what = "There is a session of that name on this device. Choose another name."
    return Problem(HTTPStatus.CONFLICT, what, kind=NAME_TAKEN)


async def change_session(db: AsyncSession, session: Session, change: SessionChange) -> None:
    """Rename or describe a session. Raises Problem 409 when the name is taken."""
    await lock_device(db, session.device_id)
    if change.name is not None and change.name != session.name:
        await _rename(db, session, change.name)
    if change.description is not None:
        session.description = change.description
    await db.flush()
    announce(db, session)


async def _rename(db: AsyncSession, session: Session, name: str) -> None:
    if session.deleted_at is None:
        await _give_name(db, session, name)
    else:
        session.name = name


async def take_back(db: AsyncSession, session: Session) -> None:
    """Take a session out of the trash. Raises Problem 409 when its name is taken meanwhile."""
    if session.deleted_at is None:
        return
    await lock_device(db, session.device_id)
    await _give_name(db, session, session.name)
    session.deleted_at = None
    await db.flush()
    announce(db, session)


async def delete_session(db: AsyncSession, session: Session) -> None:
    """Delete a session for good, with its saves and its usage."""
    if session.active_on is not None:
        tell_device(db, session.active_on)
    await db.execute(delete(Session).where(Session.id == session.id))
    emit(db, Event(DELETED, session.id, session.user_id))


async def is_trash_old(db: AsyncSession, now: datetime) -> bool:
    """Tell whether something has been in the trash for 30 days."""
    old = select(Session.id).where(Session.deleted_at <= now - TRASH_LIFETIME)
    return await db.scalar(old.limit(1)) is not None


async def empty_trash(db: AsyncSession, now: datetime) -> None:
    """Delete for good what has been in the trash for 30 days."""
    for session in (await db.scalars(select(Session).where(Session.deleted_at <= now - TRASH_LIFETIME))).all():
        await delete_session(db, session)


async def describe(db: AsyncSession, sessions: Sequence[Session]) -> list[SessionOut]:
    """Return sessions as they go over the wire."""
    ids = [session.id for session in sessions]
    places = {session.place for session in sessions}
    devices = {device.id: device for device in await db.scalars(select(Device).where(Device.id.in_(places)))}
    opened = await _open_applications(db, ids)
    seconds = await usage.foreground_seconds(db, ids)
    return [
        SessionOut(
            id=session.id,
            name=session.name,
            slug=session.slug,
            description=session.description,
            device=DeviceBrief.model_validate(devices[session.place]),
            is_active=session.is_active,
            is_tracking=session.is_tracking,
            created_at=session.created_at,
            saved_at=session.saved_at,
            restored_at=session.restored_at,
            last_active_at=session.last_active_at,
            deleted_at=session.deleted_at,
            applications=opened.get(session.id, []),
            total_seconds=seconds.get(session.id, 0),
        )
        for session in sessions
    ]


async def _open_applications(db: AsyncSession, ids: Sequence[int]) -> dict[int, list[ApplicationBrief]]:
    rows = select(SessionApplication.session_id, SessionApplication.application, SessionApplication.name)
    opened = rows.where(SessionApplication.session_id.in_(ids), SessionApplication.is_open.is_(True))
    found: dict[int, list[ApplicationBrief]] = {}
    for session_id, application, name in await db.execute(opened.order_by(SessionApplication.id)):
        found.setdefault(session_id, []).append(ApplicationBrief(application=application, name=name))
    return found
