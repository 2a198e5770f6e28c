"""Volumes of engines elsewhere are the engine's own: found, kept and taken away by what is there."""

import asyncio
from uuid import uuid4

import pytest
from tests.desktops.runtimes.docker.sharing import keep_what_a_container_has, store_of, write_in_one_that_outlives_them
from tests.desktops.runtimes.docker.stage import Stage

from deskbay.desktops.runtimes.conformance import RuntimeConformance
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.volumes import VolumeSpec


async def test_they_are_what_volumes_of_any_runtime_are(far: Stage) -> None:
    await RuntimeConformance().test_volumes_are_made_grown_had_and_deleted(far.runtime, far.spec)


async def test_those_who_share_one_write_in_it_and_it_outlives_their_desktops(
    far: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_in_one_that_outlives_them(far, monkeypatch)


async def test_what_a_container_has_stays_until_that_is_gone(far: Stage) -> None:
    await keep_what_a_container_has(far)


async def test_only_what_carries_its_labels_is_found_whoever_made_it(far: Stage) -> None:
    left = uuid4()
    labels = {"server": far.place.server, "runtime": far.place.name, "volume": str(left)}
    marks = [part for name, value in labels.items() for part in ("--label", f"deskbay.{name}={value}")]
    far.engine.run("volume", "create", *marks, f"deskbay-volume-{left.hex}")
    assert await store_of(far).owned() == {left}
    other = DockerSettings.model_validate(far.engine.papers).open(Place(far.place.data, far.place.server, "other"))
    assert other.volumes
    assert await other.volumes.owned() == set()
    await other.close()
    await store_of(far).delete(left)
    assert await store_of(far).owned() == set()


async def test_what_the_engine_measures_is_asked_for_once_by_all(far: Stage) -> None:
    store, made = store_of(far), [VolumeSpec(uuid4(), f"Volume {number}", 64) for number in range(3)]
    for volume in made:
        await store.make(volume)
    assert await asyncio.gather(*(store.measure(volume.volume) for volume in made)) == [0, 0, 0]
    assert await store.measure(uuid4()) is None
    for volume in made:
        await store.delete(volume.volume)
