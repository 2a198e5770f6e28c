"""Somebody who works: types, moves the mouse, changes windows, opens and closes programs. `person SECONDS`."""

import os
import subprocess
import sys
import time
from contextlib import suppress

import xcffib
import xcffib.xproto
import xcffib.xtest

KEY_PRESS, KEY_RELEASE, MOTION = 2, 3, 6
"""As X numbers events."""
ALT, TAB, LETTERS = 64, 23, range(24, 34)
"""By keycode; the letters are the upper row of a keyboard."""
TICK_SECONDS = 0.1
TICKS_A_WINDOW = 50
TICKS_A_PROGRAM = 300


class Hands:
    """Keyboard and mouse of a screen."""

    def __init__(self) -> None:
        self._connection = xcffib.connect()
        self._test = self._connection(xcffib.xtest.key)
        self._root = self._connection.get_setup().roots[0].root

    def press(self, *, key: int) -> None:
        self._do((KEY_PRESS, key), (KEY_RELEASE, key))

    def move(self, x: int, y: int) -> None:
        self._test.FakeInput(MOTION, 0, 0, self._root, x, y, 0)
        self._connection.flush()

    def change_window(self) -> None:
        self._do((KEY_PRESS, ALT), (KEY_PRESS, TAB), (KEY_RELEASE, TAB), (KEY_RELEASE, ALT))

    def _do(self, *events: tuple[int, int]) -> None:
        for event, detail in events:
            self._test.FakeInput(event, detail, 0, self._root, 0, 0, 0)
        self._connection.flush()


def work(seconds: float) -> None:
    """Five key presses and ten moves a second, another window every five seconds, a program opened every thirty."""
    hands, opened, began = Hands(), [start("xterm"), start("mousepad")], time.monotonic()
    for tick in range(int(seconds / TICK_SECONDS)):
        time.sleep(max(0.0, began + tick * TICK_SECONDS - time.monotonic()))
        hands.move(300 + tick % 200, 300 + tick % 100)
        if tick % 2:
            hands.press(key=LETTERS[tick % len(LETTERS)])
        if tick % TICKS_A_WINDOW == TICKS_A_WINDOW - 1:
            hands.change_window()
        if tick % TICKS_A_PROGRAM == TICKS_A_PROGRAM - 1:
            opened.append(start("xterm"))
            end(opened.pop(0) if len(opened) > 3 else opened.pop())
    for program in opened:
        end(program)


def start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([name], env=os.environ, stderr=subprocess.DEVNULL)


def end(program: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        program.terminate()
    program.wait()


work(float(sys.argv[1]))
