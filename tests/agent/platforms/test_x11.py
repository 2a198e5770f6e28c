"""Windows on real X servers with a real window manager."""

import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread, Timer

import pytest
import xcffib
import xcffib.xproto
import xcffib.xtest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.agent.desks import Desk, desk
from tests.agent.screens import screen

from deskbay.agent.platforms import NoDesktop, OpenWindow, Place, x11
from deskbay.agent.platforms.opening import open_platform
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.shapes import Monitor, System, WindowState


class Client:
    """A program with windows of its own making, without a process that Deskbay could ask."""

    def __init__(self) -> None:
        self.connection = xcffib.connect()
        self.core = xcffib.xproto.xprotoExtension(self.connection)
        self.root = self.connection.get_setup().roots[0].root

    def close(self) -> None:
        with suppress(xcffib.XcffibException):
            self.connection.disconnect()

    def open(self, title: str, **properties: Sequence[int | str]) -> int:
        """Show a window. Properties are names of other atoms, numbers, or in WM_TRANSIENT_FOR a window."""
        window = int(self.connection.generate_id())
        self.core.CreateWindow(24, window, self.root, 50, 60, 200, 100, 0, 1, 0, 0, [])
        self.set(window, "WM_CLASS", "STRING", f"{title.lower()}\0{title}\0".encode(), 8)
        self.set(window, "WM_NAME", "STRING", title.encode("latin-1"), 8)
        for name, values in properties.items():
            numbers = [self.atom(value) if isinstance(value, str) else value for value in values]
            kind = "ATOM" if isinstance(values[0], str) else "WINDOW" if name == "WM_TRANSIENT_FOR" else "CARDINAL"
            self.set(window, name, kind, struct.pack(f"={len(numbers)}I", *numbers), 32)
        self.core.MapWindow(window)
        self.core.GetInputFocus().reply()
        return window

    def set(self, window: int, name: str, kind: str, value: bytes, bits: int) -> None:
        count = len(value) * 8 // bits
        self.core.ChangeProperty(0, window, self.atom(name), self.atom(kind), bits, count, value)

    def atom(self, name: str) -> int:
        return int(self.core.InternAtom(False, len(name), name).reply().atom)

    def press_a_key(self) -> None:
        """As the X server's own test extension does it."""
        tester = self.connection(xcffib.xtest.key)
        for event in (2, 3):
            tester.FakeInput(event, 38, 0, 0, 0, 0, 0)
        self.core.GetInputFocus().reply()


@pytest.fixture
def client(platform: X11) -> Iterator[Client]:
    assert not platform.windows()
    client = Client()
    yield client
    client.close()


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, module_patch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk"), module_patch) as here:
        yield here


@pytest.fixture
def platform(here: Desk) -> Iterator[X11]:
    """Nothing is open, and the mouse is still."""
    with X11() as platform:
        yield platform
    here.end_programs()


def editor(here: Desk, name: str = "list.txt") -> OpenWindow:
    """A window that lets itself be put anywhere."""
    (here.home / name).touch()
    here.start("mousepad", "--disable-server", here.home / name)
    windows = here.until(lambda windows: any(name in window.title for window in windows))
    return next(window for window in windows if name in window.title)


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def now(platform: X11, window: int) -> OpenWindow:
    return next(each for each in platform.windows() if each.id == window)


def test_a_window_is_told_with_all_that_it_says(here: Desk, platform: X11) -> None:
    here.start("xterm", "-T", "Grüße", "-geometry", "80x24+100+50")
    (window,) = here.until(lambda windows: [(each.title, each.foreground) for each in windows] == [("Grüße", True)])
    assert (window.kind, window.instance, window.title) == ("XTerm", "xterm", "Grüße")
    assert window.process is not None
    assert (Path("/proc") / str(window.process) / "comm").read_text() == "xterm\n"
    left, right, top, bottom = window.frame
    assert min(left, right, bottom) >= 0 < top
    assert (window.place.x, window.place.y) == (100 + left, 50 + top)
    assert window.place.state is WindowState.NORMAL
    assert window.place.workspace == 0
    assert platform.system is System.X11


