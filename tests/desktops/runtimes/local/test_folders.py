import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.folders import DesktopFolder, desktops_below
from deskbay.desktops.runtimes.local.liveness import claimed

DESKTOP = UUID("0123456789abcdef0123456789abcdef")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a path short enough for the sockets in it."""
    with TemporaryDirectory(prefix="deskbay-") as folder:
        yield Path(folder)


@pytest.fixture
def folder(data: Path) -> DesktopFolder:
    folder = DesktopFolder.of(data, DESKTOP)
    folder.create()
    return folder


def test_a_folder_is_for_the_server_alone(folder: DesktopFolder, data: Path) -> None:
    assert folder.path == data / "run" / DESKTOP.hex
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert folder.lock.stat().st_mode & 0o777 == 0o600


def test_the_display_listens_for_this_user_alone(folder: DesktopFolder) -> None:
    with folder.listen(), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(folder.display))
        assert folder.display.stat().st_mode & 0o777 == 0o600


def test_a_path_that_no_socket_fits_in_is_refused_with_the_number_of_bytes(data: Path) -> None:
    too_long = 107 + 2
    deep = data / ("x" * (too_long - len(f"{data}//run/{DESKTOP.hex}/vnc")))
    folder = DesktopFolder.of(deep, DESKTOP)
    folder.create()
    with pytest.raises(LaunchError, match="data folder is 2 bytes too long"):
        folder.listen()


def test_words_add_up(folder: DesktopFolder) -> None:
    assert folder.words() == set()
    folder.say("launched")
    folder.say("ready")
    assert folder.words() == {"launched", "ready"}


def test_words_that_are_no_text_do_no_harm(folder: DesktopFolder) -> None:
    folder.state.write_bytes(b"ready\n\xff\xfe\n")
    assert "ready" in folder.words()


def test_a_claim_keeps_a_desktop_alive(folder: DesktopFolder) -> None:
    with claimed(folder.state):
        assert (folder.is_alive, folder.is_quiet) == (True, False)
    assert (folder.is_alive, folder.is_quiet) == (False, True)


def test_a_router_keeps_a_desktop_from_being_quiet(folder: DesktopFolder) -> None:
    with claimed(folder.router):
        assert (folder.is_alive, folder.is_quiet) == (False, False)
    assert (folder.is_alive, folder.is_quiet) == (False, True)


def test_groups_are_remembered(folder: DesktopFolder) -> None:
    assert folder.read_groups() == []
    groups = [Path("/sys/fs/cgroup/memory/deskbay-1"), Path("/sys/fs/cgroup/cpu/deskbay-1")]
    folder.write_groups(groups)
    assert folder.read_groups() == groups


def test_the_tail_is_the_last_lines_of_a_long_log(folder: DesktopFolder) -> None:
    assert folder.tail() == []
    folder.log.write_text("".join(f"line {number}\n" for number in range(100_000)))
    assert folder.tail() == [f"line {number}" for number in range(99_800, 100_000)]
    folder.log.write_bytes(b"\xff broken\n")
    assert folder.tail() == ["\N{REPLACEMENT CHARACTER} broken"]


def test_clearing_leaves_the_log_if_something_was_printed(folder: DesktopFolder) -> None:
    folder.say("ready")
    (folder.etc / "passwd").touch()
    folder.log.write_text("printed")
    folder.clear()
    assert list(folder.path.iterdir()) == [folder.log]
    folder.log.write_text("")
    folder.clear()
    assert not folder.path.exists()
    folder.clear()


def test_only_folders_of_desktops_count(tmp_path: Path) -> None:
    assert desktops_below(tmp_path) == set()
    DesktopFolder.of(tmp_path, DESKTOP).create()
    (tmp_path / "run" / "lost+found").mkdir()
    assert desktops_below(tmp_path) == {DESKTOP}
