"""Listeners are shown what is seen, and again when it is another."""

import asyncio
from http import HTTPStatus

import pytest

from deskbay.activity import lookout
from deskbay.activity.lookout import Lookout
from deskbay.kit.problems import Problem


class Sky:
    """What is looked at: one thing after the other, the last for ever."""

    def __init__(self, *things: str | Exception) -> None:
        self.things = [*things]
        self.looks = 0

    async def look(self, _: int) -> str:
        self.looks += 1
        await asyncio.sleep(0)
        thing = self.things.pop(0) if len(self.things) > 1 else self.things[0]
        if isinstance(thing, Exception):
            raise thing
        return thing


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.01)


async def first(views: int, of: Lookout[str]) -> list[str]:
    seen = []
    async for view in of.views(1):
        seen.append(view)
        if len(seen) == views:
            break
    return seen


async def test_what_stays_the_same_is_shown_once() -> None:
    assert await first(3, Lookout(Sky("sun", "sun", "rain", "rain", "sun").look)) == ["sun", "rain", "sun"]


async def test_a_failure_is_passed_over() -> None:
    assert await first(2, Lookout(Sky("sun", ConnectionError("away"), "rain").look)) == ["sun", "rain"]


async def test_it_ends_with_what_is_looked_at() -> None:
    gone = Problem(HTTPStatus.NOT_FOUND, "There is no room 1.")
    assert await first(9, Lookout(Sky("sun", gone).look)) == ["sun"]


async def test_however_many_look_it_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 3600)
    sky = Sky("sun")
    shared = Lookout(sky.look)
    assert await asyncio.gather(*(first(1, shared) for _ in range(50))) == [["sun"]] * 50
    assert sky.looks == 1


async def test_nobody_looks_for_those_who_have_left() -> None:
    sky = Sky("sun", "rain")
    await first(2, Lookout(sky.look))
    await asyncio.sleep(0.05)
    assert sky.looks == 2
