"""Bringing back three programs on Windows, on wine."""

from pathlib import Path

from tests.agent.wine import Wine, windows_path

PROGRAM = """
import json, subprocess, time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from uuid import uuid4
from deskbay.agent.platforms import Place
from deskbay.agent.platforms.windows import Windows
from deskbay.agent.processes.windows import children_of
from deskbay.agent.restore import restore
from deskbay.agent.shapes import Monitor, WindowState, Wish
from deskbay.agent.snapshots import Observer

PROGRAMS = ("notepad", "winemine", "taskmgr")

def until(is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)

def ours(observer):
    snapshot = observer.snapshot(titles=True)
    return replace(snapshot, applications=tuple(
        application for application in snapshot.applications if application.application in PROGRAMS
    ))

def shown(snapshot):
    return sorted(
        [each.application, [*each.command], each.folder, each.windows[0].state]
        + [each.windows[0].x, each.windows[0].y, each.windows[0].width, each.windows[0].height]
        for each in snapshot.applications
    )

def layers(snapshot):
    return [name for _, name in sorted((each.windows[0].stacking, each.application) for each in snapshot.applications)]

def end(snapshot, observer):
    for application in snapshot.applications:
        subprocess.run(["taskkill", "/f", "/pid", application.key.rpartition("-")[2]], stdout=subprocess.DEVNULL)
    until(lambda: not ours(observer).applications)

for command in (["notepad.exe", sys.argv[1]], ["winemine.exe"], ["taskmgr.exe"]):
    subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
with Windows() as platform:
    observer = Observer(platform, lambda: datetime.now(UTC))
    until(lambda: len(ours(observer).applications) == 3)
    until(lambda: any(window.title.startswith("my notes") for window in platform.windows()))
    for number, application in enumerate(observer.opened()):
        for window in application.windows:
            platform.place(window.id, Place(50 + 60 * number, 70 + 50 * number, 500, 300))
    for window in platform.windows():
        platform.lift(window.id)
    saved = ours(observer)
    end(saved, observer)
    wish = Wish(uuid4(), saved.system, saved.home, saved.monitors, saved.applications)
    told, again = [], []
    restore(platform, wish, lambda progress: told.append([progress.key.rpartition("-")[0], progress.state]))
    restored = ours(observer)
    restore(platform, replace(wish, run=uuid4()), lambda progress: again.append(progress.state))
    count = len(ours(observer).applications)
    end(restored, observer)
print(json.dumps([told, shown(saved), shown(restored), layers(saved), layers(restored), again, count]))
"""


def test_programs_come_back_with_their_documents_folders_and_places(wine: Wine, tmp_path: Path) -> None:
    notes = tmp_path / "my notes.txt"
    notes.write_text("Milk")
    result = wine.tell(PROGRAM, windows_path(notes))
    assert isinstance(result, list)
    told, saved, restored, layers, layers_restored, again, count = result
    assert {state for _, state in told} == {"started", "placed"}
    assert {application for application, state in told if state == "placed"} == {"notepad", "winemine", "taskmgr"}
    assert len(saved) == 3
    assert restored == saved
    assert layers_restored == layers
    assert ["notepad.exe", windows_path(notes)] in [command for _, command, *_ in restored]
    assert (set(again), count) == ({"already-running"}, 3)
