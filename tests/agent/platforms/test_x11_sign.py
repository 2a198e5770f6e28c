"""The sign in the corner of a real screen: what it shows, where it is, and what a click does."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.agent.eyes import RED, Screen
from tests.agent.screens import screen

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.platforms.sign import read_picture
from deskbay.agent.platforms.x11_sign import X11Sign

WIDTH, HEIGHT, SIDE = 800, 600, 24
INSIDE, OUTSIDE = (WIDTH - 12, HEIGHT - 12), (100, 100)
EMPTY = (0, 0, 0)


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Screen]:
    with screen(tmp_path, f"{WIDTH}x{HEIGHT}", manager=()) as display:
        seen = Screen(display)
        seen.mouse(*OUTSIDE)
        yield seen
        seen.close()


@pytest.fixture
def sign(seen: Screen) -> X11Sign:
    return X11Sign(seen.display)


def middle_of(name: str) -> tuple[int, int, int]:
    """Red, green and blue in the middle of a picture."""
    picture = read_picture(name)
    blue, green, red = picture.pixels[4 * (12 * picture.width + 12) :][:3]
    return red, green, blue


def soon(sign: X11Sign, is_so: Callable[[], bool]) -> bool:
    """Let the sign handle what happens until something is so. Tells whether it was clicked meanwhile."""
    clicked, until = False, time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        clicked |= sign.clicked()
        time.sleep(0.01)
    return clicked


def test_what_is_recorded_has_a_red_dot_and_a_pause_a_grey_one(seen: Screen, sign: X11Sign) -> None:
    sign.show(tracking=True, paused=False)
    soon(sign, lambda: seen.colour(*INSIDE) == RED)
    sign.show(tracking=True, paused=True)
    soon(sign, lambda: seen.colour(*INSIDE) == middle_of("paused") != RED)


def test_where_nothing_may_be_recorded_there_is_nothing_to_see(seen: Screen, sign: X11Sign) -> None:
    sign.show(tracking=True, paused=False)
    soon(sign, lambda: seen.colour(*INSIDE) == RED)
    sign.show(tracking=False, paused=False)
    soon(sign, lambda: seen.colour(*INSIDE) == EMPTY)


def test_under_the_mouse_it_says_what_it_stands_for(seen: Screen, sign: X11Sign) -> None:
    width = read_picture("recording-told").width
    left = (WIDTH - width + 2, HEIGHT - 12)
    sign.show(tracking=True, paused=False)
    soon(sign, lambda: seen.colour(*INSIDE) == RED)
    assert seen.colour(*left) == EMPTY
    seen.mouse(*INSIDE)
    soon(sign, lambda: seen.colour(*left) != EMPTY)
    seen.mouse(*OUTSIDE)
    soon(sign, lambda: seen.colour(*left) == EMPTY)


def test_a_click_is_told_once(seen: Screen, sign: X11Sign) -> None:
    sign.show(tracking=True, paused=False)
    soon(sign, lambda: seen.colour(*INSIDE) == RED)
    seen.mouse(*INSIDE, click=True)
    clicks = [0]

    def has_clicked() -> bool:
        clicks[0] += sign.clicked()
        return clicks[0] > 0

    soon(sign, has_clicked)
    assert not sign.clicked()


def test_a_window_that_covers_it_does_not_hide_it_for_long(seen: Screen, sign: X11Sign) -> None:
    sign.show(tracking=True, paused=False)
    soon(sign, lambda: seen.colour(*INSIDE) == RED)
    command = ["xterm", "-geometry", "200x80+0+0", "-bg", "#010203"]
    environment = {"DISPLAY": seen.display, "PATH": "/usr/bin", "HOME": "/"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as cover:
        soon(sign, lambda: seen.colour(400, 300) == (1, 2, 3))
        soon(sign, lambda: seen.colour(*INSIDE) == RED)
        cover.terminate()


def test_without_a_screen_it_says_so() -> None:
    with pytest.raises(NoDesktop, match="no X11 display"):
        X11Sign(":9999")


@pytest.mark.parametrize("name", ["recording", "recording-told", "paused", "paused-told"])
def test_pictures_are_whole(name: str) -> None:
    picture = read_picture(name)
    assert picture.height == SIDE
    assert len(picture.pixels) == 4 * picture.width * picture.height
