"""X screens for tests: an X server without a monitor, with a window manager where one is wanted."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

END_SECONDS = 60


@contextmanager
def screen(folder: Path, size: str = "1280x800", manager: Sequence[str] = ("openbox",)) -> Iterator[str]:
    """A screen of `size` pixels, until the end. Gives what DISPLAY has to be."""
    with ExitStack() as stack:
        display = stack.enter_context(_server(folder, size))
        if manager:
            environment = {**os.environ, "DISPLAY": display, "HOME": str(folder)}
            stack.enter_context(_running([*manager], env=environment))
        yield display


@contextmanager
def _server(folder: Path, size: str) -> Iterator[str]:
    reading, writing = os.pipe()
    options = ["-geometry", size, "-depth", "24", "-rfbunixpath", str(folder / "vnc"), "-rfbport", "-1"]
    command = ["Xvnc", *options, "-nolisten", "tcp", "-noreset", "-SecurityTypes", "None", "-displayfd", str(writing)]
    with _running(command, pass_fds=(writing,)), os.fdopen(reading) as word:
        os.close(writing)
        number = word.readline().strip()
        assert number, "Xvnc did not start"
        yield f":{number}"


@contextmanager
def _running(
    command: Sequence[str], *, env: dict[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=pass_fds)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(END_SECONDS)
