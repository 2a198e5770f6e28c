"""A person's sessions over HTTP."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from deskbay.accounts.access import Caller, NeedsBriefly
from deskbay.accounts.models import User
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import LARGEST_KEY, Key
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented
from deskbay.sessions import life, places, saves, service, transfer
from deskbay.sessions.comparing import compare
from deskbay.sessions.messenger import Messenger
from deskbay.sessions.models import Session
from deskbay.sessions.schemas import (
    ApplicationList,
    CloneIn,
    Comparison,
    CopiesIn,
    DeactivateIn,
    ExportedSession,
    NewSessionIn,
    SaveDetail,
    SaveList,
    SaveOut,
    SessionChange,
    SessionList,
    SessionOut,
    TrackingIn,
)

router = APIRouter(
    prefix="/api/v1/sessions",
    tags=["sessions"],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)
Reader = Annotated[Caller, Depends(NeedsBriefly(Scope.SESSIONS_READ, private=True))]
Writer = Annotated[Caller, Depends(NeedsBriefly(Scope.SESSIONS_WRITE, private=True))]
Distributor = Annotated[Caller, Depends(NeedsBriefly(Scope.SESSIONS_WRITE, Reach.GROUP))]


async def messenger_of(request: Request) -> Messenger:
    messenger: Messenger = request.app.state.messenger
    return messenger


MessengerOfApp = Annotated[Messenger, Depends(messenger_of)]


async def _look_at_place(session_id: Key, caller: Writer, database: DatabaseOfApp, messenger: MessengerOfApp) -> None:
    """Have the device of the session say what is open, before the transaction begins."""
    async with database.read() as db:
        session = await service.get_session(db, caller.user.id, session_id)
    await messenger.ask_what_is_open(session.place)


async def _look_at_source(
    session_id: Key, caller: Distributor, database: DatabaseOfApp, messenger: MessengerOfApp
) -> None:
    await _look_at_place(session_id, caller, database, messenger)


async def _look_at_device(
    wish: NewSessionIn, caller: Writer, database: DatabaseOfApp, clock: ClockOfApp, messenger: MessengerOfApp
) -> None:
    """Have the device on which a session shall begin say what is open, before the transaction begins."""
    async with database.read() as db:
        device_id = await places.find_place(db, clock, caller.user, wish.device_id)
    if device_id is not None and wish.activate:
        await messenger.ask_what_is_open(device_id)


async def _own_session(session_id: Key, caller: Reader, db: Transaction) -> Session:
    return await service.get_session(db, caller.user.id, session_id)


async def _changed_session(session_id: Key, caller: Writer, db: Transaction) -> Session:
    return await service.get_session(db, caller.user.id, session_id)


async def _source(session_id: Key, caller: Distributor, db: Transaction) -> Session:
    return await service.get_session(db, caller.user.id, session_id)


OwnSession = Annotated[Session, Depends(_own_session)]
ChangedSession = Annotated[Session, Depends(_changed_session)]
Source = Annotated[Session, Depends(_source)]
LOOKING = [Depends(_look_at_place)]


async def shown(db: Transaction, session: Session) -> SessionOut:
    return (await service.describe(db, [session]))[0]


@router.get("")
async def list_sessions(
    caller: Reader,
    db: Transaction,
    page: PageQuery,
    device_id: Annotated[int | None, Query(ge=1, le=LARGEST_KEY)] = None,
    deleted: Annotated[bool, Query(description="Those in the trash instead")] = False,
) -> SessionList:
    """List your sessions, newest first."""
    found, cursor = await service.list_sessions(db, caller.user, page, device_id=device_id, deleted=deleted)
    return SessionList(items=await service.describe(db, found), next_cursor=cursor)


@router.post(
    "", status_code=HTTPStatus.CREATED, responses=NOT_FOUND | CONFLICT, dependencies=[Depends(_look_at_device)]
)
async def create_session(wish: NewSessionIn, caller: Writer, db: Transaction, clock: ClockOfApp) -> SessionOut:
    """Make a session and begin it. The active one on the device ends, saved and with its usage; 409 changes nothing."""
    device_id = await places.device_of(db, clock, caller.user, wish.device_id)
    new = service.NewSession(wish.name, wish.description, is_tracking=wish.enable_tracking)
    return await shown(db, await life.begin_session(db, clock, caller.user.id, device_id, new, activate=wish.activate))


@router.get("/{session_id}", responses=NOT_FOUND)
async def get_session(session: OwnSession, db: Transaction) -> SessionOut:
    """Show a session."""
    return await shown(db, session)


@router.patch("/{session_id}", responses=NOT_FOUND | CONFLICT)
async def change_session(change: SessionChange, session: ChangedSession, db: Transaction) -> SessionOut:
    """Rename a session or describe it."""
    await service.change_session(db, session, change)
    return await shown(db, session)


@router.delete("/{session_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND, dependencies=LOOKING)
async def delete_session(
    session: ChangedSession,
    db: Transaction,
    clock: ClockOfApp,
    for_good: Annotated[bool, Query(description="At once, with its saves and usage")] = False,
) -> None:
    """Put a session into the trash, which keeps it for 30 days. An active one ends first, saved and with its usage."""
    if for_good:
        await service.delete_session(db, session)
    else:
        await life.throw_away(db, clock, session)


@router.post("/{session_id}/undelete", responses=NOT_FOUND | CONFLICT)
async def take_back(session: ChangedSession, db: Transaction) -> SessionOut:
    """Take a session out of the trash. 409 while another has its name: rename one of the two first."""
    await service.take_back(db, session)
    return await shown(db, session)


@router.post("/{session_id}/activate", responses=NOT_FOUND | CONFLICT, dependencies=LOOKING)
async def activate(session: ChangedSession, db: Transaction, clock: ClockOfApp) -> SessionOut:
    """Begin a session on its device. The one that is active there ends, saved and with its usage."""
    await life.activate(db, clock, session, session.device_id)
    return await shown(db, session)


@router.post("/{session_id}/deactivate", responses=NOT_FOUND, dependencies=LOOKING)
async def deactivate(given: DeactivateIn, session: ChangedSession, db: Transaction, clock: ClockOfApp) -> SessionOut:
    """End a session: what is open is saved; usage since it was activated or saved is kept, or forgotten if wished."""
    await life.deactivate(db, clock, session, save_usage=given.save_usage)
    return await shown(db, session)


@router.post("/{session_id}/save", responses=NOT_FOUND | CONFLICT, dependencies=LOOKING)
async def save(session: ChangedSession, db: Transaction, clock: ClockOfApp) -> SessionOut:
    """Save what is open now on the device. It works without tracking, too."""
    await life.save(db, clock, session)
    return await shown(db, session)


@router.put("/{session_id}/tracking", responses=NOT_FOUND)
async def set_tracking(given: TrackingIn, session: ChangedSession, db: Transaction, clock: ClockOfApp) -> SessionOut:
    """Count the usage of a session, or don't. Nothing is counted without your consent."""
    await life.set_tracking(db, clock, session, enabled=given.enabled, save_usage=True)
    return await shown(db, session)


