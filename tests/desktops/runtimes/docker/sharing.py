"""What people do in volumes of an engine elsewhere, whichever that is."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.desktops.runtimes.docker.stage import Stage

from deskbay.desktops.runtimes import LaunchSpec
from deskbay.desktops.runtimes.conformance import start
from deskbay.desktops.runtimes.docker import volumes
from deskbay.desktops.runtimes.volumes import STORAGE, Mount, VolumeError, VolumeSpec, VolumeStore

MB = 2**20


def store_of(stage: Stage) -> VolumeStore:
    assert stage.runtime.volumes
    return stage.runtime.volumes


def with_volume(spec: LaunchSpec, volume: VolumeSpec, *, is_read_only: bool = False) -> LaunchSpec:
    return replace(spec, volumes=(Mount(volume.volume, STORAGE, is_read_only),))


async def write_in_one_that_outlives_them(far: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
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


async def keep_what_a_container_has(far: Stage) -> None:
    store, volume = store_of(far), VolumeSpec(uuid4(), "Thesis", 64)
    await store.make(volume)
    name = f"deskbay-volume-{volume.volume.hex}"
    having = far.engine.run("create", "--volume", f"{name}:/storage", far.engine.image)
    with pytest.raises(VolumeError, match=r"The Docker engine could not remove a volume: .*(in use|being used)"):
        await store.delete(volume.volume)
    assert await store.owned() == {volume.volume}
    far.engine.run("rm", having)
    await store.delete(volume.volume)
    assert await store.owned() == set()
