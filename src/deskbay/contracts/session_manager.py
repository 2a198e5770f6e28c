"""The session manager's API, which start-up scripts of lab computers call. It only translates."""

import re
from asyncio import Future
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, Field, JsonValue, StringConstraints, TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import State
from starlette.requests import HTTPConnection
from typing_extensions import TypedDict

from deskbay.accounts.access import Caller, Needs, authenticate
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.schemas import NO_CONTROLS, NewUser
from deskbay.accounts.service import find_user
from deskbay.activity import sign_ins
from deskbay.activity.ingest import PingWriter
from deskbay.activity.models import LONGEST_NAME, Kind
from deskbay.activity.people import add_missing_users
from deskbay.activity.pings import MILLISECOND, Outcome, Ping, earliest_kept
from deskbay.activity.reports import By, Question, by_period, narrowed
from deskbay.activity.stretches import DAY, LONGEST_PROMISE_SECONDS, MS, microseconds
from deskbay.contracts.dashboard import Dashboard
from deskbay.contracts.doors import DoorsOfApp
from deskbay.contracts.envelope import ERRORS, EnvelopedRoute, Refused, as_envelope
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.devices.service import add_missing_devices, find_device
from deskbay.devices.tokens import TokensOfApp
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.intervals import Period
from deskbay.kit.lean import Answer, header
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

UTC_ZONE = ZoneInfo("UTC")
LONGEST_LEAD = timedelta(days=1)
WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)
CREATED: dict[str, JsonValue] = {"message": "Created"}
STORED = JSONResponse(CREATED, HTTPStatus.CREATED)
TOLD = dict.fromkeys(Outcome, STORED) | {
    Outcome.UNKNOWN: as_envelope(Refused("not found", data=[])),
    Outcome.TOO_OLD: as_envelope(Refused("end_date_time must be greater than previous value", data=None)),
}


@dataclass(frozen=True, slots=True)
class ComputerOrNeeds(Needs):
    """Says that a route is for computers by their tokens or a trusted network, and for who has a right.

    A dependency that gives the id of the device that calls by its token; None for all others.
    """

    async def __call__(  # type: ignore[override]  # FastAPI gives it what it asks for
        self, connection: HTTPConnection, database: DatabaseOfApp, tokens: TokensOfApp, doors: DoorsOfApp
    ) -> int | None:
        if device_id := await tokens.device_of(connection.headers.get("authorization")):
            return device_id
        if not doors.trust(connection):
            async with database.read() as db:
                await self.admit(connection, db)
        return None

    async def identify(self, connection: HTTPConnection, db: AsyncSession) -> Caller:
        caller = await authenticate(connection, db, self) if "authorization" in connection.headers else None
        if caller is None:
            raise self.refusal()
        return caller

    def refusal(self) -> Refused:
        message = "send a device token or an administrator's token, or call from a trusted network"
        return Refused(message, HTTPStatus.UNAUTHORIZED, data=None)


REPORTING = ComputerOrNeeds(Scope.ACTIVITY_WRITE, Reach.ALL)
Sender = Annotated[int | None, Depends(REPORTING)]
WRITER = [Depends(REPORTING)]
READER = [Depends(ComputerOrNeeds(Scope.ACTIVITY_READ, Reach.ALL))]
router = APIRouter(
    prefix="/api/session-manager",
    tags=["session manager (contract)"],
    route_class=EnvelopedRoute,
    responses=ERRORS,
)


def _without_case(given: object) -> object:
    return {str(key).lower(): value for key, value in given.items()} if isinstance(given, dict) else given


def _null_is_nothing(given: object) -> object:
    return "" if given is None else given


Text = Annotated[str, StringConstraints(max_length=255, pattern=NO_CONTROLS), BeforeValidator(_null_is_nothing)]


class NamedUser(BaseModel):
    name: Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=NO_CONTROLS)]


class NamedComputer(BaseModel):
    name: Annotated[str, StringConstraints(min_length=1, max_length=30, pattern=NO_CONTROLS)]


class SessionIn(BaseModel):
    """A person begins to sit at a computer."""

    id: Text = ""
    comp_name: Text = ""
    ip_addr: Annotated[str, StringConstraints(max_length=64), BeforeValidator(_null_is_nothing)] = ""
    login: Text = ""
    next_ping_sec: Annotated[int, Field(le=LONGEST_PROMISE_SECONDS)] = 0
    date_time: Text = ""


Word = Annotated[str, msgspec.Meta(max_length=255)] | None
Event = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME, pattern=NO_CONTROLS + r"(?!\n)")] | None


