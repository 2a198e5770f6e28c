"""The warning at the top of a real screen: what it shows, where it is, and what its button does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agent.eyes import Screen
from tests.agent.platforms.test_x11_sign import OUTSIDE, WIDTH
from tests.agent.screens import screen
from tests.serving import eventually

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.platforms.banner import Canvas, read_letters
from deskbay.agent.platforms.x11_banner import BLUE, GROUND, TOP, X11Banner

TEXT, REASON = "This desktop will be stopped in 4:59.", "It is stopped when nobody uses it for 1 hour."
BUTTON_COLOUR, CARD_COLOUR = tuple(reversed(BLUE)), tuple(reversed(GROUND))


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with screen(tmp_path_factory.mktemp("screen"), f"{WIDTH}x600", manager=()) as display:
        yield display


@pytest.fixture
def seen(display: str) -> Iterator[Screen]:
    seen = Screen(display)
    seen.mouse(*OUTSIDE)
    yield seen
    seen.close()


@pytest.fixture
def banner(display: str) -> Iterator[X11Banner]:
    banner = X11Banner(display)
    yield banner
    banner.hide()
    banner._x.disconnect()


def button_of(banner: X11Banner) -> tuple[int, int]:
    """Where on the screen the button's corner is; no letter covers it."""
    assert banner._canvas
    assert banner._button
    left, top, _, _ = banner._button
    return (WIDTH - banner._canvas.width) // 2 + left + 2, TOP + top + 2


def test_it_is_there_while_it_is_shown(seen: Screen, banner: X11Banner) -> None:
    middle = (WIDTH // 2, TOP + 3)
    banner.show(TEXT, REASON, can_be_kept=True)
    eventually(lambda: seen.colour(*middle) == CARD_COLOUR, "the card is there")
    eventually(lambda: seen.colour(*button_of(banner)) == BUTTON_COLOUR, "the button is there")
    banner.hide()
    eventually(lambda: seen.colour(*middle) != CARD_COLOUR, "it is gone")


def test_its_button_keeps_the_desktop_once(seen: Screen, banner: X11Banner) -> None:
    banner.show(TEXT, REASON, can_be_kept=True)
    eventually(lambda: seen.colour(*button_of(banner)) == BUTTON_COLOUR, "the button is there")
    assert not banner.kept()
    seen.mouse(*button_of(banner), click=True)
    eventually(banner.kept, "the click is heard")
    assert not banner.kept()


def test_a_click_beside_the_button_keeps_nothing(seen: Screen, banner: X11Banner) -> None:
    banner.show(TEXT, REASON, can_be_kept=True)
    eventually(lambda: seen.colour(*button_of(banner)) == BUTTON_COLOUR, "the button is there")
    x, y = button_of(banner)
    seen.mouse(x - 30, y, click=True)
    seen.mouse(x, y, click=True)  # heard after the first one
    eventually(banner.kept, "the second click is heard")
    assert not banner.kept()


def test_without_a_button_no_click_keeps_it(banner: X11Banner) -> None:
    banner.show(TEXT, REASON, can_be_kept=False)
    assert banner._button is None
    assert not banner._is_on_button(5, 5)


def test_the_time_that_is_left_is_painted_anew(banner: X11Banner) -> None:
    banner.show(TEXT, REASON, can_be_kept=True)
    assert banner._canvas
    before = bytes(banner._canvas.pixels)
    banner.show(TEXT.replace("4:59", "4:58"), REASON, can_be_kept=True)
    assert banner._canvas.pixels != before


def test_the_end_of_the_desktop_is_told(tmp_path: Path) -> None:
    with screen(tmp_path, manager=()) as display:
        banner = X11Banner(display)
        banner.show(TEXT, REASON, can_be_kept=True)
    with pytest.raises(NoDesktop):
        banner.kept()


def test_without_a_display_it_says_so() -> None:
    with pytest.raises(NoDesktop):
        X11Banner(":9999")


def test_letters_are_as_wide_as_they_look() -> None:
    letters = read_letters()
    assert len(letters.widths) == 95
    assert len(letters.shades) == sum(letters.widths) * letters.height
    assert letters.width_of("il") < letters.width_of("MW")
    assert letters.width_of("é") == letters.width_of("?")


def test_what_is_written_has_both_colours_and_stays_within_the_picture() -> None:
    letters = read_letters()
    canvas = Canvas(20, letters.height, (1, 2, 3))
    canvas.write(0, 0, "MMMM", letters, ((255, 255, 255), (1, 2, 3)))
    assert len(canvas.pixels) == 4 * 20 * letters.height
    colours = {bytes(canvas.pixels[start : start + 3]) for start in range(0, len(canvas.pixels), 4)}
    assert {b"\x01\x02\x03", b"\xff\xff\xff"} <= colours
