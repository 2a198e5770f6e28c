"""The windows of Windows, on wine. Of events it tells less than Windows: only that a window was made."""

from pathlib import Path

import pytest
from tests.agent.wine import Wine, windows_path

OPENING = """
import json, subprocess, sys, time
from dataclasses import asdict
from deskbay.agent.platforms import Place
from deskbay.agent.platforms.windows import Windows
from deskbay.agent.shapes import WindowState

def until(is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()

def opened(platform, count):
    until(lambda: [window.title.endswith(" - Notepad") for window in platform.windows()] == [True] * count)
    return platform.windows()

def end(platform, *programs):
    for program in programs:
        program.kill()
    until(lambda: not platform.windows())

def seen(window):
    return {"title": window.title, "kind": window.kind, "foreground": window.foreground, **asdict(window.place)}
"""


def test_the_screen_is_seen(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
with Windows() as platform:
    print(json.dumps([asdict(monitor) for monitor in platform.monitors()]))
"""
    )
    assert told == [{"x": 0, "y": 0, "width": 1280, "height": 800, "primary": True}]


def test_a_window_is_seen_with_its_title_and_process(wine: Wine, tmp_path: Path) -> None:
    notes = tmp_path / "some notes.txt"
    notes.write_text("Milk")
    told = wine.tell(
        OPENING
        + """
program = subprocess.Popen(["notepad.exe", sys.argv[1]])
with Windows() as platform:
    until(lambda: [window.title for window in platform.windows()] == ["some notes.txt - Notepad"])
    [window] = platform.windows()
    end(platform, program)
print(json.dumps([window.title, window.kind, window.foreground, window.process == program.pid]))
""",
        windows_path(notes),
    )
    assert told == ["some notes.txt - Notepad", "Notepad", True, True]


def test_a_new_window_is_told_of(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
with Windows() as platform:
    before = platform.wait(0.2)
    program = subprocess.Popen(["notepad.exe"])
    came = platform.wait(60)
    opened(platform, 1)
    end(platform, program)
print(json.dumps([before, came]))
"""
    )
    assert told == [False, True]


def test_a_waiter_is_woken_by_a_socket(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
import socket
ours, theirs = socket.socketpair()
with Windows() as platform:
    theirs.send(b"!")
    began = time.monotonic()
    woken = platform.wait(60, ours.fileno())
    print(json.dumps([woken, time.monotonic() - began < 30, ours.recv(1).decode()]))
"""
    )
    assert told == [False, True, "!"]


@pytest.mark.parametrize("state", ["normal", "maximized", "minimized"])
def test_a_window_is_put_into_its_place_to_the_pixel(wine: Wine, state: str) -> None:
    told = wine.tell(
        OPENING
        + """
program = subprocess.Popen(["notepad.exe"])
with Windows() as platform:
    [window] = opened(platform, 1)
    states = [platform.place(window.id, Place(33, 77, 501, 303, WindowState(sys.argv[1])))]
    states.append(platform.place(window.id, Place(40, 90, 400, 200)))
    again = platform.windows()[0]
    end(platform, program)
print(json.dumps([*[asdict(state) for state in states], seen(again)]))
""",
        state,
    )
    assert isinstance(told, list)
    first, second, again = told
    assert first["state"] == state
    if state == "normal":
        assert first == {"x": 33, "y": 77, "width": 501, "height": 303, "state": "normal", "workspace": None}
    assert second == {"x": 40, "y": 90, "width": 400, "height": 200, "state": "normal", "workspace": None}
    assert {name: again[name] for name in second} == second


def test_a_program_that_is_late_is_waited_for_and_given_up_in_the_end(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
import ctypes, threading
from deskbay.agent.platforms import windows
windows._SETTLE_SECONDS = 0.1

program = subprocess.Popen(["notepad.exe"])
with Windows() as platform:
    [window] = opened(platform, 1)
    platform.place(window.id, Place(400, 300, 300, 200))
    handle = ctypes.c_void_p(int(program._handle))
    ctypes.windll.ntdll.NtSuspendProcess(handle)
    windows._ANSWER_SECONDS = 0.5
    given_up = platform.place(window.id, Place(200, 200, 400, 300))
    windows._ANSWER_SECONDS = 60
    threading.Timer(2.0, ctypes.windll.ntdll.NtResumeProcess, [handle]).start()
    place = platform.place(window.id, Place(33, 77, 501, 303))
    end(platform, program)
print(json.dumps([asdict(given_up), asdict(place)]))
"""
    )
    assert told == [
        {"x": 400, "y": 300, "width": 300, "height": 200, "state": "normal", "workspace": None},
        {"x": 33, "y": 77, "width": 501, "height": 303, "state": "normal", "workspace": None},
    ]


def test_the_window_in_front_can_be_changed(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
programs = [subprocess.Popen(["notepad.exe"])]
with Windows() as platform:
    opened(platform, 1)
    programs.append(subprocess.Popen(["notepad.exe"]))
    low, _ = opened(platform, 2)
    came = until(lambda: platform.windows()[-1].foreground)
    time.sleep(0.5)  # the last word of its start is not to be seen
    platform.activate(low.id)
    front = until(lambda: [window.id for window in platform.windows() if window.foreground] == [low.id])
    other = next(window for window in platform.windows() if window.id != low.id)
    platform.lift(other.id)
    lifted = until(lambda: platform.windows()[-1].id == other.id)
    still = [window.id for window in platform.windows() if window.foreground] == [low.id]
    end(platform, *programs)
print(json.dumps([came, front, lifted, still]))
"""
    )
    assert told == [True, True, True, True]


def test_a_window_that_is_gone_has_no_place(wine: Wine) -> None:
    told = wine.tell(
        OPENING + "with Windows() as platform: print(json.dumps(platform.place(123456, Place(0, 0, 9, 9))))"
    )
    assert told is None


def test_idleness_is_told(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
with Windows() as platform:
    first = platform.idle_seconds()
    time.sleep(1.2)
    print(json.dumps([first, platform.idle_seconds()]))
"""
    )
    assert isinstance(told, list)
    assert told[1] - told[0] > 1
