import os
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from deskbay.desktops.runtimes.local.homes import open_home
from deskbay.desktops.runtimes.local.identity import Identity, identity_of

ANN = UUID(int=0xA)


@pytest.fixture
def furniture(tmp_path: Path) -> Path:
    folder = tmp_path / "furniture"
    (folder / ".config").mkdir(parents=True)
    (folder / ".config" / "settings").write_text("ours")
    return folder


@pytest.fixture
def identity() -> Identity:
    return identity_of(10)


def test_a_home_is_made_with_its_first_files(tmp_path: Path, furniture: Path, identity: Identity) -> None:
    home = open_home(tmp_path, ANN, identity, furniture)
    assert home == tmp_path / "homes" / str(ANN)
    assert (home / ".config" / "settings").read_text() == "ours"
    assert {"Desktop", "Documents", "Downloads", "Pictures"} <= {entry.name for entry in home.iterdir()}
    assert (home / ".bashrc").exists() is Path("/etc/skel/.bashrc").exists()
    assert list((tmp_path / "homes").iterdir()) == [home]


def test_a_home_and_all_in_it_is_its_persons_alone(tmp_path: Path, furniture: Path, identity: Identity) -> None:
    home = open_home(tmp_path, ANN, identity, furniture)
    assert home.stat().st_mode & 0o777 == 0o700
    assert {entry.lstat().st_uid for entry in (home, *home.rglob("*"))} == {identity.host_uid}


def test_what_a_person_changed_stays(tmp_path: Path, furniture: Path, identity: Identity) -> None:
    home = open_home(tmp_path, ANN, identity, furniture)
    (home / ".config" / "settings").write_text("mine")
    (home / "Documents").rmdir()
    assert open_home(tmp_path, ANN, identity, furniture) == home
    assert (home / ".config" / "settings").read_text() == "mine"
    assert not (home / "Documents").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_home_that_came_from_elsewhere_is_given_to_its_person(
    tmp_path: Path, furniture: Path, identity: Identity
) -> None:
    home = open_home(tmp_path, ANN, identity, furniture)
    outside = tmp_path / "outside"
    outside.touch()
    (home / "way-out").symlink_to(outside)
    other = replace(identity, host_uid=identity.host_uid + 1, host_gid=identity.host_gid + 1)
    open_home(tmp_path, ANN, other, furniture)
    assert {entry.lstat().st_uid for entry in (home, *home.rglob("*"))} == {other.host_uid}
    assert outside.stat().st_uid == 0
