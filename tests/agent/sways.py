"""sway without a screen or an input device, for tests. It does not run as root: there it runs as nobody."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown
from tempfile import TemporaryDirectory

CONFIG = "output HEADLESS-1 resolution 1280x800\nxwayland disable\ndefault_border normal 2\n"
SECONDS = 30
NOBODY = "65534"


@contextmanager
def sway() -> Iterator[dict[str, str]]:
    """Start it; gives the environment that programs in it need."""
    with TemporaryDirectory(prefix="deskbay-") as name:
        folder = Path(name)
        (folder / "config").write_text(CONFIG)
        prefix = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"] if os.geteuid() == 0 else []
        if prefix:
            chown(folder, int(NOBODY), int(NOBODY))
        environment = {
            **{key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}},
            "HOME": name,
            "XDG_RUNTIME_DIR": name,
            "WLR_BACKENDS": "headless",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_RENDERER": "pixman",
        }
        command = [*prefix, "sway", "--config", str(folder / "config")]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, env=environment, cwd=name, stdin=quiet, stdout=quiet, stderr=quiet)
        try:
            yield environment | {
                "SWAYSOCK": str(_there(folder, "sway-ipc.*.sock", process)),
                "WAYLAND_DISPLAY": _there(folder, "wayland-?", process).name,
            }
        finally:
            process.terminate()
            process.wait(SECONDS)


def _there(folder: Path, pattern: str, process: "subprocess.Popen[bytes]") -> Path:
    end = time.monotonic() + SECONDS
    while not (found := next(folder.glob(pattern), None)):
        assert process.poll() is None, "sway did not start. Is it installed? Run: scripts/test"
        assert time.monotonic() < end, "sway did not come up in time"
        time.sleep(0.02)
    return found
