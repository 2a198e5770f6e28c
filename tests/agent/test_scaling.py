from hypothesis import example, given
from hypothesis import strategies as st

from deskbay.agent.platforms import Place
from deskbay.agent.scaling import monitor_for, place_on
from deskbay.agent.shapes import Monitor, Window, WindowState

FRAME = (1, 1, 20, 5)
SMALL, WIDE = Monitor(0, 0, 1280, 800), Monitor(0, 0, 1920, 1080, primary=True)

sizes = st.integers(200, 4000)
screens = st.builds(Monitor, x=st.integers(-4000, 4000), y=st.integers(-4000, 4000), width=sizes, height=sizes)


@st.composite
def screens_with_a_window(draw: st.DrawFn) -> tuple[Monitor, Window]:
    """A monitor, and a window that lies in it with its frame."""
    screen = draw(screens)
    width = draw(st.integers(27, screen.width))
    height = draw(st.integers(27, screen.height))
    x = screen.x + draw(st.integers(0, screen.width - width))
    y = screen.y + draw(st.integers(0, screen.height - height))
    left, right, top, bottom = FRAME
    return screen, Window(x + left, y + top, width - left - right, height - top - bottom)


def outer(place: Place) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a place with its frame."""
    left, right, top, bottom = FRAME
    return place.x - left, place.y - top, place.x + place.width + right, place.y + place.height + bottom


@given(screens_with_a_window())
def test_on_the_same_monitor_nothing_moves(saved: tuple[Monitor, Window]) -> None:
    screen, window = saved
    place = place_on(window, [screen], [screen], FRAME)
    assert (place.x, place.y, place.width, place.height) == (window.x, window.y, window.width, window.height)


@example((Monitor(0, 0, 200, 219), Window(1, 212, 25, 2)), Monitor(0, 0, 200, 200))  # hardly more than its frame
@given(screens_with_a_window(), screens)
def test_a_framed_window_lies_within_its_new_monitor(saved: tuple[Monitor, Window], now: Monitor) -> None:
    screen, window = saved
    left, top, right, bottom = outer(place_on(window, [screen], [now], FRAME))
    assert now.x <= left <= right
    assert now.y <= top <= bottom
    assert right <= now.x + max(now.width, 3)
    assert bottom <= now.y + max(now.height, 26)


@given(screens_with_a_window(), screens)
def test_there_and_back_is_off_by_rounding_only(saved: tuple[Monitor, Window], other: Monitor) -> None:
    screen, window = saved
    there = place_on(window, [screen], [other], FRAME)
    moved = Window(there.x, there.y, there.width, there.height)
    back = place_on(moved, [other], [screen], FRAME)
    pixel = max(screen.width / other.width, screen.height / other.height, 1) + 1
    smallest = 27 * max(pixel, 1)  # a window can't get smaller than its frame, so tiny ones come back bigger
    if window.width > smallest and window.height > smallest:
        assert abs(back.x - window.x) <= pixel
        assert abs(back.y - window.y) <= pixel
        assert abs(back.width - window.width) <= 2 * pixel
        assert abs(back.height - window.height) <= 2 * pixel


@given(screens_with_a_window(), st.lists(screens, max_size=3), st.sampled_from(list(WindowState)))
def test_its_state_and_workspace_stay(saved: tuple[Monitor, Window], now: list[Monitor], state: WindowState) -> None:
    screen, window = saved
    kept = Window(window.x, window.y, window.width, window.height, 0, 2, state)
    place = place_on(kept, [screen], now, FRAME)
    assert (place.state, place.workspace) == (state, 2)


def test_half_a_screen_stays_half_a_screen() -> None:
    right_half = Window(640, 0, 640, 800)
    place = place_on(right_half, [SMALL], [WIDE])
    assert (place.x, place.y, place.width, place.height) == (960, 0, 960, 1080)


def test_a_bigger_panel_moves_a_window_out_of_its_way() -> None:
    without_panel, with_panel = Monitor(0, 0, 1000, 800), Monitor(0, 40, 1000, 760)
    place = place_on(Window(0, 0, 1000, 800), [without_panel], [with_panel])
    assert (place.x, place.y, place.width, place.height) == (0, 40, 1000, 760)


def test_the_same_monitor_is_found_wherever_it_is_in_the_list() -> None:
    left, right = Monitor(0, 0, 1280, 800), Monitor(1280, 0, 1920, 1080)
    assert monitor_for(1, [left, right], [right, left]) == right


def test_where_monitors_are_missing_the_main_one_takes_their_windows() -> None:
    then = [Monitor(0, 0, 1000, 1000), Monitor(1000, 0, 1000, 1000), Monitor(2000, 0, 1000, 1000)]
    now = [Monitor(0, 0, 500, 500), Monitor(500, 0, 700, 700, primary=True)]
    assert monitor_for(1, then, now) == now[1]
    assert monitor_for(2, then, now) == now[1]
    assert place_on(Window(2500, 500, 100, 100, monitor=2), then, now) == Place(850, 350, 70, 70)


def test_where_no_monitor_is_known_a_window_stays() -> None:
    window = Window(10, 20, 30, 40, monitor=5)
    assert place_on(window, [SMALL], [WIDE]) == Place(10, 20, 30, 40)
    assert place_on(Window(10, 20, 30, 40), [SMALL], []) == Place(10, 20, 30, 40)
