"""The server's life within scripts/run: started, followed to the link that it tells, ended."""

import json
import os
import signal
import subprocess
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from scripts.setup import PYTHON, ROOT
from scripts.setup.steps import Stopped, step, tell

END_SECONDS = 60.0
LOOK_SECONDS = 0.2
LOG_LINES = 20


def serve(options: Namespace) -> None:
    """Start the server, show the way to it, and stay until Ctrl-C. Raises Stopped when it fails or ends by itself."""
    with TemporaryFile("w+") as errors, _server(options, errors) as server:
        with step("Server"):
            log = Path(_next_word(server, errors, "log"))
        with step("Sign-in link" if options.no_desktop else "Desktop"):
            link = _next_word(server, errors, "link")
        with suppress(KeyboardInterrupt):
            tell(f"\nOpen this link within ten minutes; it signs you in once:\n\n  {link}\n")
            tell(f"Ctrl-C ends Deskbay{'; its desktops go on' if options.keep else ' and its desktops'}.")
            _stay(server, log)


@contextmanager
def _server(options: Namespace, errors: IO[str]) -> Iterator[subprocess.Popen[str]]:
    words = [word for name in ("host", "port", "data") for word in _option(name, getattr(options, name))]
    server = subprocess.Popen(
        [PYTHON, "-m", "scripts.setup.server", *words, *(["--no-desktop"] if options.no_desktop else [])],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DESKBAY_KEEP_DESKTOPS": str(options.keep).lower()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        process_group=0,  # Ctrl-C is for us alone: we end the server
    )
    try:
        yield server
    finally:
        _end(server)


def _option(name: str, value: str | int | Path | None) -> list[str]:
    return [] if value is None else [f"--{name}", str(value)]


def _next_word(server: subprocess.Popen[str], errors: IO[str], name: str) -> str:
    """Wait for the server's next line, which is JSON, and return what it has under a name.

    Raises Stopped when the server ends instead, saying why or with its last lines.
    """
    line = server.stdout.readline() if server.stdout else ""
    if not line:
        errors.seek(0)
        lines = errors.read().splitlines()[-LOG_LINES:]
        raise Stopped(f"The server ended with code {server.wait()}. The lines above say why.", lines)
    told = json.loads(line)
    if name not in told:
        server.wait(END_SECONDS)
        raise Stopped(told["detail"])
    return str(told[name])


def _stay(server: subprocess.Popen[str], log: Path) -> None:
    while server.poll() is None:
        time.sleep(LOOK_SECONDS)  # a signal that comes just before a wait is seen after it: so none is without end
    lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
    raise Stopped(f"The server ended with code {server.returncode}. The lines above are its last.", lines)


def _end(server: subprocess.Popen[str]) -> None:
    """End the server, which ends its desktops unless it is to keep them. A second Ctrl-C does not hurry it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if server.poll() is None:
        server.terminate()  # before anything is told: the terminal may be gone
        with step("Ending"):
            try:
                server.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
