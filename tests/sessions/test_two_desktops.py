"""The same session, with real programs, in a second desktop of another size."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.agent.devices import Ada
from tests.desktops.viewing import Viewer, end_all
from tests.serving import ServerProcess, eventually
from tests.sessions.doubles import Json, application, snapshot, window

from deskbay.desktops.runtimes.people import HOME

FIRST, SECOND = (1600, 1000), (1280, 800)
"""What sizes the desktops have; the second is what a desktop has by itself."""
PAGES = [f"file://{HOME}/page-{number}.html" for number in (1, 2, 3)]
LETTER = f"{HOME}/a letter.txt"
LONGEST_RESTORE_SECONDS = 180
"""A window that never comes is given up after 45; but a busy machine takes its time."""
PIXELS = 60
"""By so much a terminal, which has whole rows only, may be smaller, and a frame may move what it is around."""


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        server = ServerProcess(Path(folder) / "data", restore_seconds="120")
        server.start()
        try:
            yield server
        finally:
            end_all(server)


class Person(Ada):
    """Ada, her home, and what she does with sessions."""

    def __init__(self, server: ServerProcess) -> None:
        super().__init__(server)
        self._data = server.data

    def furnish(self) -> None:
        """Put a letter, a folder and three pages where her desktops find them."""
        (home,) = (self._data / "homes").glob("[!.]*")
        (home / "papers").mkdir()
        (home / "a letter.txt").write_text("Dear Charles,\n")
        for number in (1, 2, 3):
            (home / f"page-{number}.html").write_text(f"<title>Page {number}</title>")
        owner = home.stat()
        for path in home.iterdir():
            os.chown(path, owner.st_uid, owner.st_gid)

    def device_of(self, name: str) -> Json | None:
        """Return the device that a desktop of that name is, once its agent listens."""
        devices = self.client.get("/api/v1/devices/mine").raise_for_status().json()["items"]
        return next((one for one in devices if one["name"].startswith(name) and one["connected"]), None)

    def post(self, path: str, body: Json | None = None, **query: int) -> Json:
        answer = self.client.post(f"/api/v1/{path}", json=body or {}, params=query)
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON it is
        return self.client.get(f"/api/v1/{path}").raise_for_status().json()

    def states_of(self, run: str) -> dict[str, str]:
        return {one["application"]: one["state"] for one in self.get(f"restores/{run}")["applications"]}

    def wait_until_placed(self, run: str) -> None:
        def is_over() -> bool:
            return bool(self.get(f"restores/{run}")["state"] == "finished")

        eventually(is_over, "the restore is over", seconds=LONGEST_RESTORE_SECONDS)
        assert set(self.states_of(run).values()) == {"placed"}, self.get(f"restores/{run}")

    def saved(self, session: int) -> dict[str, Json]:
        """Save what is open now; return it by application."""
        self.post(f"sessions/{session}/save")
        newest = self.get(f"sessions/{session}/saves")["items"][0]["id"]
        seen = self.get(f"sessions/{session}/saves/{newest}")["snapshot"]
        return {one["application"]: one for one in seen["applications"]}


def at_work() -> Json:
    """What is open on a big screen."""
    seen = snapshot(
        application("xterm", folder=f"{HOME}/papers", windows=[window(40, y=60, width=640, height=400)]),
        application("mousepad", LETTER, folder=HOME, windows=[window(800, y=60, contents=[LETTER], content=0)]),
        application("pcmanfm", f"{HOME}/papers", folder=HOME, windows=[window(40, y=560, contents=[f"{HOME}/papers"])]),
        application("chromium", folder=HOME, windows=[window(800, y=520, contents=PAGES, content=1)]),
        home=HOME,
    )
    return {**seen, "monitors": [{"x": 0, "y": 0, "width": FIRST[0], "height": FIRST[1], "primary": True}]}


def has_all_tabs(seen: dict[str, Json]) -> bool:
    """Chromium notes its tabs a while after they were opened."""
    return "chromium" in seen and seen["chromium"]["windows"][0]["contents"] == PAGES


def test_a_session_goes_on_in_a_smaller_desktop(server: ServerProcess) -> None:
    ada = Person(server)
    desktops = server.desktops()
    first = ada.post("desktops", {"template": "desktop", "name": "Big"})["id"]
    desktops.wait_for(first, "running")
    ada.furnish()
    with closing(Viewer(server)) as viewer:
        viewer.resize(*FIRST)
    eventually(lambda: ada.device_of("Big") is not None, "the agent listens in the first desktop")
    big = ada.device_of("Big")
    assert big
    work = {"name": "Work", "saves": [{"saved_at": "2026-01-05T08:00:00Z", "snapshot": at_work()}]}
    session = ada.post("sessions/import", work, device_id=big["id"])["id"]
    ada.wait_until_placed(ada.post(f"sessions/{session}/restore", {"device_id": big["id"]})["run"])
    eventually(lambda: has_all_tabs(ada.saved(session)), "the browser has noted its tabs")
    before = ada.saved(session)
    desktops.want(first, "stop")
    desktops.wait_for(first, "stopped")

    second = ada.post("desktops", {"template": "desktop", "name": "Small", "session_id": session})["id"]
    desktops.wait_for(second, "running")
    eventually(lambda: desktops.show(second)["restore"] is not None, "the session comes back by itself")
    ada.wait_until_placed(desktops.show(second)["restore"])
    eventually(lambda: has_all_tabs(ada.saved(session)), "the browser has its tabs again")
    after = ada.saved(session)

    assert after.keys() == before.keys() == {"xterm", "mousepad", "pcmanfm", "chromium"}
    for name, one in after.items():
        assert one["folder"] == before[name]["folder"], name
        assert contents(one) == contents(before[name]), name
        assert_scaled(one["windows"][0], before[name]["windows"][0], name)
    small = ada.device_of("Small")
    assert small
    assert ada.get(f"sessions/{session}")["device"]["id"] == small["id"]
    assert len(ada.get(f"sessions/{session}/restores")["items"]) == 2


def contents(one: Json) -> list[list[str]]:
    return [seen["contents"] for seen in one["windows"]]


def assert_scaled(small: Json, big: Json, name: str) -> None:
    factors = [part / whole for part, whole in zip(SECOND, FIRST, strict=True)]
    for field, factor in zip(("x", "y", "width", "height"), factors * 2, strict=True):
        wanted = big[field] * factor
        assert abs(small[field] - wanted) <= PIXELS, f"{name}: {field} is {small[field]}, not {wanted}"
