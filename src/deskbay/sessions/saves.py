"""What was open in a session: its applications, and the history of its saves."""

import json
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.kit.clock import Clock
from deskbay.kit.intervals import Interval, summed
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.sessions import usage
from deskbay.sessions.models import DeviceSnapshot, Save, SaveReason, Session, SessionApplication, UsageKind
from deskbay.sessions.schemas import ApplicationOut, SaveDetail, UsagePeriod
from deskbay.sessions.service import announce
from deskbay.sessions.snapshots import Application, Snapshot, digest_of


async def keep_snapshot(db: AsyncSession, now: datetime, device_id: int, user_id: int, snapshot: Snapshot) -> None:
    """Remember what is open on a device, in place of what was."""
    row = await db.get(DeviceSnapshot, device_id)
    if row is None:
        row = DeviceSnapshot(device_id=device_id)
        db.add(row)
    row.user_id, row.received_at, row.content = user_id, now, snapshot.model_dump_json()
    await db.flush()


async def snapshot_of(db: AsyncSession, device_id: int, user_id: int) -> Snapshot | None:
    """Return what a person has open on a device, as far as is known."""
    row = await db.get(DeviceSnapshot, device_id)
    return Snapshot.model_validate_json(row.content) if row and row.user_id == user_id else None


async def take_over(db: AsyncSession, session: Session, snapshot: Snapshot) -> None:
    """Have the session's applications be those of the snapshot; what isn't open any more stays, closed."""
    rows = await db.scalars(select(SessionApplication).where(SessionApplication.session_id == session.id))
    known = {row.application: row for row in rows}
    opened: dict[str, Application] = {}
    for one in snapshot.applications:
        opened.setdefault(one.application, one)
    for application, row in known.items():
        row.is_open = application in opened
    for application, one in opened.items():
        row = known.get(application) or SessionApplication(session_id=session.id, application=application)
        row.name, row.exe, row.command, row.is_open = one.name, one.exe, json.dumps(one.command), True
        db.add(row)
    await db.flush()


async def add_save(
    db: AsyncSession, clock: Clock, session: Session, snapshot: Snapshot | None, reason: SaveReason
) -> None:
    """Keep a snapshot as the newest save; one that equals the last stores nothing new. None: nothing is known."""
    session.saved_at = clock.now()
    announce(db, session)
    if snapshot is None:
        return
    await take_over(db, session, snapshot)
    digest = digest_of(snapshot)
    last = await last_save(db, session.id)
    if last is None or last.digest != digest:
        db.add(_save(session, clock.now(), snapshot, reason, digest))
    await db.flush()


def _save(session: Session, now: datetime, snapshot: Snapshot, reason: SaveReason, digest: str) -> Save:
    return Save(
        session_id=session.id,
        saved_at=now,
        reason=reason,
        digest=digest,
        applications=len(snapshot.applications),
        content=snapshot.model_dump_json(),
    )


async def last_save(db: AsyncSession, session_id: int) -> Save | None:
    found = select(Save).where(Save.session_id == session_id).order_by(Save.id.desc()).limit(1)
    save: Save | None = await db.scalar(found)
    return save


async def list_saves(db: AsyncSession, session: Session, page: Page) -> tuple[Sequence[Save], int | None]:
    """Return a page of the history, newest first."""
    wanted = select(Save).where(Save.session_id == session.id).order_by(Save.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        wanted = wanted.where(Save.id < page.cursor)
    return cut((await db.scalars(wanted)).all(), page.limit)


async def all_saves(db: AsyncSession, session: Session) -> Sequence[Save]:
    """Return the whole history, oldest first."""
    return (await db.scalars(select(Save).where(Save.session_id == session.id).order_by(Save.id))).all()


async def get_save(db: AsyncSession, user_id: int, save_id: int, session: Session | None = None) -> Save:
    """Return a save of the session's, or of any session of the user's. Raises Problem 404."""
    of_user = select(Save).join(Session, Session.id == Save.session_id).where(Session.user_id == user_id)
    save: Save | None = await db.scalar(of_user.where(Save.id == save_id))
    if save is None or (session is not None and save.session_id != session.id):
        what = f"There is no save {save_id} here. GET /api/v1/sessions/{{id}}/saves lists those of a session."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-save")
    return save


def snapshot_in(save: Save) -> Snapshot:
    return Snapshot.model_validate_json(save.content)


def detail(save: Save) -> SaveDetail:
    return SaveDetail(
        id=save.id,
        saved_at=save.saved_at,
        reason=save.reason,
        applications=save.applications,
        snapshot=snapshot_in(save),
    )


async def go_back(db: AsyncSession, clock: Clock, session: Session, save: Save) -> None:
    """Have the session be as it was in an earlier save. The saves since then stay in its history."""
    await add_save(db, clock, session, snapshot_in(save), SaveReason.RETURNED)


async def applications_of(db: AsyncSession, session: Session) -> list[ApplicationOut]:
    """Return the applications of a session with their usage, the open ones first."""
    return await _with_usage(db, await _rows(db, [session.id]), [session.id])


async def applications_on(db: AsyncSession, user_id: int, device_id: int) -> list[ApplicationOut]:
    """Return the applications that were seen on a device with their usage, those that are open now first."""
    theirs = (Session.user_id == user_id, Session.device_id == device_id)
    ids = (await db.scalars(select(Session.id).where(*theirs))).all()
    rows = await _rows(db, ids)
    now = await snapshot_of(db, device_id, user_id)
    opened = {one.application: one for one in now.applications} if now else {}
    for one in opened.values():
        rows.setdefault(one.application, _row(one))
    shown = await _with_usage(db, rows, ids)
    return _open_first([one.model_copy(update={"is_open": one.application in opened}) for one in shown])


async def _rows(db: AsyncSession, session_ids: Sequence[int]) -> dict[str, SessionApplication]:
    of_sessions = select(SessionApplication).where(SessionApplication.session_id.in_(session_ids))
    return {row.application: row for row in await db.scalars(of_sessions.order_by(SessionApplication.id))}


def _row(one: Application) -> SessionApplication:
    command = json.dumps(one.command)
    return SessionApplication(application=one.application, name=one.name, exe=one.exe, command=command, is_open=True)


async def _with_usage(
    db: AsyncSession, rows: dict[str, SessionApplication], session_ids: Sequence[int]
) -> list[ApplicationOut]:
    periods, names = await usage.usage_of(db, session_ids)
    for application in names.keys() - rows.keys():  # used, but gone before a snapshot was taken
        rows[application] = SessionApplication(
            application=application, name=names[application], exe="", command="[]", is_open=False
        )
    return _open_first([_application(row, periods) for row in rows.values()])


def _open_first(shown: Sequence[ApplicationOut]) -> list[ApplicationOut]:
    return sorted(shown, key=lambda one: not one.is_open)


def _application(row: SessionApplication, periods: usage.Periods) -> ApplicationOut:
    opened = periods.get((row.application, UsageKind.OPEN), [])
    in_front = periods.get((row.application, UsageKind.FOREGROUND), [])
    return ApplicationOut(
        application=row.application,
        name=row.name,
        exe=row.exe,
        command=json.loads(row.command),
        is_open=row.is_open,
        open_periods=_shown(opened),
        open_seconds=summed(opened).total_seconds(),
        foreground_periods=_shown(in_front),
        foreground_seconds=summed(in_front).total_seconds(),
    )


def _shown(periods: Sequence[Interval]) -> list[UsagePeriod]:
    return [UsagePeriod(started_at=one.start, ended_at=one.end) for one in periods]
