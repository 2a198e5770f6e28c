"""A session of another device and another system, brought back by real programs on a real X server."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.agent.desks import Desk, brought_back, desk, wish_of
from tests.sessions.doubles import Json, application, window

from deskbay.agent.shapes import ApplicationState, Wish, wish_from_json
from deskbay.sessions.mapping import carry
from deskbay.sessions.snapshots import Snapshot

AT_WINDOWS = r"C:\Users\Ada"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path, monkeypatch) as here:
        (here.home / "my work").mkdir()
        (here.home / "my work" / "list.txt").write_text("bread\n")
        yield here


def of_windows(*applications: Json) -> Snapshot:
    return Snapshot.model_validate(
        {
            "taken_at": "2026-01-05T09:00:00Z",
            "system": "windows",
            "home": AT_WINDOWS,
            "monitors": [{"x": 0, "y": 0, "width": 2560, "height": 1600, "primary": True}],
            "applications": applications,
        }
    )


def wish_here(snapshot: Snapshot, here: Desk) -> Wish:
    """What the server sends to this device for a session of another one."""
    now = here.save()
    carried = carry(snapshot, now.system, now.home, set())
    return wish_from_json({**carried.model_dump(mode="json"), "run": str(uuid4())})


def test_a_document_of_windows_is_opened_by_what_does_the_same_here(here: Desk) -> None:
    document = rf"{AT_WINDOWS}\my work\list.txt"
    place = {"x": 200, "y": 400, "width": 1200, "height": 800}
    notepad = application(
        "notepad", document, exe=r"C:\Windows\notepad.exe", windows=[window(contents=[document]) | place]
    )
    said = brought_back(wish_here(of_windows(notepad), here))
    assert [progress.state for progress in said] == [ApplicationState.STARTED, ApplicationState.PLACED]
    (mousepad,) = here.save().applications
    assert (mousepad.application, mousepad.windows[0].contents) == ("mousepad", (str(here.home / "my work/list.txt"),))
    assert (mousepad.windows[0].width, mousepad.windows[0].x) == pytest.approx((600, 100), abs=15)


def test_what_is_not_here_is_told_with_what_to_do_and_stops_nothing(here: Desk) -> None:
    away = application("dolphin", exe="/usr/bin/dolphin", windows=[window(contents=[str(here.home / "my work")])])
    unknown = application("cad3000", exe="/opt/cad/cad3000")
    terminal = application("xterm", exe="/usr/bin/xterm")
    snapshot = of_windows(unknown, terminal, away).model_copy(update={"system": here.save().system})
    last = {progress.key: progress for progress in brought_back(wish_here(snapshot, here))}
    assert last["cad3000-100"].state is ApplicationState.NOT_FOUND
    assert last["cad3000-100"].suggestion == "Install Cad3000 on this device."
    assert last["dolphin-100"].state is ApplicationState.NOT_FOUND
    assert last["xterm-100"].state is ApplicationState.PLACED


NOTES = """#!/bin/sh
exec xterm -class Notes -T "$1 | Notes" -e sleep 600
"""
ENTRY = "[Desktop Entry]\nType=Application\nName=Notes\nExec=notes %F\nStartupWMClass=Notes\n"
RULES = """
[paths]
"/srv/lab/data" = "{home}/my work"

[application.notes]
reads = "title"
title = '^(?P<path>.+) [|] Notes$'
window = ["{{}}"]
"""


def test_folders_and_applications_of_a_persons_own_rules(here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    program = here.home / "bin" / "notes"
    program.parent.mkdir()
    program.write_text(NOTES)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (here.home / ".local/share/applications/notes.desktop").write_text(ENTRY)
    rules = here.home / ".config/deskbay/rules.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text(RULES.format(home=here.home))
    there = application("notes", "/srv/lab/data/list.txt", windows=[window(contents=["/srv/lab/data/list.txt"])])
    snapshot = of_windows(there).model_copy(update={"system": here.save().system, "home": "/home/ada"})
    assert brought_back(wish_here(snapshot, here))[-1].state is ApplicationState.PLACED
    saved = here.save()
    assert saved.applications[0].application == "notes"
    assert saved.applications[0].windows[0].contents == (str(here.home / "my work/list.txt"),)
    assert brought_back(wish_of(saved))[-1].state is ApplicationState.ALREADY_RUNNING