class ActivityIn(msgspec.Struct):
    """A person still sits there."""

    session_id: Word = ""
    session_type: Event = ""
    login: Word = ""
    next_ping_sec: Annotated[int, msgspec.Meta(le=LONGEST_PROMISE_SECONDS)] = 0
    date_time: Word = ""


class SessionOut(TypedDict):
    """Who sits where."""

    id: UUID
    comp_name: str
    ip_addr: str
    login: str
    start_date_time: datetime
    end_date_time: datetime


SESSIONS = TypeAdapter(list[SessionOut])
ACTIVITY = msgspec.json.Decoder(ActivityIn, strict=False)
ACTIVITY_SCHEMA = msgspec.json.schema(ActivityIn)["$defs"][ActivityIn.__name__]
ACTIVITY_BODY = {"required": True, "content": {"application/json": {"schema": ACTIVITY_SCHEMA}}}


@router.post("/users", status_code=HTTPStatus.CREATED, dependencies=WRITER)
async def add_users(
    given: list[Annotated[NamedUser, BeforeValidator(_without_case)]], db: Transaction, clock: ClockOfApp
) -> dict[str, JsonValue]:
    """Add the users that are missing."""
    try:
        wanted = [NewUser(username=one.name) for one in given]
    except ValidationError as error:
        raise Refused("name may hold letters, digits and . _ - only", data=None) from error
    await add_missing_users(db, clock, wanted)
    return CREATED


@router.post("/computers", status_code=HTTPStatus.CREATED, dependencies=WRITER)
async def add_computers(
    given: list[Annotated[NamedComputer, BeforeValidator(_without_case)]], db: Transaction, clock: ClockOfApp
) -> dict[str, JsonValue]:
    """Add the computers that are missing."""
    await add_missing_devices(db, clock, [one.name for one in given])
    return CREATED


@router.post("/session", status_code=HTTPStatus.CREATED)
async def start_session(given: SessionIn, db: Transaction, clock: ClockOfApp, sender: Sender) -> dict[str, JsonValue]:
    """Sign a person in at a computer."""
    uuid = _uuid(given.id, "id")
    _require(bool(given.comp_name), "comp_name is empty")
    _require(bool(given.login), "login is empty")
    _require(given.next_ping_sec > 0, "next ping duration less or eq 0")
    at = _time(given.date_time, clock.now())
    user, device = await find_user(db, given.login), await find_device(db, given.comp_name)
    if user is None or device is None:
        raise Refused("unknown foreign key error")
    if sender not in {None, device.id}:
        raise Refused("this token belongs to another computer", HTTPStatus.UNAUTHORIZED, data=None)
    offset = (at - clock.now()) // MILLISECOND
    new = sign_ins.NewSignIn(uuid, at, given.next_ping_sec, given.ip_addr or None, offset)
    try:
        await sign_ins.start_sign_in(db, clock, user, device, new)
    except sign_ins.AlreadySignedIn as error:
        there = SESSIONS.dump_python([_shown(sign_ins.as_online(one)) for one in error.open], mode="json")
        raise Refused("access denied", HTTPStatus.UNAUTHORIZED, data=there) from error
    except sign_ins.DuplicateSignIn as error:
        raise Refused("duplicate key error", data=None) from error
    return CREATED


@router.post(
    "/activity", status_code=HTTPStatus.CREATED, dependencies=WRITER, openapi_extra={"requestBody": ACTIVITY_BODY}
)
async def report_activity(request: Request) -> Response:
    """Prolong a session, and the time of an event."""
    state = request.app.state
    try:
        sender = await REPORTING(request, state.database, state.device_tokens, state.doors)
        return TOLD[(await _store(await request.body(), sender, state))[0]]
    except (Refused, Problem) as error:
        return as_envelope(error)


def take_activity(connection: HTTPConnection, body: bytes, answer: Answer) -> bool:
    """Take a report of a device whose token is remembered, or from a trusted network without any token."""
    state = connection.app.state
    authorization = header(connection, b"authorization")
    sender = state.device_tokens.remembered(authorization) if authorization else None
    if sender is None and (authorization is not None or not state.doors.trust(connection)):
        return False
    try:
        stored = _store(body, sender, state)
    except (Refused, Problem) as error:
        answer(as_envelope(error))
    else:
        stored.add_done_callback(lambda _: answer(_told(stored)))
    return True


def _store(body: bytes, sender: int | None, state: State) -> Future[list[Outcome]]:
    writer: PingWriter = state.ping_writer
    return writer.store([_ping(_activity(body), sender, state.clock.now(), state.settings)])


