"""A device of Ada's that is paired with a real server, and its agent as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import xcffib
import xcffib.xtest
from tests.serving import PATIENCE, ServerProcess, eventually

from deskbay.agent.clock import DeviceClock
from deskbay.agent.journal import Journal, Kind
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.state import StateFolder, folder_of_this_device

PRESS, RELEASE, MOTION = 4, 5, 6
"""As X numbers events."""
LEFT_BUTTON = 1


class Ada:
    """What Ada does at the server's page."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self.client: httpx.Client = server._signed_in()
        self.id: int = self.client.get("/api/v1/auth/me").raise_for_status().json()["id"]

    def consents(self, *, consent: bool = True, excluded: tuple[str, ...] = ()) -> None:
        wish = {"consent": consent, "excluded_applications": excluded, "paused_until": None}
        self.client.put("/api/v1/tracking", json=wish).raise_for_status()

    def pairing_code(self) -> str:
        code: str = self.client.post("/api/v1/devices/pairing-codes").raise_for_status().json()["code"]
        return code

    def device(self) -> dict[str, Any]:
        """Ada's only device."""
        (device,) = self.client.get("/api/v1/devices/mine").raise_for_status().json()["items"]
        found: dict[str, Any] = device
        return found

    def revokes(self, device: int) -> None:
        self.client.delete(f"/api/v1/devices/mine/{device}/token").raise_for_status()

    def activity(self, kind: str) -> list[dict[str, Any]]:
        """What the server knows of the last days."""
        today = datetime.now(UTC).date()
        days = {"from": str(today - timedelta(days=3)), "to": str(today)}
        answer = self.client.get("/api/v1/activity", params={"user_id": self.id, **days}).raise_for_status()
        return [item for item in answer.json()["items"] if item["kind"] == kind]

    def used(self, kind: str = "open-application") -> set[str]:
        """The names of applications that the server knows of."""
        return {item["name"] for item in self.activity(kind)}


class Device:
    """A home, a screen, and the agent there."""

    def __init__(self, home: Path, display: str) -> None:
        home.mkdir()
        self.home = home
        outside = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.environment = {**outside, "HOME": str(home), "DISPLAY": display}
        self._agent: subprocess.Popen[str] | None = None
        self._moves = 0

    @property
    def state(self) -> StateFolder:
        name = folder_of_this_device().path.name
        return StateFolder(self.home / ".local" / "state" / "deskbay" / name)

    def touch_mouse(self) -> None:
        """Move the mouse a little, as somebody who is there."""
        connection = xcffib.connect(self.environment["DISPLAY"])
        self._moves += 1
        root, x = connection.get_setup().roots[0].root, 600 + self._moves % 2
        connection(xcffib.xtest.key).FakeInput(MOTION, 0, 0, root, x, 300, 0)
        connection.flush()
        connection.disconnect()

    def click_on_a_window(self) -> None:
        """Click on a window as soon as there is one, so that it is in front."""
        with X11(self.environment["DISPLAY"]) as platform:
            eventually(lambda: bool(platform.windows()), "there is a window")
            windows = platform.windows()
        connection = xcffib.connect(self.environment["DISPLAY"])
        root, place = connection.get_setup().roots[0].root, windows[0].place
        x, y = place.x + place.width // 2, place.y + place.height // 2
        for event, button in ((MOTION, 0), (PRESS, LEFT_BUTTON), (RELEASE, LEFT_BUTTON)):
            connection(xcffib.xtest.key).FakeInput(event, button, 0, root, x, y, 0)
        connection.flush()
        connection.disconnect()

    def recorded(self, kind: Kind) -> set[str]:
        """What is in the device's own journal and lasted a while: the names of applications."""
        if not self.state.journal.exists():
            return set()
        with closing(Journal(self.state.journal, DeviceClock())) as journal:
            return {one.name for one in journal.unsent(1000) if one.kind is kind}

    def works_until(self, condition: Callable[[], bool], what: str) -> None:
        """Use the mouse until something is so."""

        def worked() -> bool:
            self.touch_mouse()
            return condition()

        eventually(worked, what)

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the agent's."""
        command = [sys.executable, "-m", "deskbay.agent", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def pair(self, server: str, code: str) -> None:
        paired = self.ask("pair", server, code, "--name", "pc")
        assert paired.returncode == 0, paired.stderr

    def start(self) -> None:
        """Start the agent, and wait until it looks after the device."""
        command = [sys.executable, "-m", "deskbay.agent", "run"]
        pipe = subprocess.PIPE
        self._agent = subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)
        eventually(lambda: self.ask("status").returncode == 0, "the agent runs")

    def kill(self) -> None:
        """End the agent as a power failure would."""
        self._end(signal.SIGKILL)

    def leave(self) -> tuple[int, str]:
        """End the agent as signing out does. Gives its exit code and what it said."""
        return self._end(signal.SIGTERM)

    def wait(self) -> tuple[int, str]:
        """Wait until the agent ends by itself."""
        assert self._agent
        out, err = self._agent.communicate(timeout=PATIENCE)
        code, self._agent = self._agent.returncode, None
        return code, out + err

    def _end(self, number: signal.Signals) -> tuple[int, str]:
        assert self._agent
        self._agent.send_signal(number)
        return self.wait()

    def clean_up(self) -> None:
        if self._agent:
            self.kill()
