"""The audit over HTTP."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.audit import service
from deskbay.accounts.audit.schemas import AuditFilter, AuditList, AuditQuestion, HistoryList
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Database, DatabaseOfApp, Transaction
from deskbay.database.audit.looks import looked
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["audit"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
AUDITING = [Depends(Needs(Scope.SERVER_READ, Reach.ALL))]
JSON_LINES = "application/x-ndjson"
ReaderOfHistory = Annotated[Caller, Depends(Needs(Scope.ACTIVITY_READ, private=True))]


@router.get("/audit", name="list_audit", dependencies=AUDITING)
async def list_audit(wanted: Annotated[AuditFilter, Query()], db: Transaction) -> AuditList:
    """List who did what, newest first."""
    found, cursor = await service.list_entries(db, wanted, *service.conditions(wanted))
    return AuditList(items=await service.describe(db, found), next_cursor=cursor)


@router.get(
    "/audit/export",
    name="export_audit",
    dependencies=AUDITING,
    response_class=StreamingResponse,
    responses={HTTPStatus.OK: {"content": {JSON_LINES: {}}}},
)
async def export_audit(wanted: Annotated[AuditQuestion, Query()], database: DatabaseOfApp) -> StreamingResponse:
    """Send entries as JSON lines, oldest first, however many there are."""
    await looked(database, Action.DOWNLOADED, AuditEntry.__tablename__, None, owner_id=None)
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_lines(database, wanted), media_type=JSON_LINES, headers=headers)


async def _lines(database: Database, wanted: AuditQuestion) -> AsyncIterator[str]:
    async with database.read() as db:
        async for entry in service.stream_entries(db, *service.conditions(wanted)):
            yield f"{entry.model_dump_json()}\n"


@router.get("/history", name="list_history")
async def list_history(page: PageQuery, db: Transaction, reader: ReaderOfHistory) -> HistoryList:
    """List what others, or Deskbay itself, did to or with things of yours, newest first."""
    found, cursor = await service.list_entries(db, page, service.concerns(reader.user))
    return HistoryList(items=await service.tell_owner(db, found), next_cursor=cursor)
