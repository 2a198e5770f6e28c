"""The data folder: whose it is, who holds it, and that nothing half-made stays."""

import json
import os
from pathlib import Path

import pytest

from deskbay.cli import data_folder
from deskbay.cli.data_folder import RunningServer, announced, check_folder, find_server, hold, read_server
from deskbay.cli.failures import ExitCode, Failure

NOBODY = 65534


@pytest.fixture
def somebody_elses(tmp_path: Path) -> Path:
    """A folder that is not ours: nobody's, or for an ordinary user one of root's."""
    if os.geteuid() != 0:
        return Path("/var/lib/dpkg")
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    return folder


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    with hold(data) as undo:
        undo.pop_all()
    assert data.stat().st_mode & 0o777 == 0o700


def test_what_was_made_for_nothing_is_taken_away(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    with hold(data):
        (data / "half").write_text("made")
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_before_stays(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "inside").write_text("kept")
    with hold(tmp_path):
        (tmp_path / "half").write_text("made")
        (tmp_path / "tree").mkdir()
    assert [path.name for path in tmp_path.rglob("*")] == ["kept", "inside"]


def test_one_process_at_a_time_holds_it(tmp_path: Path) -> None:
    with hold(tmp_path) as undo:
        undo.pop_all()
        with announced(tmp_path, RunningServer("http://127.0.0.1:8123", os.getpid())):
            with pytest.raises(Failure, match=rf"process {os.getpid()}, http://127.0.0.1:8123.*--data"), hold(tmp_path):
                pass
            assert (tmp_path / "server.json").exists()
    with hold(tmp_path):
        pass


def test_somebody_elses_folder_is_refused_and_left_alone(somebody_elses: Path) -> None:
    before = sorted(somebody_elses.iterdir())
    with pytest.raises(Failure, match=r"belongs to .*, and you are .*--data"), hold(somebody_elses):
        pass
    assert sorted(somebody_elses.iterdir()) == before


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for data in (file, file / "below"):
        with pytest.raises(Failure, match="--data"), hold(data):
            pass
    assert file.read_text() == "mine"


def test_a_full_disk_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "LEAST_FREE_BYTES", 2**70)  # more than any disk has
    with pytest.raises(Failure, match=r"is full: .* MB are left.*Make room"), hold(tmp_path / "data"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_checking_makes_nothing(tmp_path: Path) -> None:
    check_folder(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_checking_tells_of_somebody_elses_folder(somebody_elses: Path) -> None:
    with pytest.raises(Failure, match="belongs to"):
        check_folder(somebody_elses)


def test_a_server_is_found_for_as_long_as_it_is_announced(tmp_path: Path) -> None:
    server = RunningServer("http://127.0.0.1:8123", os.getpid())
    assert read_server(tmp_path) is None
    with announced(tmp_path, server):
        assert find_server(tmp_path) == server
    assert read_server(tmp_path) is None


@pytest.mark.parametrize("left", ["", "{", "[]", '{"url": "http://127.0.0.1:1"}'])
def test_an_announcement_that_can_not_be_read_is_none(tmp_path: Path, left: str) -> None:
    (tmp_path / "server.json").write_text(left)
    assert read_server(tmp_path) is None


def test_the_announcement_of_a_server_that_died_is_none(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    (tmp_path / "server.json").write_text(json.dumps({"url": "http://127.0.0.1:1", "pid": child}))
    with pytest.raises(Failure, match="deskbay serve") as refused:
        find_server(tmp_path)
    assert refused.value.code is ExitCode.NOT_RUNNING
