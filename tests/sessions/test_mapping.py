"""What applications and paths are elsewhere."""

import tomllib

import pytest
from tests.sessions.doubles import application, snapshot, window

from deskbay.agent.shapes import System
from deskbay.sessions.mapping import FILE, Family, Paths, carry, family_of, identity_on, suggestion_for
from deskbay.sessions.snapshots import Snapshot

LINUX, WINDOWS, MACOS = Family.LINUX, Family.WINDOWS, Family.MACOS


@pytest.mark.parametrize(
    ("application", "source", "target", "known", "expected"),
    [
        ("firefox-esr", LINUX, WINDOWS, set(), "firefox"),
        ("firefox-esr", LINUX, MACOS, set(), "org.mozilla.firefox"),
        ("firefox", WINDOWS, LINUX, set(), "firefox"),
        ("firefox.exe", WINDOWS, LINUX, {"firefox-esr"}, "firefox-esr"),
        ("notepad.exe", WINDOWS, LINUX, set(), "mousepad"),
        ("notepad.exe", WINDOWS, LINUX, {"org.gnome.gedit", "xterm"}, "org.gnome.gedit"),
        ("mousepad", LINUX, WINDOWS, set(), "notepad"),
        ("pcmanfm", LINUX, WINDOWS, set(), "explorer"),
        ("soffice.bin", WINDOWS, WINDOWS, set(), "soffice.bin"),
        ("firefox", LINUX, LINUX, {"firefox-esr"}, "firefox-esr"),
        ("firefox", LINUX, LINUX, {"firefox-esr", "firefox"}, "firefox"),
        ("mousepad", LINUX, LINUX, {"org.gnome.gedit"}, "mousepad"),
        ("own-program", LINUX, WINDOWS, {"notepad"}, "own-program"),
    ],
)
def test_an_application_is_found_by_what_it_is_called_there(
    application: str, source: Family, target: Family, known: set[str], expected: str
) -> None:
    assert identity_on(application, source, target, known) == expected


def test_the_data_names_each_program_in_small_letters() -> None:
    for program in tomllib.loads(FILE.read_text())["programs"]:
        for family in Family:
            names = program[family]
            assert names
            assert names == [name.lower() for name in names]
            assert len(names) == len(set(names))


def test_x11_and_wayland_have_the_same_programs() -> None:
    assert family_of(System.X11) is family_of(System.WAYLAND) is LINUX


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/ada", "/home/bob"),
        ("/home/ada/a b.txt", "/home/bob/a b.txt"),
        ("/home/adam/x", "/home/adam/x"),
        ("/usr/share/x", "/usr/share/x"),
        ("file:///home/ada/a%20b.txt", "file:///home/bob/a%20b.txt"),
        ("https://example.org/home/ada", "https://example.org/home/ada"),
        ("", ""),
    ],
)
def test_what_is_below_one_home_is_below_the_other(path: str, expected: str) -> None:
    assert Paths("/home/ada", LINUX, "/home/bob", LINUX).carried(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/ada/notes/a b.txt", r"C:\Users\ada\notes\a b.txt"),
        ("file:///home/ada/a.txt", "file:///C:/Users/ada/a.txt"),
        ("/etc/hosts", "/etc/hosts"),
    ],
)
def test_paths_become_those_of_windows(path: str, expected: str) -> None:
    assert Paths("/home/ada", LINUX, r"C:\Users\ada", WINDOWS).carried(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Users\ada\notes\a.txt", "/home/ada/notes/a.txt"),
        (r"c:\users\ADA\notes\a.txt", "/home/ada/notes/a.txt"),
        ("file:///C:/Users/ada/a.txt", "file:///home/ada/a.txt"),
        (r"D:\data", r"D:\data"),
    ],
)
def test_paths_of_windows_become_those_of_linux(path: str, expected: str) -> None:
    assert Paths(r"C:\Users\ada", WINDOWS, "/home/ada/", LINUX).carried(path) == expected


def test_arguments_are_carried_one_by_one() -> None:
    paths = Paths("/home/ada", LINUX, "/home/bob", LINUX)
    given = ["--profile=/home/ada/p", "a=/home/ada", "/home/ada/a b", "-n"]
    assert [paths.argument(one) for one in given] == ["--profile=/home/bob/p", "a=/home/ada", "/home/bob/a b", "-n"]


def test_a_snapshot_is_carried_as_a_whole() -> None:
    shown = window(contents=["/home/ada/a b.txt", "https://example.org"])
    one = application("mousepad", "/home/ada/a b.txt", windows=[shown])
    taken = Snapshot.model_validate(snapshot(one))
    there = carry(taken, System.WINDOWS, r"C:\Users\Ada", set())
    (carried,) = there.applications
    assert (there.system, there.home) == (System.WINDOWS, r"C:\Users\Ada")
    assert (carried.key, carried.application) == ("mousepad-100", "notepad")
    assert carried.command == ("mousepad", r"C:\Users\Ada\a b.txt")
    assert carried.windows[0].contents == (r"C:\Users\Ada\a b.txt", "https://example.org")
    assert carried.folder == r"C:\Users\Ada"


def test_on_the_same_system_and_home_nothing_changes() -> None:
    taken = Snapshot.model_validate(snapshot(application("mousepad", "/home/ada/x"), application("firefox")))
    assert carry(taken, System.X11, "/home/ada", {"mousepad"}) == taken


def test_what_is_missing_has_a_suggestion() -> None:
    assert suggestion_for("own", "Own", LINUX) == "Install Own on this device, then restore again."
    told = suggestion_for("mousepad", "Mousepad", LINUX)
    assert told.startswith("Install Mousepad on this device, or another program that does the same (")
    assert "gedit" in told
