"""Pings over HTTP: the shortest way there is."""

from asyncio import Future
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.datastructures import State
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from deskbay.accounts.rights.scopes import Scope
from deskbay.activity.ingest import PingWriter
from deskbay.activity.pings import Outcome, Ping, earliest_kept
from deskbay.activity.schemas import PingIn, PingResult, PingsIn
from deskbay.activity.stretches import MICROSECOND, MS, microseconds
from deskbay.devices.access import ByDevice
from deskbay.kit.clock import Clock
from deskbay.kit.lean import Answer, header
from deskbay.kit.problems import Problem, documented, respond
from deskbay.settings import Settings

LEAD = timedelta(minutes=1)
"""So far ahead of the server a time may be, once it is corrected by the clock's offset."""

REPORTING = ByDevice(Scope.ACTIVITY_WRITE)

router = APIRouter(prefix="/api/v1", tags=["activity"])


def _of(outcomes: list[Outcome]) -> Response:
    body = PingResult(results=outcomes).model_dump_json()
    return Response(body, HTTPStatus.CREATED, media_type="application/json")


ANSWERS = {outcome: _of([outcome]) for outcome in Outcome}


def _schema() -> dict[str, object]:
    """Return the schema of a request in one piece: there is no place for definitions in the midst of a document."""
    schema = PingsIn.model_json_schema()
    schema["properties"]["pings"]["items"] = schema.pop("$defs")[PingIn.__name__]
    return schema


BODY = {"required": True, "content": {"application/json": {"schema": _schema()}}}


@router.post(
    "/pings",
    status_code=HTTPStatus.CREATED,
    response_model=PingResult,
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    openapi_extra={"requestBody": BODY},
    dependencies=[Depends(REPORTING)],
)
async def post_pings(request: Request) -> Response:
    """Tell that people are still there. Needs the device's token. The answer means that it is on disk.

    Each ping has its own result. The same ping again changes nothing, and a late one is merged where it belongs.
    """
    try:
        device_id = await REPORTING(request)
        return _answer(await _store(await request.body(), device_id, request.app.state))
    except Problem as problem:
        return respond(problem)


def take_pings(connection: HTTPConnection, body: bytes, answer: Answer) -> bool:
    """Take pings of a device whose token is remembered."""
    state = connection.app.state
    device_id = state.device_tokens.remembered(header(connection, b"authorization") or "")
    if device_id is None:
        return False
    try:
        stored = _store(body, device_id, state)
    except Problem as problem:
        answer(respond(problem))
    else:
        stored.add_done_callback(lambda _: answer(_told(stored)))
    return True


def _store(body: bytes, device_id: int, state: State) -> Future[list[Outcome]]:
    writer: PingWriter = state.ping_writer
    return writer.store(_pings(body, device_id, state.clock, state.settings))


def _pings(body: bytes, device_id: int, clock: Clock, settings: Settings) -> list[Ping]:
    try:
        given = PingsIn.model_validate_json(body)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {wrong['msg']}", kind="invalid-request") from error
    now = microseconds(clock.now())
    offset = (microseconds(given.sent_at) - now) // MS if given.sent_at else None
    earliest = earliest_kept(now, settings.activity_days)
    return [_ping(one, device_id, now, earliest, offset) for one in given.pings]


def _ping(given: PingIn, device_id: int, now: int, earliest: int, offset: int | None) -> Ping:
    return Ping(
        given.sign_in,
        microseconds(given.at) if given.at else now,
        given.next_ping_seconds,
        latest=now + LEAD // MICROSECOND,
        earliest=earliest,
        event=given.event,
        application=given.application,
        open_applications=tuple(given.open_applications),
        idle_seconds=given.idle_seconds,
        device_id=device_id,
        clock_offset_ms=offset if given.at else None,
    )


def _told(stored: Future[list[Outcome]]) -> Response:
    try:
        return _answer(stored.result())
    except Problem as problem:
        return respond(problem)


def _answer(outcomes: list[Outcome]) -> Response:
    return ANSWERS[outcomes[0]] if len(outcomes) == 1 else _of(outcomes)
