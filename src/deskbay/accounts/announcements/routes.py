"""Announcements over HTTP."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import PUBLIC, Caller, Needs
from deskbay.accounts.announcements import service
from deskbay.accounts.announcements.models import Announcement
from deskbay.accounts.announcements.schemas import (
    AnnouncementBriefList,
    AnnouncementIn,
    AnnouncementList,
    AnnouncementOut,
)
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(prefix="/api/v1/announcements", tags=["announcements"])
REFUSED = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)

Reader = Annotated[Caller, Depends(Needs(Scope.SERVER_READ))]
ReaderOfAll = Annotated[Caller, Depends(Needs(Scope.SERVER_READ, Reach.ALL))]
Writer = Annotated[Caller, Depends(Needs(Scope.SERVER_WRITE, Reach.ALL))]


async def _announcement(announcement_id: Key, _: Writer, db: Transaction) -> Announcement:
    return await service.get_announcement(db, announcement_id)


AnnouncementOfPath = Annotated[Announcement, Depends(_announcement)]


@router.get("", name="list_announcements", responses=REFUSED)
async def list_announcements(reader: Reader, db: Transaction, clock: ClockOfApp) -> AnnouncementBriefList:
    """List what you are to know now."""
    return _brief(await service.list_for(db, clock, reader.user))


@router.get("/public", name="list_public_announcements", dependencies=[PUBLIC])
async def list_public(db: Transaction, clock: ClockOfApp) -> AnnouncementBriefList:
    """List what is said on the page on which people sign in. Nobody has to be signed in."""
    return _brief(await service.list_for_visitors(db, clock))


@router.get("/all", name="list_all_announcements", responses=REFUSED)
async def list_all(_: ReaderOfAll, db: Transaction) -> AnnouncementList:
    """List every announcement, past and to come, newest first."""
    return AnnouncementList(items=await service.list_all(db))


@router.post("", name="create_announcement", status_code=HTTPStatus.CREATED, responses=REFUSED)
async def create(wish: AnnouncementIn, _: Writer, db: Transaction, clock: ClockOfApp) -> AnnouncementOut:
    """Announce something to everyone, or to the people of some groups."""
    return await _shown(db, await service.create_announcement(db, clock, wish))


@router.put("/{announcement_id}", name="change_announcement", responses=REFUSED | NOT_FOUND)
async def change(wish: AnnouncementIn, announcement: AnnouncementOfPath, db: Transaction) -> AnnouncementOut:
    """Change an announcement. Whoever has put it away sees it again when its text is another."""
    await service.change_announcement(db, announcement, wish)
    return await _shown(db, announcement)


@router.delete(
    "/{announcement_id}",
    name="delete_announcement",
    status_code=HTTPStatus.NO_CONTENT,
    responses=REFUSED | NOT_FOUND,
)
async def delete(announcement: AnnouncementOfPath, db: Transaction) -> None:
    """Take an announcement away."""
    await service.delete_announcement(db, announcement)


async def _shown(db: Transaction, announcement: Announcement) -> AnnouncementOut:
    await db.flush()
    return (await service.describe(db, [announcement]))[0]


def _brief(found: object) -> AnnouncementBriefList:
    return AnnouncementBriefList.model_validate({"items": found}, from_attributes=True)
