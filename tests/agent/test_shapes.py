import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.agent.shapes import (
    Application,
    ApplicationState,
    Monitor,
    Progress,
    Window,
    Wish,
    to_json,
    wish_from_json,
)

texts = st.text(max_size=20)
lengths = st.integers(-(2**31), 2**31)
windows = st.builds(
    Window,
    x=lengths,
    y=lengths,
    width=lengths,
    height=lengths,
    workspace=st.none() | st.integers(0, 9),
    title=st.none() | texts,
    contents=st.lists(texts, max_size=3).map(tuple),
    content=st.none() | st.integers(0, 3),
)
applications = st.builds(
    Application, command=st.lists(texts, max_size=3).map(tuple), windows=st.lists(windows, max_size=2).map(tuple)
)
monitors = st.lists(st.builds(Monitor), max_size=2).map(tuple)
wishes = st.builds(Wish, monitors=monitors, applications=st.lists(applications, max_size=2).map(tuple))


@given(wishes)
def test_a_wish_survives_json(wish: Wish) -> None:
    assert wish_from_json(json.loads(json.dumps(to_json(wish)))) == wish


def test_progress_is_plain_words() -> None:
    assert to_json(Progress("xterm-1", ApplicationState.NOT_FOUND, "why", "what to do")) == {
        "key": "xterm-1",
        "state": "not-found",
        "reason": "why",
        "suggestion": "what to do",
    }


WINDOW: dict[str, object] = {
    "x": 1,
    "y": 2,
    "width": 3,
    "height": 4,
    "monitor": 0,
    "workspace": None,
    "state": "normal",
    "foreground": True,
    "title": None,
    "contents": ["/a b"],
    "content": 0,
}
APPLICATION: dict[str, object] = {
    "key": "k",
    "application": "a",
    "name": "A",
    "exe": "/a",
    "command": ["a", "b c"],
    "folder": None,
    "windows": [WINDOW],
}
WISH: dict[str, object] = {
    "run": "8a0f6d0e-0000-4000-8000-000000000001",
    "system": "x11",
    "home": "/home/ada",
    "monitors": [{"x": 0, "y": 0, "width": 800, "height": 600, "primary": True}],
    "applications": [APPLICATION],
}


def test_a_whole_wish_is_read() -> None:
    wish = wish_from_json(WISH)
    assert wish.applications[0].command == ("a", "b c")
    assert wish.applications[0].windows[0].contents == ("/a b",)
    assert wish.monitors == (Monitor(0, 0, 800, 600, primary=True),)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "not an object"),
        ([], "not an object"),
        ({}, "run is missing"),
        ({**WISH, "run": "no"}, "run"),
        ({**WISH, "system": "beos"}, "system"),
        ({**WISH, "home": 3}, "home: 3 is not a text"),
        ({**WISH, "monitors": {}}, "monitors: {} is not a list"),
        ({**WISH, "applications": [{**APPLICATION, "command": "a b"}]}, "command"),
        ({**WISH, "applications": [{**APPLICATION, "command": [1]}]}, "command"),
        ({**WISH, "applications": [{**APPLICATION, "windows": [{**WINDOW, "x": True}]}]}, "not a whole number"),
        ({**WISH, "applications": [{**APPLICATION, "windows": [{**WINDOW, "x": 1.5}]}]}, "not a whole number"),
        ({**WISH, "applications": [{**APPLICATION, "windows": [{**WINDOW, "foreground": 1}]}]}, "neither true nor"),
        ({**WISH, "applications": [{**APPLICATION, "windows": [{**WINDOW, "state": "huge"}]}]}, "state"),
    ],
)
def test_what_is_no_wish_is_refused(value: object, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        wish_from_json(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WISH, *APPLICATION]), inner),
    max_leaves=10,
)


@given(json_values)
def test_nothing_but_a_value_error_comes_of_nonsense(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        wish_from_json(value)
