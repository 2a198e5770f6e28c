"""Which folder a guard takes for the server's, for as long as it stands there."""

import os
from pathlib import Path

import pytest

from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder
from deskbay.kit.refusals import Refusal


def test_it_belongs_to_whom_it_did_at_first_and_stays_where_it_was(data: Path) -> None:
    folder, status = ServersFolder.at(data), data.stat()
    assert folder.refuse_outside(f"{data}/home") == data / "home"
    data.rename(data.with_name("moved"))
    data.symlink_to("/")
    assert folder.owner == (status.st_uid, status.st_gid)
    with pytest.raises(Refused, match="is not in the server's folder"):
        folder.refuse_outside(f"{data}/etc")


def test_a_link_to_one_is_none(data: Path) -> None:
    data.rename(data.with_name("moved"))
    data.symlink_to(data.with_name("moved"))
    with pytest.raises(Refusal, match=r"is really .*/moved\. Say that with --folder"):
        ServersFolder.at(data)


def test_one_that_is_not_there_is_said_to_be_so(folder: Path) -> None:
    with pytest.raises(Refusal, match="can't be looked at: No such file"):
        ServersFolder.at(folder / "nothing")


def test_where_others_could_put_another_in_its_place_none_is_taken(data: Path) -> None:
    data.parent.chmod(0o777)
    with pytest.raises(Refusal, match="Others than root can change what is in"):
        ServersFolder.at(data)
    data.parent.chmod(0o1777)
    assert ServersFolder.at(data)


def test_nor_where_its_user_could(data: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to somebody")
    os.chown(data.parent, 998, 998)
    with pytest.raises(Refusal, match="could put another folder in the place"):
        ServersFolder.at(data)