@router.post(
    "/{session_id}/clone",
    status_code=HTTPStatus.CREATED,
    responses=NOT_FOUND | CONFLICT,
    dependencies=LOOKING,
)
async def clone(
    wish: CloneIn, session: ChangedSession, caller: Writer, db: Transaction, clock: ClockOfApp
) -> SessionOut:
    """Copy a session with its applications and their state, and without usage."""
    device_id = session.device_id
    if wish.device_id is not None:
        device_id = await places.device_of(db, clock, caller.user, wish.device_id)
    new = service.NewSession(wish.name, wish.description, is_tracking=wish.enable_tracking)
    copy = await life.clone(
        db, clock, session, new, user_id=caller.user.id, device_id=device_id, activate=wish.activate
    )
    return await shown(db, copy)


@router.post(
    "/{session_id}/copies",
    status_code=HTTPStatus.CREATED,
    responses=NOT_FOUND | CONFLICT,
    dependencies=[Depends(_look_at_source)],
)
async def hand_out(
    wish: CopiesIn, session: Source, caller: Distributor, db: Transaction, clock: ClockOfApp
) -> SessionList:
    """Copy a session of yours for people whom you look after and whole groups, as the set-up of a lesson.

    Each person gets it once. Nobody's work is interrupted.
    """
    made = await transfer.hand_out(db, clock, session, wish, await caller.within_reach(db, User.id))
    return SessionList(items=await service.describe(db, made), next_cursor=None)


@router.get("/{session_id}/export", responses=NOT_FOUND)
async def export_session(session: OwnSession, db: Transaction) -> ExportedSession:
    """Download a session with its newest saves."""
    return await transfer.export_session(db, session)


@router.post("/import", status_code=HTTPStatus.CREATED, responses=NOT_FOUND | CONFLICT)
async def import_session(
    given: ExportedSession,
    caller: Writer,
    db: Transaction,
    clock: ClockOfApp,
    device_id: Annotated[int | None, Query(ge=1, le=LARGEST_KEY, description="None: the one seen last")] = None,
) -> SessionOut:
    """Make a session of a file that was downloaded here or elsewhere."""
    place = await places.device_of(db, clock, caller.user, device_id)
    return await shown(db, await transfer.import_session(db, clock, caller.user.id, place, given))


@router.get("/{session_id}/applications", responses=NOT_FOUND)
async def list_applications(session: OwnSession, db: Transaction) -> ApplicationList:
    """List the applications of a session with their usage, the open ones first."""
    return ApplicationList(items=await saves.applications_of(db, session))


@router.get("/{session_id}/saves", responses=NOT_FOUND)
async def list_saves(session: OwnSession, db: Transaction, page: PageQuery) -> SaveList:
    """List the saves of a session, newest first."""
    found, cursor = await saves.list_saves(db, session, page)
    return SaveList(items=[SaveOut.model_validate(one) for one in found], next_cursor=cursor)


@router.get("/{session_id}/saves/{save_id}", responses=NOT_FOUND)
async def show_save(save_id: Key, session: OwnSession, db: Transaction) -> SaveDetail:
    """Show a save with every window."""
    return saves.detail(await saves.get_save(db, session.user_id, save_id, session))


@router.post("/{session_id}/saves/{save_id}/return", responses=NOT_FOUND)
async def go_back(save_id: Key, session: ChangedSession, db: Transaction, clock: ClockOfApp) -> SessionOut:
    """Have the session be as it was in this save: it becomes its newest one. Restore it to see it on the screen."""
    await saves.go_back(db, clock, session, await saves.get_save(db, session.user_id, save_id, session))
    return await shown(db, session)


@router.get("/{session_id}/compare", responses=NOT_FOUND)
async def compare_saves(
    session: OwnSession,  # noqa: ARG001 - has to be theirs
    caller: Reader,
    db: Transaction,
    before: Annotated[int, Query(alias="from", ge=1, le=LARGEST_KEY, description="A save, of any session of yours")],
    after: Annotated[int, Query(alias="to", ge=1, le=LARGEST_KEY, description="Another")],
) -> Comparison:
    """Tell what differs between two saves."""
    old, new = [saves.snapshot_in(await saves.get_save(db, caller.user.id, key)) for key in (before, after)]
    return compare(old, new)
