"""Restores over HTTP."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header

from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented
from deskbay.sessions import places, restores, saves, service
from deskbay.sessions.routes import ChangedSession, MessengerOfApp, OwnSession, Reader, Writer
from deskbay.sessions.schemas import RestoreIn, RestoreList, RestoreOut
from deskbay.settings import SettingsOfApp

router = APIRouter(
    prefix="/api/v1",
    tags=["sessions"],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)


async def _look_at_both(  # noqa: PLR0917 - each is a part of the request
    session_id: Key,
    wish: RestoreIn,
    caller: Writer,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    messenger: MessengerOfApp,
) -> None:
    """Have the devices say what is open, before the transaction begins: what is active on them will be saved."""
    async with database.read() as db:
        session = await service.get_session(db, caller.user.id, session_id)
        there = await places.find_place(db, clock, caller.user, wish.device_id or session.place)
    for device_id in {session.place, there or session.place}:
        await messenger.ask_what_is_open(device_id)


@router.post(
    "/sessions/{session_id}/restore",
    status_code=HTTPStatus.ACCEPTED,
    responses=documented(HTTPStatus.CONFLICT),
    dependencies=[Depends(_look_at_both)],
)
async def restore_session(  # noqa: PLR0917 - each is a part of the request
    wish: RestoreIn,
    session: ChangedSession,
    caller: Writer,
    db: Transaction,
    clock: ClockOfApp,
    settings: SettingsOfApp,
    idempotency_key: Annotated[
        str | None, Header(max_length=255, description="The same key again gives the same run, not another")
    ] = None,
) -> RestoreOut:
    """Bring a session back. `GET /api/v1/events` tells how far each application is.

    While a run of the session on the device goes on, this answers with that run and starts nothing twice.
    """
    device_id = session.place
    if wish.device_id is not None:
        device_id = await places.device_of(db, clock, caller.user, wish.device_id)
    save = await saves.get_save(db, caller.user.id, wish.save_id, session) if wish.save_id is not None else None
    patience = timedelta(seconds=settings.restore_seconds)
    restore = await restores.begin_restore(
        db, clock, session, device_id, save, patience=patience, idempotency_key=idempotency_key
    )
    return await restores.describe(db, restore)


@router.get("/sessions/{session_id}/restores")
async def list_restores(session: OwnSession, db: Transaction, page: PageQuery) -> RestoreList:
    """List the restores of a session, newest first; one that is not finished goes on now."""
    found, cursor = await restores.list_restores(db, session, page)
    return RestoreList(items=await restores.describe_all(db, found), next_cursor=cursor)


@router.get("/restores/{run}")
async def get_restore(run: UUID, caller: Reader, db: Transaction) -> RestoreOut:
    """Show how far a restore is."""
    return await restores.describe(db, await restores.get_restore(db, caller.user.id, run))
