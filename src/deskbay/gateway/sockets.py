"""The way to a display: a port, or a socket of which the person inside may be the owner."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskbay.desktops.runtimes import Display, TcpDisplay


async def connect_to(display: Display) -> socket.socket:
    """Return a connection, which does not block. Raises OSError."""
    if isinstance(display, TcpDisplay):
        return await _connect_to_port(display.host, display.port)
    with address_of(display.path) as address:
        return await _connect(socket.AF_UNIX, address)


async def _connect_to_port(host: str, port: int) -> socket.socket:
    """Connect with the first of a host's addresses that takes it."""
    failures: list[OSError] = []
    for family, _, _, _, address in await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return await _connect(family, address)
        except OSError as error:
            failures.append(error)
    raise failures[0]


async def _connect(family: int, address: tuple[object, ...] | str) -> socket.socket:
    connection = socket.socket(family)
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def address_of(path: Path) -> Iterator[str]:
    """An address of what is at a path, for as long as the context lasts. A link there leads nowhere: whoever makes
    one wants the server to connect to what only the server may. Raises OSError when nothing is there.
    """
    descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
