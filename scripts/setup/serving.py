"""The server and a first desktop, from their start to Ctrl-C. It needs the environment's packages."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from deskbay.cli.data_folder import check_folder, make_folder, read_server
from deskbay.cli.options import load_settings
from deskbay.settings import Settings
from scripts.setup import ENVIRONMENT
from scripts.setup.steps import Stopped, step, tell

START_SECONDS = 60.0
END_SECONDS = 60.0
POLL_SECONDS = 0.02
LOG_LINES = 20


def serve(options: Namespace) -> int:
    """Start the server, show the way to it, and stay until it ends or we are told to end it."""
    settings = load_settings(options.data, host=options.host, port=options.port)
    with _server(settings.data, options) as server:
        with step("Server"):
            _wait_until_ready(server, settings.data)
        link = asyncio.run(_link_to_page(settings) if options.no_desktop else _link_to_desktop(settings))
        tell(f"\nOpen this link within ten minutes; it signs you in once:\n\n  {link}\n")
        tell(f"Ctrl-C ends Deskbay{'; its desktops go on' if options.keep else ' and its desktops'}.")
        _stay(server, settings.data)
    return 0


@contextmanager
def _server(data: Path, options: Namespace) -> Iterator[subprocess.Popen[str]]:
    """Start a server, and end it at the end. A data folder that was made for nothing is taken away again."""
    check_folder(data)
    made = make_folder(data)
    log = _log_of(data)
    server = subprocess.Popen(
        _command(data, options),
        env={**os.environ, "DESKBAY_KEEP_DESKTOPS": str(options.keep).lower()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log.open("w"),
        text=True,
        process_group=0,  # Ctrl-C is for us alone: we end the server
    )
    try:
        yield server
    finally:
        _end(server)
        if made and set(data.iterdir()) <= {log}:
            shutil.rmtree(made)


def _command(data: Path, options: Namespace) -> list[str | Path]:
    host = [] if options.host is None else ["--host", options.host]
    port = [] if options.port is None else ["--port", str(options.port)]
    return [ENVIRONMENT / "bin" / "deskbay", "serve", "--json", "--data", data, *host, *port]


def _log_of(data: Path) -> Path:
    return data / "server.log"


def _wait_until_ready(server: subprocess.Popen[str], data: Path) -> None:
    import_module("deskbay.cli.access")  # takes most of a second: better now, beside the server's own start
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        running = read_server(data)
        if running and running.pid == server.pid:
            return
        time.sleep(POLL_SECONDS)
    raise Stopped(_complaint(server), _tail(data))


def _complaint(server: subprocess.Popen[str]) -> str:
    if server.poll() is None:
        return (
            f"The server did not start within {START_SECONDS:.0f} seconds. Try again when the machine has less to do."
        )
    printed = server.stdout.read() if server.stdout else ""
    try:
        return str(json.loads(printed)["detail"])
    except (ValueError, KeyError):
        return f"The server ended with code {server.returncode}. The lines above say why."


def _tail(data: Path) -> list[str]:
    return _log_of(data).read_text(errors="replace").splitlines()[-LOG_LINES:]


async def _link_to_page(settings: Settings) -> str:
    from deskbay.cli.access import acting, sign_in_link

    async with acting(settings, None):
        return await sign_in_link(settings, None, "/")


async def _link_to_desktop(settings: Settings) -> str:
    """Start the administrator's first desktop, or launch one where there is none, and return the link to it."""
    from deskbay.cli.access import acting, sign_in_link
    from deskbay.cli.launching import launch, launch_bar, until_running

    with step("Desktop"), launch_bar(shown=False) as bar:
        async with acting(settings, None) as client:
            there = await client.desktops(own=True)
            if there:
                desktop = await until_running(client, await client.start(there[-1].id), bar)
            else:
                desktop = await launch(client, "desktop", bar)
            return await sign_in_link(settings, None, f"/desktops/{desktop.id}")


def _stay(server: subprocess.Popen[str], data: Path) -> None:
    try:
        server.wait()
    except KeyboardInterrupt:
        return
    raise Stopped(f"The server ended with code {server.returncode}. The lines above are its last.", _tail(data))


def _end(server: subprocess.Popen[str]) -> None:
    """End the server, which ends its desktops unless it is to keep them. A second Ctrl-C does not hurry it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if server.poll() is None:
        with step("Ending"):
            server.terminate()
            try:
                server.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
