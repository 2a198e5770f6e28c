"""Screens of desktops on an engine elsewhere, whose connections the engine carries.

No port is open there, and nobody needs rights on that host beside the engine's own.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from aiodocker.stream import Stream

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.tunnels import PIECE, Carry, first_end_of

TO_OUR_SCREEN = ["python3", "-ISE", "-c", Path(__file__).with_name("carry.py").read_text()]
TO_A_PORT = ["sh", "-c", Path(__file__).with_name("carry.sh").read_text(), "sh"]
LOOK_FOR_WHAT_CARRIES = ["sh", "-c", "command -v bash || command -v busybox || echo executable file for it not found"]
NOT_FOUND = re.compile("executable file .*not found")
"""What engines say, too, where not even a shell is: runc's word and crun's, which names it in between."""
OUTPUT = 1


def screen_in(engine: Engine, container: str) -> Carry:
    """Return the way to the screen of a container that is ours."""
    return _by(engine, container, TO_OUR_SCREEN)


def port_in(engine: Engine, container: str, port: int) -> Carry:
    """Return the way to a port of any container's."""
    return _by(engine, container, [*TO_A_PORT, str(port)])


def _by(engine: Engine, container: str, command: Sequence[str]) -> Carry:
    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(Unreachable, OSError):
            async with engine.conversation(container, command) as stream:
                await first_end_of(_carry_in(reader, stream), _carry_out(stream, writer))

    return carry


async def _carry_in(reader: asyncio.StreamReader, stream: Stream) -> None:
    while data := await reader.read(PIECE):
        await stream.write_in(data)


async def _carry_out(stream: Stream, writer: asyncio.StreamWriter) -> None:
    while message := await stream.read_out():
        if message.stream == OUTPUT:
            writer.write(message.data)
            await writer.drain()
