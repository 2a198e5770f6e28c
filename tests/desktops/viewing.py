"""A real desktop of a server's, seen by VNC (RFC 6143), and ended in any case."""

import asyncio
import socket
import struct
from pathlib import Path

from tests.serving import PATIENCE, ServerProcess

from deskbay.desktops.runtimes.local import LocalRuntime

EXTENDED_DESKTOP_SIZE = -308
"""The encoding that tells of sizes; whoever knows it may send SetDesktopSize."""


class Viewer:
    """Somebody who looks at the one desktop that runs: they have a mouse, and a screen of any size."""

    def __init__(self, server: ServerProcess) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(_display_of(server)))
        self._moves = 0
        for expected, answer in ((12, b"RFB 003.008\n"), (2, b"\x01"), (4, b"\x01")):
            self._socket.recv(expected, socket.MSG_WAITALL)
            self._socket.sendall(answer)
        self._socket.recv(24, socket.MSG_WAITALL)

    def move_mouse(self) -> None:
        self._moves += 1
        self._socket.sendall(struct.pack("!BBHH", 5, 0, 300 + self._moves % 2, 200))

    def resize(self, width: int, height: int) -> None:
        """Have the desktop take a size, and wait until it has it."""
        self._socket.sendall(struct.pack("!BxHi", 2, 1, EXTENDED_DESKTOP_SIZE))
        self._ask_for_changes()
        self._hear(struct.pack("!i", EXTENDED_DESKTOP_SIZE))
        self._socket.sendall(struct.pack("!BxHHBxIHHHHI", 251, width, height, 1, 0, 0, 0, width, height, 0))
        self._ask_for_changes()
        self._hear(struct.pack("!HHi", width, height, EXTENDED_DESKTOP_SIZE))

    def _ask_for_changes(self) -> None:
        """Only then anything is told."""
        self._socket.sendall(struct.pack("!BBHHHH", 3, 0, 0, 0, 1, 1))

    def _hear(self, what: bytes) -> None:
        heard = b""
        while what not in heard:
            part = self._socket.recv(4096)
            assert part, "the desktop hung up"
            heard += part

    def close(self) -> None:
        self._socket.close()


def _display_of(server: ServerProcess) -> Path:
    (display,) = (path for path in (server.data / "run").rglob("*") if path.is_socket())
    return display


def end_all(server: ServerProcess) -> None:
    """End the server, and every desktop that it left running."""
    server.kill()
    asyncio.run(_forget_all(LocalRuntime(server.data)))


async def _forget_all(runtime: LocalRuntime) -> None:
    for desktop in await runtime.owned():
        await runtime.forget(desktop)