def test_only_one_window_is_in_front(here: Desk, platform: X11) -> None:
    first, second = editor(here, "a.txt"), editor(here, "b.txt")
    until(lambda: now(platform, second.id).foreground)
    assert not now(platform, first.id).foreground
    platform.activate(first.id)
    until(lambda: [window.id for window in platform.windows()] == [second.id, first.id])
    until(lambda: [window.foreground for window in platform.windows()] == [False, True])


def test_a_dialog_belongs_to_its_window(client: Client, platform: X11) -> None:
    main = client.open("Plan")
    dialog = client.open("Really", WM_TRANSIENT_FOR=[main])
    until(lambda: [window.id for window in platform.windows()] == [main])
    platform.activate(dialog)
    question = client.open("Sure", WM_TRANSIENT_FOR=[dialog])
    platform.activate(question)
    until(lambda: [window.foreground for window in platform.windows()] == [True])


def test_a_dialog_without_a_window_is_one(client: Client, platform: X11) -> None:
    alone = client.open("Question", _NET_WM_WINDOW_TYPE=["_NET_WM_WINDOW_TYPE_DIALOG"])
    until(lambda: [window.id for window in platform.windows()] == [alone])


@pytest.mark.parametrize("kind", ["DESKTOP", "DOCK", "SPLASH", "NOTIFICATION", "UTILITY", "TOOLBAR", "MENU"])
def test_furniture_is_no_window(client: Client, platform: X11, kind: str) -> None:
    client.open("Furniture", _NET_WM_WINDOW_TYPE=[f"_NET_WM_WINDOW_TYPE_{kind}"])
    real = client.open("Real")
    until(lambda: real in [window.id for window in platform.windows()])
    assert [window.id for window in platform.windows()] == [real]


def test_what_keeps_out_of_the_taskbar_is_no_window(client: Client, platform: X11) -> None:
    client.open("Hidden", _NET_WM_STATE=["_NET_WM_STATE_SKIP_TASKBAR"])
    real = client.open("Real")
    until(lambda: [window.id for window in platform.windows()] == [real])


def test_panels_take_room(client: Client, platform: X11) -> None:
    assert platform.monitors() == [Monitor(0, 0, 1280, 800)]
    bottom = [0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 1279]
    client.open("Panel", _NET_WM_WINDOW_TYPE=["_NET_WM_WINDOW_TYPE_DOCK"], _NET_WM_STRUT_PARTIAL=bottom)
    until(lambda: platform.monitors() == [Monitor(0, 0, 1280, 760)])
    client.close()
    until(lambda: platform.monitors() == [Monitor(0, 0, 1280, 800)])


def test_a_window_of_another_computer_has_no_process_here(client: Client, platform: X11) -> None:
    window = client.open("Far")
    client.set(window, "WM_CLIENT_MACHINE", "STRING", b"elsewhere.example.org", 8)
    client.core.GetInputFocus().reply()
    until(lambda: [window.process for window in platform.windows()] == [None])


def test_text_in_the_old_encoding_is_read(client: Client, platform: X11) -> None:
    client.open("Stra\u00dfe")
    until(lambda: [window.title for window in platform.windows()] == ["Stra\u00dfe"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    corner=st.tuples(st.integers(-200, 900), st.integers(0, 700)),
    size=st.tuples(st.integers(500, 1400), st.integers(200, 900)),
)
def test_a_window_is_put_anywhere_to_the_pixel(
    placing: tuple[X11, int], corner: tuple[int, int], size: tuple[int, int]
) -> None:
    platform, window = placing
    wanted = Place(*corner, *size, workspace=0)
    assert platform.place(window, wanted) == wanted
    assert now(platform, window).place == wanted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Place(900, 62, 500, 200, workspace=0), Place(900, 62, 1210, 289, workspace=0)),
        (Place(-58, 618, 599, 599, workspace=0), Place(-58, 618, 500, 618, workspace=0)),
        (Place(700, 500, 500, 200, workspace=0), Place(700, 500, 900, 700, workspace=0)),
    ],
)
def test_a_window_grows_beyond_the_edge_of_the_screen_where_it_lies(
    placing: tuple[X11, int], before: Place, after: Place
) -> None:
    platform, window = placing
    assert platform.place(window, before) == before
    assert platform.place(window, after) == after


