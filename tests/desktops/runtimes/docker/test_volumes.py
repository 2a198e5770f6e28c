"""Volumes of engines elsewhere are the engine's own: found, kept and taken away by what is there."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.desktops.runtimes.docker.stage import Stage

from deskbay.desktops.runtimes import LaunchSpec
from deskbay.desktops.runtimes.conformance import start
from deskbay.desktops.runtimes.docker import volumes
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.volumes import STORAGE, Mount, VolumeError, VolumeSpec, VolumeStore

MB = 2**20


def store_of(stage: Stage) -> VolumeStore:
    assert stage.runtime.volumes
    return stage.runtime.volumes


def with_volume(spec: LaunchSpec, volume: VolumeSpec, *, is_read_only: bool = False) -> LaunchSpec:
    return replace(spec, volumes=(Mount(volume.volume, STORAGE, is_read_only),))


async def test_those_who_share_one_write_in_it_and_it_outlives_their_desktops(
    far: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "FRESH_SECONDS", 0.0)
    store, volume = store_of(far), VolumeSpec(uuid4(), "Course", 64)
    await store.make(volume)
    ann = with_volume(far.spec, volume)
    bob = replace(ann, desktop=uuid4(), owner=uuid4(), owner_id=11, owner_name="Bob")
    eve = replace(bob, desktop=uuid4(), volumes=with_volume(bob, volume, is_read_only=True).volumes)
    await asyncio.gather(*(start(far.runtime, spec) for spec in (ann, bob)))
    await far.ask("umask 077; mkdir /storage/notes; echo Ann >/storage/notes/who; head -c 3M /dev/zero >/storage/data")
    await far.ask("echo Bob >>/storage/notes/who; rm /storage/data; head -c 2M /dev/zero >/storage/data", bob)
    assert await store.measure(volume.volume) == 2 * MB + len("Ann\nBob\n")
    for spec in (ann, bob):
        await far.runtime.forget(spec.desktop)
    await store.make(replace(volume, size_mb=128))
    await start(far.runtime, eve)
    refused = "cat /storage/notes/who; (echo Eve >>/storage/notes/who) 2>/dev/null || echo refused"
    assert await far.ask(refused, eve) == "Ann\nBob\nrefused"


async def test_what_a_container_has_stays_until_that_is_gone(far: Stage) -> None:
    store, volume = store_of(far), VolumeSpec(uuid4(), "Thesis", 64)
    await store.make(volume)
    name = f"deskbay-volume-{volume.volume.hex}"
    having = far.engine.run("create", "--volume", f"{name}:/storage", far.engine.image)
    with pytest.raises(VolumeError, match=r"The Docker engine could not remove a volume: .*in use"):
        await store.delete(volume.volume)
    assert await store.owned() == {volume.volume}
    far.engine.run("rm", having)
    await store.delete(volume.volume)
    assert await store.owned() == set()


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
