"""A screen with a home, a session bus and real programs on it, for tests of what is saved and brought back."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import which
from threading import Thread
from uuid import uuid4

import pytest
from tests.agent.screens import screen
from tests.clock import FrozenClock

from deskbay.agent.platforms import NoDesktop, OpenWindow
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.processes import processes_with
from deskbay.agent.restore import restore
from deskbay.agent.shapes import Application, Progress, Snapshot, Wish
from deskbay.agent.snapshots import Observer

MARK = "DESKBAY_TEST_DESK"
SECONDS = 60

CHROMIUM = """[Desktop Entry]
Type=Application
Name=Chromium
Exec=chromium --no-sandbox --disable-gpu --no-first-run --password-store=basic --disable-background-networking %U
StartupWMClass=chromium
"""


class Desk:
    """What a person has in front of them."""

    def __init__(self, home: Path, mark: str, display: str) -> None:
        self.home = home
        self._mark = mark
        self._display = display

    def start(self, *command: str | Path, folder: Path | None = None) -> None:
        """Start a program, as a person would."""
        assert which(str(command[0])), f"{command[0]} is not installed. Run: scripts/test"
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=folder or self.home, stderr=quiet, start_new_session=True)
        Thread(target=process.wait, daemon=True).start()

    def until(self, is_so: Callable[[Sequence[OpenWindow]], bool]) -> Sequence[OpenWindow]:
        """Wait until the windows are so."""
        with X11() as platform:
            end = time.monotonic() + SECONDS
            while not is_so(windows := platform.windows()):
                assert time.monotonic() < end, f"It never came to that: {windows}"
                platform.wait(0.1)
            return windows

    def save(self) -> Snapshot:
        with X11() as platform:
            return Observer(platform, FrozenClock().now).snapshot(titles=True)

    def save_when(self, is_so: Callable[[Snapshot], bool]) -> Snapshot:
        """Wait for what programs write down late, as browsers do."""
        end = time.monotonic() + SECONDS
        while not is_so(snapshot := self.save()):
            assert time.monotonic() < end, f"It never came to that: {snapshot}"
            time.sleep(0.2)
        return snapshot

    def end_programs(self) -> None:
        """End all that has windows, but for this program's own, and wait until they are gone."""
        _end(_with_windows(self._display), signal.SIGTERM)
        self.until(lambda windows: not windows)

    def end_everything(self) -> None:
        """End all programs at once: by their windows, too, because Chromium writes its title over its environment."""
        with suppress(NoDesktop):  # a test may have ended the screen, and with it what has windows
            _end(_with_windows(self._display), signal.SIGKILL)
        _end(set(processes_with(MARK, self._mark)), signal.SIGKILL)


def _with_windows(display: str) -> set[int]:
    with X11(display) as platform:
        processes = {window.process for window in platform.windows() if window.process is not None}
    return processes - {os.getpid()}


def _end(processes: set[int], how: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, how)


def wish_of(snapshot: Snapshot, *applications: Application) -> Wish:
    """To have back all of a snapshot, or some applications."""
    return Wish(uuid4(), snapshot.system, snapshot.home, snapshot.monitors, applications or snapshot.applications)


def brought_back(wish: Wish) -> list[Progress]:
    """What was said while a wish was fulfilled."""
    said: list[Progress] = []
    with X11() as platform:
        restore(platform, wish, said.append)
    return said


@contextmanager
def desk(folder: Path, patch: pytest.MonkeyPatch, size: str = "1280x800") -> Iterator[Desk]:
    """A desk whose programs get this process's environment; they end with it."""
    home, runtime, mark = folder / "home", folder / "run", uuid4().hex
    home.mkdir(exist_ok=True)
    runtime.mkdir(mode=0o700, exist_ok=True)
    entries = home / ".local/share/applications"
    entries.mkdir(parents=True, exist_ok=True)
    (entries / "chromium.desktop").write_text(CHROMIUM)
    with ExitStack() as stack:
        display = stack.enter_context(screen(folder, size))
        bus = f"unix:path={runtime / 'bus'}"
        told = {
            "HOME": home,
            "DISPLAY": display,
            "XDG_RUNTIME_DIR": runtime,
            "DBUS_SESSION_BUS_ADDRESS": bus,
            MARK: mark,
        }
        for name, value in {**told, "LANG": "C.UTF-8", "NO_AT_BRIDGE": "1", "XDG_DATA_DIRS": "/usr/share"}.items():
            patch.setenv(name, str(value))
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XAUTHORITY", "DESKTOP_STARTUP_ID"):
            patch.delenv(name, raising=False)
        subprocess.run(["dbus-daemon", "--session", "--fork", "--nopidfile", "--address", bus], check=True)
        desk = Desk(home, mark, display)
        stack.callback(desk.end_everything)
        with X11() as platform:
            wait_for_manager(platform)
            yield desk


def wait_for_manager(platform: X11) -> None:
    """Wait until new windows are managed: what came before that may stay unseen."""
    end = time.monotonic() + SECONDS
    while not platform._wire.ask(platform._wire.root, "_NET_SUPPORTING_WM_CHECK")():
        assert time.monotonic() < end, "The window manager did not start"
        platform.wait(0.1)
