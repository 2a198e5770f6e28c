import socket
from pathlib import Path

import pytest
from tests.gateway.doubles import FakeVncServer

from deskbay.desktops.runtimes import UnixDisplay
from deskbay.gateway.handshake import RfbError
from deskbay.gateway.rfb import capture
from deskbay.gateway.sockets import address_of


def connect(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as viewer, address_of(path) as address:
        viewer.connect(address)


def test_a_socket_is_reached_however_long_its_path_is(vnc_socket: Path) -> None:
    far = vnc_socket.parent / ("a" * 120)
    far.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(vnc_socket))
        server.listen()
        vnc_socket.rename(far / "vnc")
        connect(far / "vnc")


async def test_a_link_to_a_socket_leads_nowhere(vnc_socket: Path) -> None:
    async with FakeVncServer(vnc_socket):
        link = vnc_socket.with_name("link")
        link.symlink_to(vnc_socket)
        with pytest.raises(OSError, match="refused"):
            connect(link)
        with pytest.raises(RfbError, match="refused"):
            await capture(UnixDisplay(link))
        connect(vnc_socket)


def test_nothing_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        connect(tmp_path / "vnc")
