"""Thumbnails are shared while they are fresh."""

import asyncio
from pathlib import Path

import pytest
from tests.clock import FrozenClock

from deskbay.desktops.runtimes import UnixDisplay
from deskbay.gateway.thumbnails import FRESH, Thumbnails
from deskbay.kit.problems import Problem


async def test_a_real_screen(xvnc: Path, clock: FrozenClock) -> None:
    thumbnail = await Thumbnails(clock).get(UnixDisplay(xvnc), 320)
    assert thumbnail.image[8:12] == b"WEBP"


async def test_who_asks_at_once_or_soon_gets_the_same(xvnc: Path, clock: FrozenClock) -> None:
    thumbnails = Thumbnails(clock)
    first, second = await asyncio.gather(thumbnails.get(UnixDisplay(xvnc), 320), thumbnails.get(UnixDisplay(xvnc), 320))
    clock.advance(seconds=FRESH.total_seconds() - 0.1)
    assert first is second is await thumbnails.get(UnixDisplay(xvnc), 320)


async def test_an_old_one_is_taken_anew_and_has_the_same_tag_while_nothing_changes(
    xvnc: Path, clock: FrozenClock
) -> None:
    thumbnails = Thumbnails(clock)
    first = await thumbnails.get(UnixDisplay(xvnc), 320)
    clock.advance(seconds=FRESH.total_seconds() + 0.1)
    second = await thumbnails.get(UnixDisplay(xvnc), 320)
    assert first is not second
    assert first.etag == second.etag


async def test_sizes_are_told_apart(xvnc: Path, clock: FrozenClock) -> None:
    thumbnails = Thumbnails(clock)
    assert (await thumbnails.get(UnixDisplay(xvnc), 320)).etag != (await thumbnails.get(UnixDisplay(xvnc), 160)).etag


async def test_one_who_leaves_does_not_spoil_it_for_the_others(xvnc: Path, clock: FrozenClock) -> None:
    thumbnails = Thumbnails(clock)
    leaving = asyncio.create_task(thumbnails.get(UnixDisplay(xvnc), 320))
    staying = asyncio.create_task(thumbnails.get(UnixDisplay(xvnc), 320))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).image


async def test_without_a_server_there_is_a_problem_that_says_so(vnc_socket: Path, clock: FrozenClock) -> None:
    with pytest.raises(Problem, match="no picture just now") as caught:
        await Thumbnails(clock).get(UnixDisplay(vnc_socket), 320)
    assert caught.value.status == 503