@pytest.fixture
def placing(here: Desk, platform: X11) -> tuple[X11, int]:
    return platform, editor(here, "placed.txt").id


def test_a_window_manager_that_is_late_places_windows_to_the_pixel(placing: tuple[X11, int]) -> None:
    platform, window = placing
    wanted = Place(150, 100, 600, 680, workspace=0)
    with stopped(manager_of(platform), 0.6):
        assert platform.place(window, wanted) == wanted
    assert now(platform, window).place == wanted


def test_a_window_manager_that_does_not_answer_is_given_up(
    placing: tuple[X11, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x11, "_ANSWER_SECONDS", 0.2)
    platform, window = placing
    before = now(platform, window).place
    with stopped(manager_of(platform), 1.5):
        assert platform.place(window, replace(before, x=before.x + 20)) == before


@pytest.mark.parametrize("state", list(WindowState))
def test_a_window_manager_that_halts_all_the_time_brings_windows_from_state_to_state(
    placing: tuple[X11, int], state: WindowState
) -> None:
    platform, window = placing
    place = Place(200, 150, 500, 400, workspace=0)
    with halting(manager_of(platform)):
        there = platform.place(window, replace(place, state=state))
        back = platform.place(window, place)
    assert there is not None
    assert there.state is state
    assert back == place
    assert now(platform, window).place == place


def manager_of(platform: X11) -> int:
    """The window manager's process."""
    (window,) = platform._wire.ask(platform._wire.root, "_NET_SUPPORTING_WM_CHECK")().numbers
    return platform._wire.ask_processes([window])()[window]


@contextmanager
def stopped(process: int, seconds: float) -> Iterator[None]:
    """A process that does nothing for a while."""
    os.kill(process, signal.SIGSTOP)
    timer = Timer(seconds, os.kill, (process, signal.SIGCONT))
    timer.start()
    try:
        yield
    finally:
        timer.join()


@contextmanager
def halting(process: int) -> Iterator[None]:
    """A process that hardly comes to do anything."""
    over = Event()

    def halt() -> None:
        while not over.wait(0.005):
            with stopped(process, 0.3):
                pass

    thread = Thread(target=halt)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_without_a_window_manager_nothing_is_placed_and_nobody_waits_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with screen(tmp_path, manager=()) as display, X11(display) as platform:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Client()) as client:
            assert platform.place(client.open("Alone"), Place(1, 2, 3, 4)) == Place(50, 60, 200, 100)


def test_a_window_that_has_whole_characters_only_takes_the_nearest_size(here: Desk, platform: X11) -> None:
    here.start("xterm")
    (window,) = here.until(lambda windows: len(windows) == 1)
    place = platform.place(window.id, Place(100, 80, 601, 401, workspace=0))
    assert place is not None
    assert (place.x, place.y) == (100, 80)
    assert abs(place.width - 601) <= 6
    assert abs(place.height - 401) <= 13
    assert platform.place(window.id, place) == place


@pytest.mark.parametrize("before", list(WindowState))
@pytest.mark.parametrize("after", list(WindowState))
def test_from_any_state_to_any_other(placing: tuple[X11, int], before: WindowState, after: WindowState) -> None:
    platform, window = placing
    place = Place(200, 150, 500, 400, workspace=0)
    platform.place(window, replace(place, state=before))
    until(lambda: now(platform, window).place.state is before)
    platform.place(window, replace(place, state=after))
    until(lambda: now(platform, window).place.state is after)
    if after is WindowState.NORMAL:
        assert now(platform, window).place == place


