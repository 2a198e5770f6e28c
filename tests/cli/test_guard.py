"""`deskbay guard` as a process: it announces itself, guards, and ends cleanly."""

import json
import signal
import stat
import subprocess
from pathlib import Path

from tests.cli.conftest import Deskbay
from tests.serving import DESKBAY, PATIENCE


def test_it_listens_until_it_is_told_to_end(data: Path) -> None:
    data.mkdir()
    listen = data / "guard.sock"
    command: list[str | Path] = [DESKBAY, "guard", "--listen", listen, "--folder", data, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        told = "".join(iter(process.stdout.readline, "}\n")) + "}"
        assert stat.S_IMODE(listen.stat().st_mode) == 0o660
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    assert json.loads(told) == {"listen": str(listen), "engine": "/run/docker.sock", "folder": str(data)}
    assert not listen.exists()


def test_a_place_that_can_not_be_had_is_told(deskbay: Deskbay, data: Path) -> None:
    data.mkdir()
    told = deskbay("guard", "--listen", data / "nowhere" / "guard.sock", "--folder", data, "--json")
    assert told.code == 1
    assert told.document["type"] == "no-socket"
    assert "Choose another place with --listen" in told.document["detail"]
