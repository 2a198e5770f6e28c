import os
from pathlib import Path

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
