"""Bringing a session back on a device: a run with a result for each application.

The device is told what is wished until the run is finished. States only go forward.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.agent.shapes import ApplicationState
from deskbay.database import emit
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.sessions import life
from deskbay.sessions.agent_schemas import ProgressIn, RestoreProgress, Wish
from deskbay.sessions.mapping import carry, family_of, suggestion_for
from deskbay.sessions.models import (
    Restore,
    RestoredApplication,
    RestoreState,
    Save,
    SaveReason,
    Session,
    SessionApplication,
)
from deskbay.sessions.saves import add_save, last_save, snapshot_in, snapshot_of
from deskbay.sessions.schemas import DeviceBrief, RestoredApplicationOut, RestoreOut
from deskbay.sessions.service import lock_device
from deskbay.sessions.snapshots import Snapshot, digest_of

CHANGED = "restore"
WISHED = "agent-restore"
"""The event that a restore begins; its subject is the restore."""
SILENT = "The device did not answer within {seconds} seconds. See that it is on and its agent runs, then try again."
SUPERSEDED = "Another session was restored on this device meanwhile."
UNTOLD = "The device said that it is done, and not what became of this application."
RANKS = {
    ApplicationState.WAITING: 0,
    ApplicationState.ALREADY_RUNNING: 1,
    ApplicationState.STARTED: 1,
    ApplicationState.PLACED: 2,
    ApplicationState.NOT_FOUND: 2,
    ApplicationState.DENIED: 2,
    ApplicationState.FAILED: 2,
}


async def begin_restore(
    db: AsyncSession,
    clock: Clock,
    session: Session,
    device_id: int,
    save: Save | None,
    *,
    patience: timedelta,
    idempotency_key: str | None = None,
) -> Restore:
    """Wish a session back on a device, as a save has it, else as it was saved last; it becomes active there.

    While such a run goes on, and with the same idempotency key, it is that run. Raises Problem 409 for a session in
    the trash.
    """
    await lock_device(db, *{device_id, session.place})
    await db.refresh(session)
    life.refuse_trash(session)
    if known := await _under_way(db, session, device_id, idempotency_key):
        return known
    now = clock.now()
    wish = await _make_active(db, clock, session, device_id, save)
    session.restored_at = now
    await _supersede(db, now, device_id)
    restore = _waiting(session, device_id, now, patience, idempotency_key)
    db.add(restore)
    await db.flush()
    await _wish(db, now, restore, session, wish)
    return await get_restore(db, session.user_id, restore.run)


async def _make_active(
    db: AsyncSession, clock: Clock, session: Session, device_id: int, save: Save | None
) -> Snapshot | None:
    """Have a session become active on a device, as a save has it, else as it was saved last; return that.

    One that is active yet ends first, which may be what saves it.
    """
    wish = snapshot_in(save) if save else await life.saved_state(db, session)
    await life.begin_anew(db, clock, session, device_id)
    wish = wish or await life.saved_state(db, session)
    await _make_newest(db, clock, session, wish)
    return wish


def _waiting(session: Session, device_id: int, now: datetime, patience: timedelta, key: str | None) -> Restore:
    """Return a restore that the device has not heard of."""
    return Restore(
        run=uuid4(),
        session_id=session.id,
        user_id=session.user_id,
        device_id=device_id,
        state=RestoreState.WAITING,
        requested_at=now,
        deadline=now + patience,
        idempotency_key=key,
    )


async def _make_newest(db: AsyncSession, clock: Clock, session: Session, wish: Snapshot | None) -> None:
    """Have the session be what is brought back, also where it was ended with less: so it can be restored again."""
    last = await last_save(db, session.id)
    if wish is not None and (last is None or last.digest != digest_of(wish)):
        await add_save(db, clock, session, wish, SaveReason.RETURNED)


async def _under_way(db: AsyncSession, session: Session, device_id: int, key: str | None) -> Restore | None:
    mine = select(Restore).where(Restore.session_id == session.id).options(joinedload(Restore.device))
    if key is not None:
        of_key = select(Restore).where(Restore.user_id == session.user_id, Restore.idempotency_key == key)
        again: Restore | None = await db.scalar(of_key.options(joinedload(Restore.device)))
        if again is not None:
            return again
    going_on = mine.where(Restore.device_id == device_id, Restore.state != RestoreState.FINISHED)
    under_way: Restore | None = await db.scalar(going_on)
    return under_way


async def _supersede(db: AsyncSession, now: datetime, device_id: int) -> None:
    others = select(Restore).where(Restore.device_id == device_id, Restore.state != RestoreState.FINISHED)
    for other in await db.scalars(others):
        await _finish(db, other, now, SUPERSEDED)


async def _wish(db: AsyncSession, now: datetime, restore: Restore, session: Session, wish: Snapshot | None) -> None:
    """Write down what is wished; where nothing is, the restore is over."""
    if wish is None or not wish.applications:
        await _finish(db, restore, now, None)
        return
    here = await snapshot_of(db, restore.device_id, session.user_id)
    carried = wish
    if here is not None:
        carried = carry(wish, here.system, here.home, await _known_on(db, restore.device_id, here))
    restore.content = carried.model_dump_json(exclude={"taken_at"})
    db.add_all(
        RestoredApplication(
            restore_id=restore.id,
            key=one.key,
            application=one.application,
            name=one.name,
            state=ApplicationState.WAITING,
        )
        for one in carried.applications
    )
    await db.flush()
    emit(db, Event(WISHED, restore.id, restore.user_id))
    _announce(db, restore)


async def _known_on(db: AsyncSession, device_id: int, here: Snapshot) -> set[str]:
    """Return the applications that were ever seen on a device."""
    of_device = select(SessionApplication.application).join(Session, Session.id == SessionApplication.session_id)
    seen = await db.scalars(of_device.where(Session.device_id == device_id, SessionApplication.exe != ""))
    return {*seen, *(one.application for one in here.applications)}


def _announce(db: AsyncSession, restore: Restore) -> None:
    emit(db, Event(CHANGED, restore.id, restore.user_id, restore.state))


async def get_restore(db: AsyncSession, user_id: int, run: UUID) -> Restore:
    """Return a restore of the user's. Raises Problem 404."""
    of_user = select(Restore).where(Restore.run == run, Restore.user_id == user_id)
    restore: Restore | None = await db.scalar(of_user.options(joinedload(Restore.device)))
    if restore is None:
        what = f"There is no restore {run}, or it is not yours."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-restore")
    return restore


