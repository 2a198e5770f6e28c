"""Recordings over HTTP: for those who oversee others, and for people those of their own desktops, to know of."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from starlette.requests import HTTPConnection

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.database.audit.looks import looked
from deskbay.database.audit.models import Action
from deskbay.gateway.recordings import service
from deskbay.gateway.recordings.models import Recording
from deskbay.gateway.recordings.schemas import RecordingList, RecordingOut
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented
from deskbay.settings import SettingsOfApp

router = APIRouter(prefix="/api/v1", tags=["recordings"], responses=documented(HTTPStatus.UNAUTHORIZED))
REFUSED = documented(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


def _recordings(connection: HTTPConnection) -> service.Recordings:
    recordings: service.Recordings = connection.app.state.recordings
    return recordings


ReaderOfOwn = Annotated[Caller, Depends(Needs(Scope.RECORDINGS_READ, private=True))]
Reader = Annotated[Caller, Depends(Needs(Scope.RECORDINGS_READ, Reach.GROUP))]
Writer = Annotated[Caller, Depends(Needs(Scope.RECORDINGS_WRITE, Reach.GROUP))]


async def _seen(recording_id: Key, db: Transaction, caller: Reader) -> Recording:
    return await service.get_recording(db, caller, recording_id)


async def _managed(recording_id: Key, db: Transaction, caller: Writer) -> Recording:
    return await service.get_recording(db, caller, recording_id)


RecordingsOfApp = Annotated[service.Recordings, Depends(_recordings)]
SeenRecording = Annotated[Recording, Depends(_seen)]
ManagedRecording = Annotated[Recording, Depends(_managed)]


@router.get("/recordings", responses=documented(HTTPStatus.FORBIDDEN))
async def list_recordings(
    db: Transaction,
    caller: Reader,
    page: PageQuery,
    settings: SettingsOfApp,
    desktop_id: Annotated[Key | None, Query(description="Of one desktop alone")] = None,
) -> RecordingList:
    """List recordings of everyone within your reach, newest first."""
    found, cursor = await service.list_recordings(
        db, page, await caller.within_reach(db, Recording.owner_id), desktop_id=desktop_id
    )
    items = [RecordingOut.model_validate(recording) for recording in found]
    return RecordingList(items=items, next_cursor=cursor, kept_days=settings.recording_days)


@router.get("/recordings/own")
async def list_own_recordings(
    db: Transaction, caller: ReaderOfOwn, page: PageQuery, settings: SettingsOfApp
) -> RecordingList:
    """List the recordings of your desktops, newest first, and who has seen them."""
    found, cursor = await service.list_recordings(db, page, Recording.owner_id == caller.user.id)
    items = [RecordingOut.model_validate(recording) for recording in found]
    return RecordingList(items=items, next_cursor=cursor, kept_days=settings.recording_days)


@router.get("/recordings/{recording_id}", responses=REFUSED)
async def get_recording(recording: SeenRecording) -> RecordingOut:
    """Show what is known of a recording."""
    return RecordingOut.model_validate(recording)


@router.get(
    "/recordings/{recording_id}/content",
    response_class=FileResponse,
    responses=REFUSED | {HTTPStatus.OK: {"content": {"application/octet-stream": {}}}},
)
async def get_recording_content(
    recording: SeenRecording,
    caller: Reader,
    recordings: RecordingsOfApp,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    *,
    download: Annotated[bool, Query(description="To keep it, not to see it: the audit tells which")] = False,
) -> FileResponse:
    """Give a recording: FBS 001.000 for VNC, Guacamole's instructions for others.

    Its owner is told who was given it.
    """
    path = recordings.path_of(recording)
    service.require_file(path)
    async with database.write() as db:
        service.note_look(db, clock, recording, caller.user)
    action = Action.DOWNLOADED if download else Action.LOOKED
    await looked(database, action, "recordings", recording.id, owner_id=recording.owner_id)
    name = f"deskbay-recording-{recording.id}.{'fbs' if recording.protocol == 'vnc' else 'guac'}"
    headers = {"Cache-Control": "no-store"}
    return FileResponse(path, media_type="application/octet-stream", filename=name, headers=headers)


@router.delete(
    "/recordings/{recording_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=REFUSED | documented(HTTPStatus.CONFLICT),
)
async def delete_recording(recording: ManagedRecording, db: Transaction, recordings: RecordingsOfApp) -> None:
    """Delete a recording that has ended, for good."""
    service.require_ended(recording)
    await recordings.delete(db, recording)
