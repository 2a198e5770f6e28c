"""The server that scripts/run starts. It tells by a line of JSON that it listens, and by another the link to open."""

import asyncio
import json
import signal
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from deskbay.cli.access import acting, sign_in_link
from deskbay.cli.data_folder import RunningServer
from deskbay.cli.failures import Failure
from deskbay.cli.launching import launch, launch_bar, until_running
from deskbay.cli.options import load_settings
from deskbay.cli.serve import run_server
from deskbay.kit.refusals import Refusal
from deskbay.settings import Settings

LOG = "server.log"


def main() -> int:
    """Serve until SIGTERM, having told where, and the link."""
    parser = ArgumentParser()
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--no-desktop", action="store_true")
    options = parser.parse_args()
    try:
        settings = load_settings(options.data, host=options.host, port=options.port)
        run_server(settings, Guide(settings, desktop=not options.no_desktop), log=settings.data / LOG)
    except Refusal as refusal:
        _tell(Failure.of(refusal).as_problem())
        return 1
    return 0


class Guide:
    """Tells the way to a server that has begun to listen: where it is, then the link to open.

    Where there is no way, it tells why and ends the server.
    """

    def __init__(self, settings: Settings, *, desktop: bool) -> None:
        self._settings = settings
        self._desktop = desktop
        self._tasks: list[asyncio.Task[None]] = []

    def __call__(self, server: RunningServer) -> None:
        _tell({**asdict(server), "log": str(self._settings.data / LOG)})
        self._tasks.append(asyncio.get_running_loop().create_task(self._tell_link()))

    async def _tell_link(self) -> None:
        try:
            page = await first_desktop(self._settings) if self._desktop else "/"
            _tell({"link": await sign_in_link(self._settings, None, page)})
        except Refusal as refusal:
            _tell(Failure.of(refusal).as_problem())
            signal.raise_signal(signal.SIGTERM)


async def first_desktop(settings: Settings) -> str:
    """Start the administrator's first desktop, or launch one where there is none; return its page. Raises Failure."""
    async with acting(settings, None) as client:
        with launch_bar(shown=False) as bar:
            if there := await client.desktops(own=True):
                desktop = await until_running(client, await client.start(there[-1].id), bar)
            else:
                desktop = await launch(client, "desktop", bar)
        return f"/desktops/{desktop.id}"


def _tell(document: object) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
