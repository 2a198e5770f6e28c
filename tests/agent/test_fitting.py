import json
from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from deskbay.agent.fitting import LONGEST_TEXT, MOST_CONTENTS, fitting, fitting_application
from deskbay.agent.shapes import Application, Monitor, Snapshot, Window, to_json
from deskbay.sessions import snapshots as server

anything = st.text(st.characters(exclude_categories=[]), max_size=30)
"""With nulls and halves of pairs too, which is what bytes that are no UTF-8 become."""

texts = anything | anything.map(lambda text: (text + "x") * 5000)
lengths = st.integers(-(2**31), 2**31)
windows = st.builds(
    Window,
    x=lengths,
    y=lengths,
    width=lengths,
    height=lengths,
    workspace=st.none() | st.integers(0, 2**31),
    title=st.none() | texts,
    contents=st.lists(texts, max_size=4).map(tuple) | st.just(("/a",) * 600),
    content=st.none() | st.integers(0, 700),
)
applications = st.builds(
    Application,
    key=texts,
    application=texts,
    name=texts,
    exe=texts,
    command=st.lists(texts, max_size=4).map(tuple) | st.just(("word",) * 1500),
    folder=st.none() | texts,
    windows=st.lists(windows, max_size=2).map(tuple),
)
snapshots = st.builds(
    Snapshot,
    taken_at=st.datetimes(timezones=st.just(UTC)),
    home=texts,
    monitors=st.just((Monitor(0, 0, 10, 10),) * 40),
    applications=st.lists(applications, max_size=2).map(tuple),
)


@settings(max_examples=50)
@given(snapshots)
def test_the_server_takes_every_snapshot(snapshot: Snapshot) -> None:
    server.Snapshot.model_validate_json(json.dumps(to_json(fitting(snapshot))))


@given(applications)
def test_what_fits_stays_as_it_is(application: Application) -> None:
    fits = fitting_application(application)
    assert fitting_application(fits) == fits


def test_plain_things_fit() -> None:
    window = Window(1, 2, 3, 4, title="Grüße", contents=("/a b", "https://example.org/"), content=1)
    application = Application("k-1", "a", "A", "/a", ("a", "b c"), "/", (window,))
    assert fitting_application(application) == application


def test_a_tab_with_a_whole_page_in_its_address_is_left_out() -> None:
    window = Window(0, 0, 1, 1, contents=("data:" + "x" * LONGEST_TEXT, "https://example.org/"), content=1)
    (kept,) = fitting_application(Application("k", "a", "A", "", (), None, (window,))).windows
    assert (kept.contents, kept.content) == (("https://example.org/",), 0)


def test_a_tab_in_front_that_is_left_out_leaves_none_in_front() -> None:
    window = Window(0, 0, 1, 1, contents=tuple(map(str, range(600))), content=550)
    (kept,) = fitting_application(Application("k", "a", "A", "", (), None, (window,))).windows
    assert (len(kept.contents), kept.content) == (MOST_CONTENTS, None)
