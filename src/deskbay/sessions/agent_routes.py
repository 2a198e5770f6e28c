"""What agents report over HTTP, each with its device's token."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from deskbay.accounts.rights.scopes import Scope
from deskbay.database import Transaction, emit
from deskbay.devices.access import ByDevice
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem, documented
from deskbay.sessions import restores
from deskbay.sessions.agent_schemas import ReportIn, ReportResult, RestoreProgress
from deskbay.sessions.messenger import TAKEN
from deskbay.sessions.policy import allowance_of, person_at
from deskbay.sessions.reports import take_report
from deskbay.sessions.saves import keep_snapshot
from deskbay.sessions.service import lock_device
from deskbay.sessions.snapshots import Snapshot, without
from deskbay.settings import SettingsOfApp

router = APIRouter(prefix="/api/v1/agent", tags=["agent"], responses=documented(HTTPStatus.UNAUTHORIZED))


Reporting = Annotated[int, Depends(ByDevice(Scope.ACTIVITY_WRITE))]
Restoring = Annotated[int, Depends(ByDevice(Scope.SESSIONS_WRITE))]


@router.post("/reports")
async def report(
    given: ReportIn, device_id: Reporting, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp
) -> ReportResult:
    """Report what was done and what is open. The answer means that it is on disk; the same again changes nothing.

    On a person's own device a sign-in that is not known begins. On others it has to be begun before.
    """
    return ReportResult(results=await take_report(db, clock, settings, device_id, given))


@router.post("/snapshots/{snapshot_id}", status_code=HTTPStatus.NO_CONTENT, responses=documented(HTTPStatus.CONFLICT))
async def send_snapshot(  # noqa: PLR0917 - each is a part of the request
    snapshot_id: UUID,
    given: Snapshot,
    device_id: Restoring,
    db: Transaction,
    clock: ClockOfApp,
    settings: SettingsOfApp,
) -> None:
    """Answer the command `snapshot` with what is open."""
    await lock_device(db, device_id)
    user_id = await person_at(db, clock.now(), device_id)
    if user_id is None:
        what = "Nobody is signed in at this device, so there is nobody whose applications these could be."
        raise Problem(HTTPStatus.CONFLICT, what, kind="nobody-there")
    allowed = await allowance_of(db, settings, user_id)
    seen = without(given, allowed.excluded, titles=allowed.titles)
    await keep_snapshot(db, clock.now(), device_id, user_id, seen)
    emit(db, Event(TAKEN, device_id, user_id, str(snapshot_id)))


@router.post("/restores/{run}", status_code=HTTPStatus.NO_CONTENT, responses=documented(HTTPStatus.NOT_FOUND))
async def tell_progress(  # noqa: PLR0917 - each is a part of the request
    run: UUID,
    given: RestoreProgress,
    device_id: Restoring,
    db: Transaction,
    clock: ClockOfApp,
    settings: SettingsOfApp,
) -> None:
    """Tell how far a restore is. States only go forward; after the end nothing changes any more."""
    patience = timedelta(seconds=settings.restore_seconds)
    await restores.take_progress(db, clock, device_id, run, given, patience=patience)