def _told(stored: Future[list[Outcome]]) -> Response:
    try:
        return TOLD[stored.result()[0]]
    except Problem as problem:
        return as_envelope(problem)


def _activity(body: bytes) -> ActivityIn:
    try:
        return ACTIVITY.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(str(error), data=None) from error


def _ping(given: ActivityIn, sender: int | None, now: datetime, settings: Settings) -> Ping:
    uuid, login = _uuid(given.session_id or "", "session_id"), (given.login or "").lower()
    _require(bool(login), "login is empty")
    _require(given.next_ping_sec > 0, "next ping duration less or eq 0")
    at, received_at = microseconds(_time(given.date_time or "", now)), microseconds(now)
    return Ping(
        uuid,
        at,
        given.next_ping_sec,
        latest=received_at + DAY,
        earliest=earliest_kept(received_at, settings.activity_days),
        event=given.session_type or "",
        device_id=sender,
        login=login,
        clock_offset_ms=(at - received_at) // MS,
        in_order=True,
    )


@router.get("/dashboard", dependencies=READER)
async def show_dashboard(request: Request) -> Response:
    """List who is there now."""
    dashboard: Dashboard = request.app.state.dashboard
    return Response(await dashboard.written(), media_type="application/json")


@router.get("/activity", dependencies=READER)
async def show_activity(  # noqa: PLR0917 - each is a part of the request
    db: Transaction,
    clock: ClockOfApp,
    login: Text = "",
    session_type: Text = "",
    from_date: Text = "",
    to_date: Text = "",
    group_by: Annotated[str, Query()] = "",
) -> dict[str, JsonValue]:
    """Add up a person's hours by month or day, in UTC."""
    _require(bool(login), "login is empty")
    _require(group_by in {"month", "date"}, "group by must be 'month' or 'date'")
    first, last = _range(from_date, to_date, clock.now())
    period = Period.MONTH if group_by == "month" else Period.DAY
    user = await find_user(db, login)
    kind = Kind.EVENT if session_type else Kind.PRESENCE
    found: dict[date, timedelta] = {}
    if user is not None:
        question = Question(By.USER, first or date.min, last, UTC_ZONE, kind, session_type, user.id)
        known = await narrowed(db, question, clock.now().date())
        periods = (await by_period(db, known, period, [user.id])).totals
        found = {day: spent for day, spent in periods.items() if spent}
    total = sum(found.values(), timedelta())
    rows: list[JsonValue] = [
        _row(day, spent, period) for day, spent in sorted(found.items(), reverse=period is Period.MONTH)
    ]
    data: dict[str, JsonValue] = {"id": login, "login": login, "total_hours": round(total / timedelta(hours=1), 2)}
    return {"message": "Success", "data": {**data, "user_activity": rows}}


def _row(day: date, spent: timedelta, period: Period) -> JsonValue:
    hours = round(spent / timedelta(hours=1), 6)
    if period is Period.MONTH:
        return {"year": str(day.year), "month_num": str(day.month), "hours": hours}
    return {"date": _written(datetime.combine(day, time(), UTC)), "hours": hours}


def _range(from_date: str, to_date: str, now: datetime) -> tuple[date | None, date]:
    today = now.date()
    last = _parsed(to_date).date() if to_date else today
    first = _parsed(from_date).date() if from_date else None if to_date else today
    _require(first is None or first <= last, "from_date is after to_date")
    return first, last


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise Refused(message, data=None)


def _uuid(text: str, field: str) -> UUID:
    _require(bool(text), f"{field} is empty")
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(f"{field} is not a UUID", data=None) from error


def _time(text: str, now: datetime) -> datetime:
    """Return the time that is meant; nothing means now, and no zone UTC."""
    moment = _parsed(text) if text else now
    _require(moment <= now + LONGEST_LEAD, "the date is more than a day in the future")
    return moment


def _parsed(text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text.upper()) if WRITTEN_TIME.fullmatch(text) else None
    except ValueError:
        parsed = None
    if parsed is None:
        raise Refused("a date must be like 2006-01-02T15:04:05Z, 2006-01-02 15:04:05 or 2006-01-02", data=None)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def _shown(one: sign_ins.Online) -> SessionOut:
    uuid, device, address, username, started_at, ends_at = one
    return {
        "id": uuid,
        "comp_name": device,
        "ip_addr": address or "",
        "login": username,
        "start_date_time": started_at,
        "end_date_time": ends_at,
    }


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
