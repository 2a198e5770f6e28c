"""The windows of a Mac, against a double of Apple's frameworks."""

import socket
from collections.abc import Iterator

import pytest
from tests.agent.platforms.fake_mac import FakeMac, MacApplication, MacWindow, installed

from deskbay.agent.platforms import NoDesktop, Place, Platform
from deskbay.agent.shapes import Monitor, WindowState


@pytest.fixture
def mac() -> Iterator[FakeMac]:
    yield from installed(FakeMac())


@pytest.fixture
def notes(mac: FakeMac) -> MacApplication:
    notes = MacApplication(71, "com.apple.TextEdit", "TextEdit", [MacWindow("Milk.txt", 100, 120, 500, 300)])
    mac.applications.append(notes)
    mac.front = notes
    return notes


@pytest.fixture
def platform(mac: FakeMac) -> Iterator[Platform]:
    with _opened() as platform:
        yield platform
    assert mac.is_left_alone


def _opened() -> Platform:
    from deskbay.agent.platforms.macos import MacOS

    return MacOS()


def test_without_permission_it_is_said_where_to_give_it(mac: FakeMac) -> None:
    mac.is_trusted = False
    with pytest.raises(NoDesktop, match="Accessibility"):
        _opened()


def test_screens_are_counted_from_the_upper_left(platform: Platform) -> None:
    assert platform.monitors() == [Monitor(0, 25, 1440, 805, primary=True), Monitor(1440, 32, 1024, 768)]


@pytest.mark.usefixtures("notes")
def test_a_window_is_seen_with_its_application(platform: Platform) -> None:
    [window] = platform.windows()
    assert (window.process, window.kind, window.instance) == (71, "com.apple.TextEdit", "TextEdit")
    assert (window.title, window.foreground) == ("Milk.txt", True)
    assert window.place == Place(100, 120, 500, 300)


def test_panels_and_programs_without_a_place_in_the_dock_are_left_out(
    mac: FakeMac, notes: MacApplication, platform: Platform
) -> None:
    notes.windows.append(MacWindow("Fonts", 0, 0, 100, 100, subrole="AXFloatingWindow"))
    mac.applications.append(MacApplication(5, None, None, [MacWindow("clock", 0, 0, 9, 9)], policy=1))
    assert [window.title for window in platform.windows()] == ["Milk.txt"]


def test_a_window_keeps_its_number_as_long_as_it_lives(mac: FakeMac, notes: MacApplication, platform: Platform) -> None:
    [first] = platform.windows()
    mac.open(notes, MacWindow("Bread.txt", 0, 0, 300, 300))
    numbers = {window.title: window.id for window in platform.windows()}
    assert numbers["Milk.txt"] == first.id != numbers["Bread.txt"]


@pytest.mark.usefixtures("notes")
def test_the_window_in_front_is_told_and_comes_last(mac: FakeMac, platform: Platform) -> None:
    mac.applications.append(MacApplication(99, "org.mozilla.firefox", "Firefox", [MacWindow("Web", 0, 0, 800, 600)]))
    [low, high] = platform.windows()
    assert (low.title, high.title, low.foreground, high.foreground) == ("Web", "Milk.txt", False, True)
    platform.activate(low.id)
    assert [(window.title, window.foreground) for window in platform.windows()] == [("Milk.txt", False), ("Web", True)]


def test_a_window_is_lifted_without_the_keyboard(notes: MacApplication, platform: Platform) -> None:
    notes.windows.insert(0, MacWindow("List.txt", 0, 0, 300, 200))
    below = next(window for window in platform.windows() if window.title == "List.txt")
    platform.lift(4711)
    assert [window.title for window in notes.windows] == ["List.txt", "Milk.txt"]
    platform.lift(below.id)
    assert [window.title for window in notes.windows] == ["Milk.txt", "List.txt"]


@pytest.mark.parametrize("notice", ["AXWindowCreated", "AXUIElementDestroyed", "AXTitleChanged", "AXMoved"])
def test_a_change_is_told(mac: FakeMac, notes: MacApplication, platform: Platform, notice: str) -> None:
    platform.windows()
    assert not platform.wait(0.01)
    mac.tell(notes, notice)
    mac.tell(notes, notice)
    assert platform.wait(30)
    assert not platform.wait(0.01)


def test_another_application_in_front_is_told(mac: FakeMac, platform: Platform) -> None:
    mac.announce("NSWorkspaceDidActivateApplicationNotification")
    assert platform.wait(30)


def test_an_application_that_tells_nothing_is_seen_all_the_same(
    mac: FakeMac, notes: MacApplication, platform: Platform
) -> None:
    mac.refuses_observers.add(notes.process)
    assert [window.title for window in platform.windows()] == ["Milk.txt"]


def test_a_waiter_is_woken_by_a_socket(platform: Platform) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"!")
        assert not platform.wait(1000, ours.fileno())


@pytest.mark.parametrize("state", list(WindowState))
@pytest.mark.parametrize("before", ["AXMinimized", "AXFullScreen", None])
def test_a_window_is_put_into_its_place(
    notes: MacApplication, platform: Platform, state: WindowState, before: str | None
) -> None:
    if before:
        notes.windows[0].attributes[before] = True
    [window] = platform.windows()
    place = platform.place(window.id, Place(33, 77, 401, 303, state))
    assert place is not None
    assert place.state is state
    if state is not WindowState.MAXIMIZED:
        assert (place.x, place.y, place.width, place.height) == (33, 77, 401, 303)


@pytest.mark.usefixtures("notes")
def test_a_maximized_window_fills_the_screen_it_lies_on(platform: Platform) -> None:
    [window] = platform.windows()
    place = platform.place(window.id, Place(1500, 100, 200, 200, WindowState.MAXIMIZED))
    assert place == Place(1440, 32, 1024, 768, WindowState.MAXIMIZED)


def test_a_window_that_resists_is_where_it_lets_itself_be_put(notes: MacApplication, platform: Platform) -> None:
    notes.windows[0].least = (450, 350)
    [window] = platform.windows()
    assert platform.place(window.id, Place(10, 40, 100, 100)) == Place(10, 40, 450, 350)


def test_a_window_that_is_gone_has_no_place(mac: FakeMac, notes: MacApplication, platform: Platform) -> None:
    [window] = platform.windows()
    mac.shut(notes, notes.windows[0])
    assert platform.place(window.id, Place(0, 0, 9, 9)) is None
    assert platform.place(4711, Place(0, 0, 9, 9)) is None
    platform.activate(4711)
    assert platform.windows() == []


def test_idleness_is_told(mac: FakeMac, platform: Platform) -> None:
    mac.idle = 12.5
    assert platform.idle_seconds() == 12.5
