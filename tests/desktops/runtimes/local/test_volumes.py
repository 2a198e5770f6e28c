"""Volumes in local desktops, tried from inside, and their folders."""

import os
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.desktops.runtimes.local.conftest import Stage

from deskbay.desktops.runtimes import LaunchError, LaunchSpec
from deskbay.desktops.runtimes.local.volumes import FolderVolumes
from deskbay.desktops.runtimes.volumes import SHARED, STORAGE, Mount, VolumeError, VolumeSpec

BEN = UUID(int=0xB)
MB = 2**20


def a_volume() -> VolumeSpec:
    return VolumeSpec(uuid4(), "Thesis", 64)


@pytest.fixture
async def volume(stage: Stage) -> VolumeSpec:
    volume = a_volume()
    await stage.runtime.volumes.make(volume)
    return volume


def anns(stage: Stage, *mounts: Mount) -> LaunchSpec:
    return replace(stage.spec(), volumes=mounts)


def bens(stage: Stage, *mounts: Mount) -> LaunchSpec:
    return replace(stage.spec(), owner=BEN, owner_id=11, owner_name="Ben", volumes=mounts)


async def test_what_one_writes_another_reads_and_changes_later(stage: Stage, volume: VolumeSpec) -> None:
    mount = Mount(volume.volume, STORAGE)
    anns_words = "umask 077; mkdir /storage/notes && echo one >/storage/notes/list && stat -c %a /storage/notes/list"
    assert await stage.ask(anns_words, anns(stage, mount)) == "666"
    changed = await stage.ask("echo two >>/storage/notes/list; cat /storage/notes/list", bens(stage, mount))
    assert changed == "one\ntwo"


async def test_two_desktops_have_one_at_once(stage: Stage, volume: VolumeSpec) -> None:
    mount = Mount(volume.volume, STORAGE)
    await stage.ask("echo now >/storage/word", anns(stage, mount))
    assert await stage.ask("cat /storage/word", bens(stage, mount)) == "now"


async def test_who_may_only_read_can_not_write(stage: Stage, volume: VolumeSpec) -> None:
    other = a_volume()
    await stage.runtime.volumes.make(other)
    (stage.runtime.volumes.path(volume.volume) / "word").write_text("given\n")
    mounts = (Mount(volume.volume, f"{SHARED}/data", is_read_only=True), Mount(other.volume, STORAGE))
    answer = await stage.ask(
        "cat /shared/data/word; echo >/shared/data/word || echo refused; ls -d /storage/", anns(stage, *mounts)
    )
    assert answer.splitlines()[0] == "given"
    assert answer.splitlines()[-2:] == ["refused", "/storage/"]


async def test_without_one_there_is_nothing_of_it(stage: Stage, volume: VolumeSpec) -> None:
    assert await stage.runtime.volumes.owned() == {volume.volume}
    assert await stage.ask("ls -d /storage || ls -A /shared", stage.spec()) == (
        "ls: cannot access '/storage': No such file or directory"
    )


async def test_a_desktop_is_not_started_without_one_that_it_shall_have(stage: Stage) -> None:
    with pytest.raises(LaunchError, match="A volume of the desktop is not there any more"):
        await stage.runtime.launch(anns(stage, Mount(uuid4(), STORAGE)), stage.steps.append)


async def test_folders_are_made_measured_and_taken_away(tmp_path: Path) -> None:
    store, volume = FolderVolumes(tmp_path / "volumes" / "local"), a_volume()
    assert await store.owned() == set()
    await store.delete(volume.volume)
    for _ in range(2):
        await store.make(volume)
    folder = store.path(volume.volume)
    assert (folder.parent.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o700, 0o777)
    assert await store.measure(volume.volume) == 0
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "data").write_bytes(os.urandom(MB))
    (outside := tmp_path / "outside").write_text("stays")
    (folder / "out").symlink_to(tmp_path)
    used = await store.measure(volume.volume)
    assert used is not None
    assert MB <= used < 2 * MB
    (folder.parent / "lost+found").mkdir()
    assert await store.owned() == {volume.volume}
    await store.delete(volume.volume)
    assert await store.owned() == set()
    assert outside.read_text() == "stays"


async def test_where_there_is_no_room_for_folders_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "volumes").write_text("in the way")
    with pytest.raises(VolumeError, match="could not make a folder for it: "):
        await FolderVolumes(tmp_path / "volumes").make(a_volume())