async def list_restores(db: AsyncSession, session: Session, page: Page) -> tuple[Sequence[Restore], int | None]:
    """Return a page of a session's restores, newest first, and the cursor of the next page."""
    wanted = select(Restore).where(Restore.session_id == session.id).options(joinedload(Restore.device))
    if page.cursor is not None:
        wanted = wanted.where(Restore.id < page.cursor)
    return cut((await db.scalars(wanted.order_by(Restore.id.desc()).limit(page.limit + 1))).all(), page.limit)


async def find_restore(db: AsyncSession, restore_id: int) -> Restore | None:
    found = select(Restore).where(Restore.id == restore_id).options(joinedload(Restore.device))
    restore: Restore | None = await db.scalar(found)
    return restore


async def wishes_for(db: AsyncSession, device_id: int) -> list[Wish]:
    """Return what a device has to bring back: every run that is not finished."""
    going_on = (Restore.device_id == device_id, Restore.state != RestoreState.FINISHED)
    return [wish_of(one) for one in await db.scalars(select(Restore).where(*going_on).order_by(Restore.id))]


def wish_of(restore: Restore) -> Wish:
    """Return what an unfinished restore wishes."""
    return Wish.model_validate({**json.loads(restore.content or "{}"), "run": restore.run})


async def take_progress(
    db: AsyncSession, clock: Clock, device_id: int, run: UUID, progress: RestoreProgress, *, patience: timedelta
) -> None:
    """Write down how far a device is. What comes after the end changes nothing. Raises Problem 404."""
    found = select(Restore).where(Restore.run == run, Restore.device_id == device_id)
    restore: Restore | None = await db.scalar(found.with_for_update())
    if restore is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no restore {run} on this device.", kind="no-restore")
    if restore.state is RestoreState.FINISHED:
        return
    restore.state = RestoreState.RUNNING
    restore.deadline = clock.now() + patience
    rows = {row.key: row for row in await _applications(db, restore.id)}
    told = {one.key: one for one in progress.applications}
    for key in told.keys() & rows.keys():
        _go_forward(rows[key], told[key], restore)
    if progress.finished:
        await _finish(db, restore, clock.now(), None)
    _announce(db, restore)


