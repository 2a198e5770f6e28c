import ctypes
import json
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.agent.windows import a_process, open_window

from deskbay.agent.contents import Shown
from deskbay.agent.contents.titles import RECENT, read, recent_documents
from deskbay.agent.processes import Process
from deskbay.agent.rules.reading import load_rules

RULES = load_rules(None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a b.txt").touch()
    return tmp_path


def shown(application: str, title: str, process: Process | None = None) -> str | None:
    found = read(process or a_process(application), [open_window(1, title)], RULES.of(application))
    return found[1].contents[0] if found else None


def test_a_whole_path(home: Path) -> None:
    document = str(home / "docs" / "a b.txt")
    for title in (document, f"*{document}", f"{document} [Read Only]", "~/docs/a b.txt"):
        assert shown("mousepad", f"{title} - Mousepad") == document


@pytest.mark.parametrize(
    ("application", "title"),
    [
        ("gedit", "*a b.txt (~/docs) - gedit"),
        ("gnome-text-editor", "• a b.txt (~/docs) - Text Editor"),
        ("pluma", "a b.txt (~/docs) - Pluma"),
        ("xed", "a b.txt (~/docs)"),
        ("geany", "a b.txt - ~/docs - Geany"),
    ],
)
def test_a_name_with_its_folder(home: Path, application: str, title: str) -> None:
    assert shown(application, title) == str(home / "docs" / "a b.txt")


def test_a_name_alone_is_looked_for_in_the_arguments_and_where_it_was_started(home: Path) -> None:
    document = str(home / "docs" / "a b.txt")
    title = "a b.txt - LibreOffice Writer"
    assert shown("libreoffice-writer", title, a_process("soffice", document)) == document
    assert shown("libreoffice-writer", title, a_process("soffice", "docs/a b.txt", folder=str(home))) == document
    assert shown("libreoffice-writer", title, a_process("soffice", folder=str(home / "docs"))) == document
    assert shown("libreoffice-writer", title, a_process("soffice")) is None


def test_a_name_alone_is_looked_for_among_open_files(home: Path) -> None:
    document = home / "docs" / "a b.txt"
    with document.open():
        process = a_process("soffice", id_=os.getpid())
        assert shown("libreoffice-writer", "a b.txt (read-only) — LibreOffice Writer", process) == str(document)


def test_a_name_alone_is_looked_for_among_recent_documents(home: Path) -> None:
    (home / RECENT).parent.mkdir(parents=True)
    (home / RECENT).write_text(
        f"""<?xml version="1.0"?><xbel>
        <bookmark href="file:///gone/a%20b.txt" added="2026-01-01" modified="2026-01-01" visited="2026-01-01"/>
        <bookmark href="file://{home}/docs/a%20b.txt" visited="2026-01-02"/></xbel>"""
    )
    assert shown("mousepad", "a b.txt - Mousepad") == str(home / "docs" / "a b.txt")


def test_the_latest_of_recent_documents_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "recent"
    file.write_text(
        '<bookmark href="file:///a%26b&apos;s" visited="2026-01-01T00:00:00Z">'
        '<bookmark href="https://example.org/" visited="2026-01-03"><bookmark href="file:///c" visited="2026-01-02">'
    )
    assert recent_documents(file) == [Path("/c"), Path("/a&b's")]
    assert recent_documents(tmp_path / "missing") == []


@pytest.mark.usefixtures("home")
def test_a_document_that_is_no_file_yet_is_nothing_to_bring_back() -> None:
    assert shown("mousepad", "Untitled 1 - Mousepad") is None
    assert shown("mousepad", "Preferences") is None
    assert shown("stellarium", "Stellarium") is None


def test_each_window_has_its_own(home: Path) -> None:
    (home / "c.txt").touch()
    windows = [
        open_window(1, f"{home}/c.txt - Mousepad"),
        open_window(2, "?"),
        open_window(3, "~/docs/a b.txt - Mousepad"),
    ]
    assert read(a_process("mousepad"), windows, RULES.of("mousepad")) == {
        1: Shown((str(home / "c.txt"),), 0),
        3: Shown((str(home / "docs" / "a b.txt"),), 0),
    }


def watching(paths: Iterable[Path]) -> int:
    """An inotify descriptor of this process, by which it is told of changes of some files."""
    libc = ctypes.CDLL(None)
    descriptor = int(libc.inotify_init1(os.O_CLOEXEC))
    for path in paths:
        assert libc.inotify_add_watch(descriptor, os.fsencode(path), 0x100) > 0
    return descriptor


def documents(home: Path, *names: str) -> list[str]:
    for name in names:
        (home / name).touch()
    return [str(home / name) for name in names]


def test_documents_in_tabs_behind_are_those_that_are_watched(home: Path) -> None:
    one, two, three, closed = documents(home, "one", "two", "three", "closed")
    process = a_process("mousepad", one, two, closed, id_=os.getpid())
    (home / RECENT).parent.mkdir(parents=True)
    (home / RECENT).write_text(f'<bookmark href="file://{three}" visited="2026-01-01T00:00:00Z">')
    descriptor = watching(map(Path, (one, two, three)))
    windows = [open_window(1, f"{two} - Mousepad"), open_window(2, "Untitled 1 - Mousepad")]
    assert read(process, windows, RULES.of("mousepad")) == {1: Shown((one, three, two), 2)}
    assert read(process, windows[1:], RULES.of("mousepad")) == {2: Shown((one, two, three))}
    os.close(descriptor)


def test_geany_says_what_it_has_open(home: Path) -> None:
    one, two = documents(home, "o ne", "two")
    said = home / RULES.of("geany").file
    said.parent.mkdir(parents=True)
    lines = [
        f"FILE_NAME_{number}=0;C;0;EUTF-8;1;1;0;{quote(path)};0;4" for number, path in enumerate((one, two, "/gone"))
    ]
    said.write_text("\n".join(["[files]", "current_page=0", *lines]))
    window = open_window(1, f"o ne - {home} - Geany")
    assert read(a_process("geany"), [window], RULES.of("geany")) == {1: Shown((two, one), 1)}
    (three,) = documents(home, "three")
    other = open_window(1, f"three - {home} - Geany (new instance)")
    started = a_process("geany", "--new-instance", three, str(home / "docs" / "a b.txt"))
    assert read(started, [other], RULES.of("geany")) == {1: Shown((str(home / "docs" / "a b.txt"), three), 1)}


@pytest.mark.parametrize(
    ("title", "shown_there"),
    [
        ("main.py - docs - Visual Studio Code", "docs"),
        ("● a b.txt - docs - Visual Studio Code", "docs"),
        ("docs - Visual Studio Code", "docs"),
        ("thesis (Workspace) - Visual Studio Code", "thesis.code-workspace"),
        ("far away [SSH: host] - Visual Studio Code", None),
        ("Welcome - Visual Studio Code", None),
    ],
)
def test_folders_and_workspaces_of_visual_studio_code(home: Path, title: str, shown_there: str | None) -> None:
    (home / "thesis.code-workspace").touch()
    said = home / RULES.of("code").file
    said.parent.mkdir(parents=True)
    workspace = {"id": "1", "configURIPath": (home / "thesis.code-workspace").as_uri()}
    backups = {"folders": [{"folderUri": (home / "docs").as_uri()}], "workspaces": [workspace]}
    remote = {"folder": "vscode-remote://ssh-remote%2Bhost/far%20away"}
    said.write_text(json.dumps({"backupWorkspaces": backups, "windowsState": {"lastActiveWindow": remote}}, indent=4))
    assert shown("code", title) == (None if shown_there is None else str(home / shown_there))
