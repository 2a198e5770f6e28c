"""A real VNC server with an empty blue screen of 640 x 400 pixels."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running_xvnc(*options: str) -> Iterator[str]:
    """Run one until the end. Gives what DISPLAY has to be for its programs."""
    reading, writing = os.pipe()
    command = ["Xvnc", "-displayfd", str(writing), "-geometry", "640x400", "-depth", "24", "-nolisten", "tcp"]
    with subprocess.Popen([*command, "-noreset", *options], pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as ready:
                display = f":{ready.readline().strip()}"
            subprocess.run(["xsetroot", "-display", display, "-solid", "#2040c0"], check=True)
            yield display
        finally:
            server.terminate()