def _go_forward(row: RestoredApplication, told: ProgressIn, restore: Restore) -> None:
    if RANKS[told.state] <= RANKS[row.state]:
        return
    row.state, row.reason, row.suggestion = told.state, told.reason, told.suggestion
    if told.state is ApplicationState.NOT_FOUND and told.suggestion is None:
        family = family_of(wish_of(restore).system)
        row.suggestion = suggestion_for(row.application, row.name, family)


async def _finish(db: AsyncSession, restore: Restore, now: datetime, reason: str | None) -> None:
    """End a run: what did not get anywhere has failed."""
    restore.state, restore.finished_at, restore.reason = RestoreState.FINISHED, now, reason
    restore.deadline = restore.content = None
    for row in await _applications(db, restore.id):
        if row.state is ApplicationState.WAITING:
            row.state, row.reason = ApplicationState.FAILED, reason or UNTOLD
    await db.flush()
    _announce(db, restore)


async def is_overdue(db: AsyncSession, now: datetime) -> bool:
    """Tell whether a device has said nothing of a run for too long."""
    return await db.scalar(select(Restore.id).where(Restore.deadline <= now).limit(1)) is not None


async def end_overdue(db: AsyncSession, now: datetime, patience: timedelta) -> None:
    """End the runs of which the device has said nothing for too long."""
    overdue = select(Restore).where(Restore.deadline <= now).order_by(Restore.id)
    for restore in await db.scalars(overdue.with_for_update()):
        await _finish(db, restore, now, SILENT.format(seconds=int(patience.total_seconds())))


async def _applications(db: AsyncSession, restore_id: int) -> Sequence[RestoredApplication]:
    of_restore = select(RestoredApplication).where(RestoredApplication.restore_id == restore_id)
    return (await db.scalars(of_restore.order_by(RestoredApplication.id))).all()


async def describe(db: AsyncSession, restore: Restore) -> RestoreOut:
    """Return a restore as it goes over the wire."""
    return (await describe_all(db, [restore]))[0]


async def describe_all(db: AsyncSession, restores: Sequence[Restore]) -> list[RestoreOut]:
    """Return restores as they go over the wire."""
    rows: dict[int, list[RestoredApplicationOut]] = {restore.id: [] for restore in restores}
    of_restores = select(RestoredApplication).where(RestoredApplication.restore_id.in_(rows))
    for row in await db.scalars(of_restores.order_by(RestoredApplication.id)):
        rows[row.restore_id].append(RestoredApplicationOut.model_validate(row))
    return [_describe(restore, rows[restore.id]) for restore in restores]


def _describe(restore: Restore, applications: list[RestoredApplicationOut]) -> RestoreOut:
    return RestoreOut(
        run=restore.run,
        session_id=restore.session_id,
        device=DeviceBrief.model_validate(restore.device),
        state=restore.state,
        reason=restore.reason,
        requested_at=restore.requested_at,
        finished_at=restore.finished_at,
        applications=applications,
    )
