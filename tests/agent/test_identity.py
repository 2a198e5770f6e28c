from pathlib import Path

import pytest
from tests.agent.windows import a_process

from deskbay.agent.entries import Entry
from deskbay.agent.identity import Catalogue, Found, found
from deskbay.agent.rules.reading import load_rules


def entry(id_: str, *command: str, kind: str = "", hidden: bool = False, name: str = "") -> Entry:
    return Entry(id_, name or id_.title(), command, kind, hidden, "")


def catalogue(*entries: Entry) -> Catalogue:
    return Catalogue({each.id: each for each in entries}, load_rules(None))


WRITER = entry("libreoffice-writer", "libreoffice", "--writer", kind="libreoffice-writer", name="LibreOffice Writer")
MOUSEPAD = entry("org.xfce.mousepad", "mousepad", name="Mousepad")
SETTINGS = entry("org.xfce.mousepad-settings", "mousepad", "--preferences")


def test_by_the_class_that_an_entry_names() -> None:
    office = a_process("/usr/lib/libreoffice/program/soffice.bin", exe="/usr/lib/libreoffice/program/soffice.bin")
    found = catalogue(WRITER).identify("libreoffice-writer", "libreoffice", office)
    assert (found.application, found.name) == ("libreoffice-writer", "LibreOffice Writer")


def test_by_the_last_part_of_an_entrys_id() -> None:
    found = catalogue(SETTINGS, MOUSEPAD).identify("Mousepad", "mousepad", a_process("mousepad"))
    assert (found.application, found.name) == ("mousepad", "Mousepad")


def test_by_the_program_that_an_entry_starts() -> None:
    found = catalogue(entry("maps", "sh", "/opt/maps.sh")).identify(
        "Xyz", "xyz", a_process("maps", exe="/opt/bin/maps")
    )
    assert found.application == "maps"


def test_by_its_program_where_there_is_no_entry() -> None:
    found = catalogue().identify("Frobnicate", "x", a_process("frob", "-v"))
    assert (found.application, found.name) == ("frob", "frob")


def test_a_script_is_not_its_interpreter() -> None:
    process = a_process("python3", "/home/ada/plot.py", exe="/usr/bin/python3.11")
    assert catalogue().identify("Tk", "tk", process).application == "plot"


def test_by_its_class_where_the_process_is_on_another_computer() -> None:
    assert catalogue().identify("Frobnicate", "frob", None).application == "frobnicate"


def test_without_any_word_it_is_unknown() -> None:
    assert catalogue().identify("", "", None).application == "unknown"


def test_the_same_application_has_one_name_on_all_systems() -> None:
    debian = catalogue(entry("firefox-esr", "firefox-esr", kind="firefox-esr"))
    assert debian.identify("firefox-esr", "Navigator", a_process("firefox-esr")).application == "firefox"
    assert catalogue().identify("Firefox", "Navigator", a_process("firefox")).application == "firefox"


def test_a_hidden_entry_is_no_identity() -> None:
    hidden = entry("debian-xterm", "true", kind="XTerm", hidden=True)
    assert catalogue(hidden).identify("XTerm", "xterm", a_process("xterm")).name == "xterm"


def test_our_desktops_terminal_is_an_xterm() -> None:
    ours = entry("deskbay-terminal", "xterm", "-title", "Terminal", kind="XTerm", name="Terminal")
    found = catalogue(ours).identify("XTerm", "xterm", a_process("xterm", "-title", "Terminal"))
    assert (found.application, found.name) == ("xterm", "Terminal")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("mousepad", "firefox-esr"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "forbidden").write_text("#!/bin/sh\n")
    return tmp_path


def test_whether_a_program_can_be_started(programs: Path) -> None:
    assert found(("mousepad",)) is Found.HERE
    assert found((str(programs / "mousepad"),)) is Found.HERE
    assert found(("forbidden",)) is Found.FORBIDDEN
    assert found(("nowhere",)) is Found.MISSING
    assert found(()) is Found.MISSING


@pytest.mark.usefixtures("programs")
def test_an_application_is_started_by_its_entry() -> None:
    with_options = entry("org.xfce.mousepad", "mousepad", "--new")
    assert catalogue(with_options).command_of("mousepad") == ("mousepad", "--new")


@pytest.mark.usefixtures("programs")
def test_without_an_entry_by_its_program_under_any_of_its_names() -> None:
    assert catalogue().command_of("firefox") == ("firefox-esr",)
    assert catalogue().command_of("mousepad") == ("mousepad",)


@pytest.mark.usefixtures("programs")
def test_what_is_not_here_has_no_command() -> None:
    assert catalogue(entry("gedit", "gedit")).command_of("gedit") is None
    assert catalogue(entry("mousepad", "mousepad", hidden=True)).command_of("mousepad") == ("mousepad",)


@pytest.mark.usefixtures("programs")
def test_what_may_not_be_started_has_one_so_that_it_can_be_told() -> None:
    assert catalogue(entry("forbidden", "forbidden")).command_of("forbidden") == ("forbidden",)


def test_how_it_is_called_here() -> None:
    assert catalogue(MOUSEPAD).name_of("mousepad") == "Mousepad"
    assert catalogue().name_of("mousepad") == "mousepad"
