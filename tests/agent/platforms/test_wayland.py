"""Windows of a real sway, with real terminals in it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from threading import Timer

import pytest
from tests.agent.sways import sway

from deskbay.agent.platforms import NoDesktop, OpenWindow, Place
from deskbay.agent.platforms.sway_wire import Message
from deskbay.agent.platforms.wayland import Wayland
from deskbay.agent.shapes import Monitor, WindowState

SECONDS = 30


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wayland]:
    with sway() as environment:
        for name in ("SWAYSOCK", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, environment[name])
        with Wayland() as platform:
            yield platform


@contextmanager
def terminal(title: str) -> Iterator["subprocess.Popen[bytes]"]:
    quiet = subprocess.DEVNULL
    command = ["foot", "--title", title, "--override=locked-title=yes", "sleep", "1000"]
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(SECONDS)


def until(platform: Wayland, is_so: Callable[[list[OpenWindow]], bool]) -> list[OpenWindow]:
    end = time.monotonic() + SECONDS
    while not is_so(windows := list(platform.windows())):
        assert time.monotonic() < end, f"It never came to that: {windows}"
        platform.wait(0.1)
    return windows


def count(wanted: int) -> Callable[[list[OpenWindow]], bool]:
    return lambda windows: len(windows) == wanted


def lies_at(wanted: Place) -> Callable[[list[OpenWindow]], bool]:
    return lambda windows: [window.place for window in windows] == [wanted]


def test_the_screen_is_seen(platform: Wayland) -> None:
    assert platform.monitors() == [Monitor(0, 0, 1280, 800, primary=True)]


def test_a_window_is_seen_with_its_title_and_process(platform: Wayland) -> None:
    with terminal("my work") as process:
        [window] = until(platform, count(1))
        assert (window.title, window.kind, window.process) == ("my work", "foot", process.pid)
        assert window.foreground
        assert window.place.state is WindowState.MAXIMIZED
        assert window.place.workspace == 0


def settle(platform: Wayland) -> None:
    """Wait until quiet is quiet."""
    while platform.wait(0.5):
        pass


def test_windows_that_come_and_go_are_told_of(platform: Wayland) -> None:
    settle(platform)
    with terminal("one"):
        assert platform.wait(SECONDS)
        until(platform, count(1))
        settle(platform)
    assert platform.wait(SECONDS)
    assert until(platform, count(0)) == []


def test_a_waiter_is_woken_by_a_socket(platform: Wayland) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"!")
        assert not platform.wait(1000, ours.fileno())


@pytest.mark.parametrize("state", list(WindowState))
def test_a_window_is_put_into_its_place_to_the_pixel(platform: Wayland, state: WindowState) -> None:
    with terminal("one"), terminal("two"):
        window = until(platform, count(2))[0]
        place = platform.place(window.id, Place(100, 120, 500, 300, state, 0))
        assert place is not None
        assert place.state is state
        if state is WindowState.NORMAL:
            assert place == Place(100, 120, 500, 300, state, 0)
        again = platform.place(window.id, Place(33, 77, 401, 333, WindowState.NORMAL, 0))
        assert again == Place(33, 77, 401, 333, WindowState.NORMAL, 0)


def test_a_sway_or_a_program_that_is_late_is_waited_for(platform: Wayland) -> None:
    with terminal("one") as program:
        [window] = until(platform, count(1))
        for number, process in enumerate([program.pid, int(os.environ["SWAYSOCK"].split(".")[-2])]):
            wanted = Place(100 + number, 120, 501 + number, 300, WindowState.NORMAL, 0)
            os.kill(process, signal.SIGSTOP)
            timer = Timer(1.5, os.kill, (process, signal.SIGCONT))
            timer.start()
            assert platform.place(window.id, wanted) == wanted
            timer.join()
            until(platform, lies_at(wanted))


@pytest.mark.parametrize("late", [0, 0.05, 0.1, 0.5])
def test_what_a_program_answers_late_does_not_undo_a_place(platform: Wayland, late: float) -> None:
    """Nearly as large as the screen: there is no room to ask for much more, and to take that back."""
    wanted = Place(40, 60, 1200, 700, WindowState.NORMAL, 0)
    with terminal("one") as program:
        [window] = until(platform, count(1))
        os.kill(program.pid, signal.SIGSTOP)
        timer = Timer(late, os.kill, (program.pid, signal.SIGCONT))
        timer.start()
        assert platform.place(window.id, wanted) == wanted
        timer.join()
        until(platform, lies_at(wanted))


def test_a_window_is_put_on_its_workspace(platform: Wayland) -> None:
    with terminal("one"):
        [window] = until(platform, count(1))
        place = platform.place(window.id, Place(50, 60, 400, 300, WindowState.NORMAL, 2))
        assert place is not None
        assert place.workspace == 2


def test_the_window_in_front_can_be_changed(platform: Wayland) -> None:
    with ExitStack() as stack:
        for number in range(3):
            stack.enter_context(terminal(f"number {number}"))
            until(platform, count(number + 1))
        first = next(window for window in platform.windows() if window.title == "number 0")
        platform.activate(first.id)
        [*_, last] = until(platform, lambda windows: windows[-1].id == first.id)
        assert last.foreground
        second = next(window for window in platform.windows() if window.title == "number 1")
        platform.lift(second.id)
        until(platform, lambda windows: windows[-1].id == second.id)


def test_a_window_that_is_gone_has_no_place(platform: Wayland) -> None:
    assert platform.place(4711, Place(0, 0, 10, 10)) is None


def test_nobody_there_is_idle_and_a_moved_pointer_is_not(platform: Wayland) -> None:
    end = time.monotonic() + SECONDS
    while platform.idle_seconds() < 1.2:
        assert time.monotonic() < end
        time.sleep(0.1)
    for way in cycle((7, -7)):  # a second after each move nobody is there again
        platform._wire.ask(Message.RUN_COMMAND, f"seat seat0 cursor move {way} {way}")
        if platform.idle_seconds() == 0:
            break
        assert time.monotonic() < end


def test_a_desktop_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with sway() as environment:
        for name in ("SWAYSOCK", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, environment[name])
        platform = Wayland()
    with platform, pytest.raises(NoDesktop, match="ended"):
        platform.wait(SECONDS)


def test_other_compositors_are_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SWAYSOCK", raising=False)
    with pytest.raises(NoDesktop, match="an X11"):
        Wayland()


def test_a_sway_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SWAYSOCK", str(tmp_path / "none"))
    with pytest.raises(NoDesktop, match="does not answer"):
        Wayland()


def test_a_sway_that_tells_no_idleness_is_let_go_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with sway() as environment:
        monkeypatch.setenv("SWAYSOCK", environment["SWAYSOCK"])
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        with pytest.raises(NoDesktop, match="no Wayland desktop"):
            Wayland()
