"""What agents ask: to be paired, and to be told."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from deskbay.accounts.access import PUBLIC
from deskbay.accounts.attempts import Attempt, AttemptsOfApp
from deskbay.accounts.rights.scopes import Scope as Right
from deskbay.accounts.visits import CallerAddress
from deskbay.database import DatabaseOfApp
from deskbay.devices import pairing
from deskbay.devices.access import ByDevice
from deskbay.devices.channel import AgentChannel
from deskbay.devices.schemas import PairIn, PairOut
from deskbay.devices.tokens import token_in
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import Problem, documented, respond
from deskbay.kit.secrets import digest

router = APIRouter(prefix="/api/v1/agent", tags=["agent"])
LISTENING = ByDevice(Right.SESSIONS_READ)
STREAM: dict[int | str, dict[str, object]] = {200: {"description": "Commands", "content": {"text/event-stream": {}}}}


@router.post(
    "/pair",
    status_code=HTTPStatus.CREATED,
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
    dependencies=[PUBLIC],
)
async def pair(
    wish: PairIn, address: CallerAddress, database: DatabaseOfApp, clock: ClockOfApp, attempts: AttemptsOfApp
) -> PairOut:
    """Pair the computer that sends this, by a one-time code. Its token is told once."""
    async with attempts.guess(Attempt.PAIRING, address=address), database.write() as db:
        device, token = await pairing.pair(db, clock, wish)
    return PairOut(device_id=device.id, token=token)


class CommandStream(Response):
    """An answer that goes on while the agent listens."""

    def __init__(self, channel: AgentChannel, device_id: int, token_digest: str) -> None:
        super().__init__()
        self._channel = channel
        self._device_id = device_id
        self._token_digest = token_digest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        await self._channel.listen(self._device_id, self._token_digest, receive, send)


@router.get(
    "/events",
    response_class=Response,
    responses={**STREAM, **documented(HTTPStatus.UNAUTHORIZED)},
    tags=["events"],
    dependencies=[Depends(LISTENING)],
)
async def stream_commands(request: Request) -> Response:
    """Stream commands to a device's agent. Needs the device's token.

    It begins with what holds: `policy`, a `restore` for each that isn't finished, and `limits` in a desktop. Then come
    `policy`, `snapshot`, `restore`, `notice` and `limits` as they are wanted. An earlier stream of the device ends.
    """
    try:
        device_id = await LISTENING(request)
    except Problem as problem:
        return respond(problem)
    secret = token_in(request.headers.get("authorization"))
    return CommandStream(request.app.state.agent_channel, device_id, digest(secret))
