import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agent.windows import a_process, open_window

from deskbay.agent.contents import Shown, folders
from deskbay.agent.contents.folders import find_folders, read
from deskbay.agent.rules.reading import load_rules

PCMANFM, THUNAR = load_rules(None).of("pcmanfm"), load_rules(None).of("thunar")
MYSELF = a_process("pcmanfm", id_=os.getpid())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in ("docs/inner", "music"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def watcher() -> Iterator[int]:
    """An inotify descriptor, as a file manager has one."""
    descriptor = ctypes.CDLL(None).inotify_init1(os.O_CLOEXEC)
    yield descriptor
    os.close(descriptor)


def watch(watcher: int, folder: Path) -> None:
    assert ctypes.CDLL(None).inotify_add_watch(watcher, os.fsencode(folder), 0x100) > 0


def identity(folder: Path) -> tuple[int, int]:
    return folder.stat().st_dev, folder.stat().st_ino


def test_the_watched_folder_of_the_titles_name(home: Path, watcher: int) -> None:
    watch(watcher, home / "docs" / "inner")
    watch(watcher, home / "music")
    windows = [open_window(1, "music"), open_window(2, "inner"), open_window(3, "Trash")]
    assert read(MYSELF, windows, PCMANFM) == {
        1: Shown((str(home / "music"),), 0),
        2: Shown((str(home / "docs" / "inner"),), 0),
    }


def test_a_title_that_is_no_folders_name_may_be_the_home(home: Path, watcher: int) -> None:
    watch(watcher, home)
    assert read(MYSELF, [open_window(1, "Home Folder")], PCMANFM) == {1: Shown((str(home),), 0)}


def test_a_title_with_the_whole_path(home: Path) -> None:
    for title in (f"{home}/docs - Thunar", f"{home}/docs - File Manager", f"{home}/docs"):
        assert read(a_process("thunar"), [open_window(1, title)], THUNAR) == {1: Shown((str(home / "docs"),), 0)}


def test_the_name_is_the_part_of_the_title_that_the_rule_says(home: Path, watcher: int) -> None:
    watch(watcher, home / "docs")
    assert read(MYSELF, [open_window(1, "docs - Thunar")], THUNAR) == {1: Shown((str(home / "docs"),), 0)}


@pytest.mark.usefixtures("home")
def test_what_is_not_watched_is_not_guessed() -> None:
    assert read(a_process("pcmanfm"), [open_window(1, "music")], PCMANFM) == {}


def test_folders_are_found_nearest_first_and_once(home: Path) -> None:
    wanted = {identity(home / "docs" / "inner"), identity(home / "music"), (0, 0)}
    assert list(find_folders(wanted, [home, home])) == [home / "music", home / "docs" / "inner"]


def test_links_are_not_followed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (home / "link").symlink_to(elsewhere)
    (home / "round").symlink_to(home)
    assert list(find_folders({identity(elsewhere)}, [home])) == []


def test_what_was_found_once_is_known_until_it_moves(home: Path, watcher: int) -> None:
    watch(watcher, home / "music")
    assert read(MYSELF, [open_window(1, "music")], PCMANFM) == {1: Shown((str(home / "music"),), 0)}
    (home / "music").rename(home / "songs")
    assert read(MYSELF, [open_window(1, "songs")], PCMANFM) == {1: Shown((str(home / "songs"),), 0)}


def test_a_file_that_is_watched_is_looked_for_once(home: Path, watcher: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "bookmarks").touch()
    watch(watcher, home / "bookmarks")
    assert read(MYSELF, [open_window(1, "bookmarks")], PCMANFM) == {}
    monkeypatch.setattr(folders, "find_folders", unasked)
    assert read(MYSELF, [open_window(1, "bookmarks")], PCMANFM) == {}


def unasked(*_: object) -> list[Path]:
    raise AssertionError("It was looked for again")


def test_folders_in_tabs_behind_are_those_that_are_watched(home: Path, watcher: int) -> None:
    for folder in ("Desktop", ".hidden", "docs/inner/most"):
        (home / folder).mkdir(parents=True)
    for folder in ("Desktop", ".hidden", "docs", "docs/inner/most", "music"):
        watch(watcher, home / folder)
    found = read(MYSELF, [open_window(1, "music"), open_window(2, "Trash")], PCMANFM)
    assert found == {1: Shown((str(home / "docs/inner/most"), str(home / "music")), 1)}


def test_the_folder_of_the_desktop_may_have_another_name(home: Path, watcher: int) -> None:
    (home / "Bureau").mkdir()
    (home / ".config").mkdir()
    (home / ".config/user-dirs.dirs").write_text('# French\nXDG_DESKTOP_DIR="$HOME/Bureau"\n')
    for folder in ("Bureau", "music"):
        watch(watcher, home / folder)
    assert read(MYSELF, [open_window(1, "music")], PCMANFM) == {1: Shown((str(home / "music"),), 0)}


def test_of_a_program_that_opens_no_tabs_none_is_known(home: Path, watcher: int) -> None:
    for folder in ("docs", "music"):
        watch(watcher, home / folder)
    assert read(MYSELF, [open_window(1, "music - Thunar")], THUNAR) == {1: Shown((str(home / "music"),), 0)}
