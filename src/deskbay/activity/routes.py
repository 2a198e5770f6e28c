"""Sign-ins and time lines over HTTP."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.service import find_user
from deskbay.activity import sign_ins
from deskbay.activity.doings import Doing, Here, find_doings
from deskbay.activity.looks import may_see, still_seen
from deskbay.activity.models import SignIn
from deskbay.activity.ping_routes import LEAD, REPORTING
from deskbay.activity.pings import MILLISECOND, STEADY_CLOCK_MS
from deskbay.activity.presence import EVERYONE, PresenceOfApp, Told
from deskbay.activity.schemas import Looked, SignInBatch, SignInBegin, SignInList, SignInOut, SignOutBatch, Timeline
from deskbay.activity.seats import idle_since
from deskbay.activity.sign_ins import SignInFilter, Sitting
from deskbay.activity.timeline import draw_timeline
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.devices.schemas import ZoneName
from deskbay.devices.service import get_device
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.intervals import days
from deskbay.kit.keys import LARGEST_KEY
from deskbay.kit.problems import Problem, documented

router = APIRouter(prefix="/api/v1")
REFUSED = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)
LONGEST_TIMELINE_DAYS = 31
Reader = Annotated[Caller, Depends(Needs(Scope.ACTIVITY_READ))]
ReaderOfOthers = Annotated[Caller, Depends(Needs(Scope.ACTIVITY_READ, Reach.GROUP))]


@router.post("/sign-ins", tags=["activity"], status_code=HTTPStatus.CREATED, responses=REFUSED | NOT_FOUND | CONFLICT)
async def begin_sign_in(
    new: SignInBegin, device_id: Annotated[int, Depends(REPORTING)], db: Transaction, clock: ClockOfApp
) -> SignInOut:
    """Sign a person in at the device whose token this is. 409 while they sit elsewhere."""
    device = await get_device(db, device_id)
    user = await find_user(db, new.username)
    if user is None:
        what = f"There is no user “{new.username}”. Ask an administrator to add them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-user")
    now = clock.now()
    offset = (new.sent_at - now) // MILLISECOND if new.sent_at else 0
    at = (new.at or now) - (offset * MILLISECOND if new.at and abs(offset) > STEADY_CLOCK_MS else timedelta())
    if at > now + LEAD:
        what = "This time is in the future. Set the device's clock right, or send sent_at, too."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="in-future")
    begun = sign_ins.NewSignIn(new.id, at, new.next_ping_seconds, new.address, offset)
    started = await sign_ins.start_sign_in(db, clock, user, device, begun)
    [shown] = await sign_ins.find_sign_ins(db, [started.id])
    return _shown(shown, now, Doing())


@router.get("/sign-ins", tags=["activity"], responses=REFUSED)
async def list_sign_ins(
    db: Transaction,
    caller: Reader,
    clock: ClockOfApp,
    database: DatabaseOfApp,
    wanted: Annotated[SignInFilter, Query()],
) -> SignInList:
    """List who sat where, newest first: the history of a computer or a person, or who is on now."""
    await may_see(db, database, caller, wanted.user_id)
    now, seen = clock.now(), await caller.within_reach(db, SignIn.user_id)
    found, cursor = await sign_ins.list_sign_ins(db, now, wanted, seen)
    total = await sign_ins.count_sign_ins(db, now, wanted, seen) if wanted.online else None
    here = [Here(one.id, one.user_id, one.last_ping_at) for one in found if one.ends_at >= now]
    doings = await find_doings(db, here)
    items = [_shown(one, now, doings.get(one.id, Doing())) for one in found]
    return SignInList(items=items, next_cursor=cursor, total=total)


def _shown(one: Sitting, now: datetime, doing: Doing) -> SignInOut:
    return SignInOut(
        id=one.uuid,
        user_id=one.user_id,
        username=one.username,
        full_name=one.full_name,
        device_id=one.device_id,
        device=one.device,
        room_id=one.room_id,
        room=one.room,
        address=one.address,
        started_at=one.started_at,
        ends_at=one.ends_at,
        online=one.ends_at >= now,
        idle_since=idle_since(one.input_at, now),
        event=doing.event,
        application=doing.application,
        clock_offset_ms=one.clock_offset_ms,
    )


@router.get("/sign-ins/events", tags=["events"], response_class=EventSourceResponse, responses=REFUSED)
async def stream_sign_ins(
    caller: ReaderOfOthers, database: DatabaseOfApp, presence: PresenceOfApp
) -> AsyncIterator[ServerSentEvent]:
    """Stream who is on now: first everyone whom you may see, then who comes and goes.

    `sign-ins` carries people who are there, new or changed, `sign-outs` the ids of those who are gone. `looked` follows
    each look, about once a second: everything up to then is told. Ends when you sign out or may see nobody any more.
    """
    told = Told()
    async for everyone in presence.views(EVERYONE):
        seen = await still_seen(database, caller, everyone)
        if seen is None:
            return
        if ended := told.ended(seen):
            yield _sent("sign-outs", SignOutBatch(ids=ended))
        for part in told.parts_to_tell(seen):
            async with database.read() as db:
                found = await sign_ins.find_sign_ins(db, part)
            told.remember(seen, found)
            yield _sent(
                "sign-ins", SignInBatch(items=[_shown(one, seen.at, seen.people[one.id].doing) for one in found])
            )
        yield _sent("looked", Looked(at=seen.at))


def _sent(name: str, data: BaseModel) -> ServerSentEvent:
    return ServerSentEvent(event=name, raw_data=data.model_dump_json())


@router.get("/activity", tags=["activity"], responses=REFUSED)
async def get_timeline(  # noqa: PLR0917 - each is a part of the question
    db: Transaction,
    caller: Reader,
    database: DatabaseOfApp,
    user_id: Annotated[int, Query(ge=1, le=LARGEST_KEY)],
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    zone: ZoneName = "UTC",
) -> Timeline:
    """Show what a person did when, for 31 days at the most."""
    await may_see(db, database, caller, user_id)
    if not 0 <= (last - first).days < LONGEST_TIMELINE_DAYS:
        what = f"Ask for 1 to {LONGEST_TIMELINE_DAYS} days: from may not be after to."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="wrong-range")
    return Timeline(items=await draw_timeline(db, user_id, days(first, last, ZoneInfo(zone))))