def test_another_workspace_and_back(placing: tuple[X11, int]) -> None:
    platform, window = placing
    for workspace in (2, None, 0):
        place = Place(200, 150, 500, 400, workspace=workspace)
        platform.place(window, place)
        until(lambda place=place: now(platform, window).place == place)  # type: ignore[misc]


def test_put_away_on_a_workspace_that_is_not_shown_and_back(placing: tuple[X11, int]) -> None:
    platform, window = placing
    there = Place(200, 150, 500, 400, workspace=2)
    platform.place(window, replace(there, state=WindowState.MINIMIZED))
    until(lambda: now(platform, window).place.state is WindowState.MINIMIZED)
    assert now(platform, window).place.workspace == 2
    assert platform.place(window, there) == there
    assert now(platform, window).place == there


def test_a_window_that_is_gone_can_not_be_placed(platform: X11) -> None:
    assert platform.place(0x1234567, Place(0, 0, 1, 1)) is None


def test_a_new_window_is_heard_of_and_quiet_is_quiet(here: Desk, platform: X11) -> None:
    settle(platform)
    here.start("xterm")
    assert platform.wait(30)
    until(lambda: len(platform.windows()) == 1)


def test_titles_and_places_are_heard_of(here: Desk, platform: X11) -> None:
    window = editor(here)
    settle(platform)
    with X11() as another:
        another.place(window.id, replace(window.place, x=300, y=200))
    assert platform.wait(30)
    until(lambda: (now(platform, window.id).place.x, now(platform, window.id).place.y) == (300, 200))


def settle(platform: X11) -> None:
    platform.windows()
    while platform.wait(1.5):
        pass


def test_many_changes_are_heard_of_as_one(here: Desk, platform: X11) -> None:
    window = editor(here)
    settle(platform)
    with X11() as another:
        for step in range(10):
            another.place(window.id, replace(window.place, x=300 + step, y=200))
    assert platform.wait(30)
    assert not platform.wait(0)


def test_a_waker_ends_the_wait_and_what_happened_is_kept(here: Desk, platform: X11) -> None:
    window = editor(here)
    settle(platform)
    with ExitStack() as stack:
        ours, theirs = socket.socketpair()
        stack.callback(ours.close)
        stack.callback(theirs.close)
        theirs.send(b"!")
        assert not platform.wait(30, ours.fileno())
        with X11() as another:
            another.place(window.id, replace(window.place, x=310))
        assert not platform.wait(30, ours.fileno())
        ours.recv(1)
        assert platform.wait(30, ours.fileno())


def test_idleness_ends_with_a_key(client: Client, platform: X11) -> None:
    until(lambda: platform.idle_seconds() > 1)
    before = platform.idle_seconds()

    def is_less() -> bool:
        client.press_a_key()
        return platform.idle_seconds() < before

    until(is_less)


def test_monitors_that_change_are_heard_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(tmp_path, monkeypatch), X11() as platform:
        settle(platform)
        subprocess.run(["xrandr", "-s", "1024x768"], check=True)
        assert platform.wait(30)
        until(lambda: platform.monitors() == [Monitor(0, 0, 1024, 768)])


def test_no_desktop_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(NoDesktop, match="Start this inside one, with DISPLAY set"):
        open_platform()


def test_the_end_of_the_desktop_is_told(tmp_path: Path) -> None:
    with ExitStack() as stack:
        with screen(tmp_path) as display:
            platform = stack.enter_context(X11(display))
        with pytest.raises(NoDesktop, match="ended"):
            platform.wait(30)
        with pytest.raises(NoDesktop, match="ended"):
            platform.windows()


@pytest.mark.usefixtures("platform")
def test_the_system_python_does_it_with_debians_xcffib(here: Desk) -> None:
    """In a desktop the agent runs on what Debian has, and not in our environment."""
    window = editor(here)
    code = "from deskbay.agent.platforms.x11 import X11; print([window.id for window in X11().windows()])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    command = ["/usr/bin/python3", "-W", "error", "-c", code]
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    assert said.strip() == str([window.id])
