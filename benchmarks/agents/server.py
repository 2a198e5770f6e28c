"""Deskbay with devices by the thousand, and a route that sends them commands: `server DATA PORT DEVICES`."""

import asyncio
import sys
import time
from pathlib import Path
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config, Server

from deskbay.app import create_app
from deskbay.cli.log import RequestLog, configure_log
from deskbay.database import Database
from deskbay.database.upgrade import upgrade
from deskbay.devices.channel import AgentChannel, Command, CommandKind
from deskbay.devices.models import Device
from deskbay.kit.clock import SystemClock
from deskbay.kit.secrets import digest
from deskbay.settings import Settings


def token_of(number: int) -> str:
    """Return the token of the device of that number, counted from 1, which is its id as well."""
    return f"dd_{number:043}"


async def add_devices(database: Database, count: int) -> None:
    now = SystemClock().now()
    async with database.write() as db:
        for number in range(1, count + 1):
            made = Device(uuid=uuid4(), name=f"pc-{number}", enrolled_at=now, token_issued_at=now)
            made.token_digest = digest(token_of(number))
            db.add(made)


async def send(request: Request) -> Response:
    """Send a notice to each device that the body names; its text is the time at which it is sent, in nanoseconds."""
    channel: AgentChannel = request.app.state.agent_channel
    for device in await request.json():
        channel.send(device, Command(CommandKind.NOTICE, {"text": str(time.monotonic_ns())}))
    return Response()


def main() -> None:
    data, port, devices = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    settings = Settings(data=data)
    asyncio.run(upgrade(settings.database_address))
    app = create_app(settings)
    app.router.routes.insert(0, Route("/send", send, methods=["POST"]))
    asyncio.run(add_devices(app.state.database, devices))
    configure_log()
    # As `deskbay serve` does it.
    Server(Config(RequestLog(app), port=port, loop="uvloop", http="httptools", log_config=None, access_log=False)).run()


main()
