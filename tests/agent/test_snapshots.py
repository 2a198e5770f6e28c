import os
from pathlib import Path

import pytest
from tests.agent.shelf import Shelf
from tests.agent.windows import open_window
from tests.clock import FrozenClock

from deskbay.agent.entries import Entry
from deskbay.agent.identity import Catalogue
from deskbay.agent.platforms import OpenWindow, Place, Platform
from deskbay.agent.rules.reading import load_rules
from deskbay.agent.shapes import Monitor, System, WindowState
from deskbay.agent.snapshots import Observer, catalogue_of_this_system

MYSELF = os.getpid()
MOUSEPAD = Entry("org.xfce.mousepad", "Mousepad", ("mousepad",), "Mousepad", hidden=False, flatpak="")
VIEWER = Entry("viewer", "Viewer", ("viewer",), "Viewer", hidden=False, flatpak="")


def observer(platform: Platform) -> Observer:
    catalogue = Catalogue({entry.id: entry for entry in (MOUSEPAD, VIEWER)}, load_rules(None))
    return Observer(platform, FrozenClock().now, catalogue)


def on_shelf(*windows: OpenWindow) -> Observer:
    return observer(Shelf(*windows))


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    document = tmp_path / "a b.txt"
    document.touch()
    return document


def test_the_moment_the_system_and_the_home(document: Path) -> None:
    snapshot = on_shelf().snapshot(titles=True)
    assert (snapshot.taken_at, snapshot.system) == (FrozenClock().now(), System.X11)
    assert snapshot.home == str(document.parent)
    assert snapshot.monitors == (Monitor(0, 0, 1000, 800),)


def test_windows_of_one_process_are_one_application(document: Path) -> None:
    first = open_window(1, f"{document} - Mousepad", kind="Mousepad", process=MYSELF, foreground=True)
    second = open_window(2, "Untitled 1 - Mousepad", kind="Mousepad", process=MYSELF)
    (mousepad,) = on_shelf(first, second).snapshot(titles=True).applications
    assert (mousepad.key, mousepad.application, mousepad.name) == (f"mousepad-{MYSELF}", "mousepad", "Mousepad")
    assert mousepad.command[0].endswith("python") or "pytest" in " ".join(mousepad.command)
    assert Path(mousepad.exe) == Path("/proc/self/exe").resolve()
    assert mousepad.folder == str(Path.cwd())
    assert [window.contents for window in mousepad.windows] == [(str(document),), ()]
    assert [window.foreground for window in mousepad.windows] == [True, False]


def test_one_process_may_be_several_applications() -> None:
    windows = [open_window(1, kind="Mousepad", process=MYSELF), open_window(2, kind="Viewer", process=MYSELF)]
    keys = [each.key for each in on_shelf(*windows).snapshot(titles=True).applications]
    assert keys == [f"mousepad-{MYSELF}", f"viewer-{MYSELF}"]


def test_titles_are_left_out_where_they_are_not_allowed(document: Path) -> None:
    window = open_window(1, f"{document} - Mousepad", kind="Mousepad", process=MYSELF)
    shown = on_shelf(window).snapshot(titles=False).applications[0].windows[0]
    assert shown.title is None
    assert shown.contents == (str(document),)
    assert on_shelf(window).snapshot(titles=True).applications[0].windows[0].title == f"{document} - Mousepad"


def test_a_glance_tells_neither_titles_nor_contents_nor_folders(document: Path) -> None:
    window = open_window(1, f"{document} - Mousepad", kind="Mousepad", process=MYSELF, foreground=True)
    (mousepad,) = on_shelf(window).glance()
    assert (mousepad.key, mousepad.folder) == (f"mousepad-{MYSELF}", None)
    assert (mousepad.windows[0].title, mousepad.windows[0].contents) == (None, ())
    assert mousepad.windows[0].foreground


def test_a_window_without_a_process_is_told_by_its_class() -> None:
    (far,) = on_shelf(open_window(1, kind="Xcalc", process=None)).snapshot(titles=True).applications
    assert (far.key, far.application, far.exe, far.command, far.folder) == ("xcalc", "xcalc", "", (), None)


def test_a_process_that_ends_meanwhile_is_no_error() -> None:
    (gone,) = on_shelf(open_window(1, kind="Viewer", process=2**30)).snapshot(titles=True).applications
    assert (gone.key, gone.command) == ("viewer", ())


def test_what_was_opened_first_stays_first_whatever_is_in_front() -> None:
    shelf = Shelf(open_window(1, kind="Viewer", process=MYSELF), open_window(2, kind="Mousepad", process=MYSELF))
    watching = observer(shelf)
    before = watching.glance()
    shelf.shown.reverse()
    assert [each.key for each in watching.glance()] == [each.key for each in before]


def test_a_window_that_is_closed_and_one_that_comes_are_seen() -> None:
    shelf = Shelf(open_window(1, kind="Viewer", process=MYSELF))
    watching = observer(shelf)
    watching.glance()
    shelf.shown = [open_window(2, kind="Mousepad", process=MYSELF)]
    assert [each.application for each in watching.glance()] == ["mousepad"]


def test_a_number_that_stands_for_another_window_later_is_looked_up_again() -> None:
    shelf = Shelf(open_window(1, kind="Viewer", process=MYSELF))
    watching = observer(shelf)
    watching.glance()
    shelf.shown = []
    watching.glance()
    shelf.shown = [open_window(1, kind="Mousepad", process=MYSELF)]
    assert [each.application for each in watching.glance()] == ["mousepad"]


def test_a_window_that_changes_its_class_is_looked_up_again() -> None:
    shelf = Shelf(open_window(1, kind="Soffice", process=MYSELF))
    watching = observer(shelf)
    assert [each.application for each in watching.glance()] != ["viewer"]
    shelf.shown = [open_window(1, kind="Viewer", process=MYSELF)]
    assert [each.application for each in watching.glance()] == ["viewer"]


def test_place_state_workspace_and_monitor() -> None:
    left, right = Monitor(0, 0, 1000, 800), Monitor(1000, 0, 1000, 800, primary=True)
    place = Place(900, 10, 300, 200, WindowState.MINIMIZED, 3)
    shelf = Shelf(open_window(1, place=place), monitors=(left, right))
    (shown,) = observer(shelf).snapshot(titles=True).applications[0].windows
    assert (shown.x, shown.y, shown.width, shown.height) == (900, 10, 300, 200)
    assert (shown.state, shown.workspace, shown.monitor) == (WindowState.MINIMIZED, 3, 1)


def test_how_many_windows_lie_below_each() -> None:
    kinds = ["Viewer", "Mousepad", "Viewer"]
    windows = [open_window(number, kind=kind, process=MYSELF) for number, kind in enumerate(kinds)]
    viewer, mousepad = on_shelf(*windows).snapshot(titles=True).applications
    assert [window.stacking for window in viewer.windows] == [0, 2]
    assert [window.stacking for window in mousepad.windows] == [1]


def test_a_window_outside_of_all_monitors_is_on_the_first() -> None:
    shelf = Shelf(open_window(1, place=Place(5000, 5000, 10, 10)), open_window(2), monitors=())
    assert [window.monitor for window in observer(shelf).glance()[0].windows] == [0, 0]


def test_the_catalogue_has_what_this_system_offers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "applications").mkdir()
    (tmp_path / "applications" / "mine.desktop").write_text("[Desktop Entry]\nType=Application\nName=Mine\nExec=sh\n")
    assert catalogue_of_this_system().command_of("mine") == ("sh",)
