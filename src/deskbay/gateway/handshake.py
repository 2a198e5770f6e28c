"""How an RFB conversation begins (RFC 6143, 7.1): the gateway enters a VNC server, and lets a browser in without.

So a server's password is the gateway's, and no browser sees it.
"""

import asyncio
import re
import socket
from collections.abc import Callable

from deskbay.kit.vnc import answer

VERSION = b"RFB 003.008\n"
NO_SECURITY, PASSWORD = 1, 2
SECURITY_OK = bytes(4)
CHALLENGE_BYTES = 16


class RfbError(Exception):
    """The VNC server is not there, too slow, or says what it must not. Its text is a sentence of 120 bytes at most."""


async def read_from(server: socket.socket, size: int) -> bytearray:
    """Return so many bytes. Raises RfbError when the server hangs up before."""
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        received = await asyncio.get_running_loop().sock_recv_into(server, rest)
        if not received:
            raise RfbError("The VNC server hung up.")
        rest = rest[received:]
    return data


async def enter(server: socket.socket, password: str | None) -> None:
    """Agree with a VNC server on RFB 3.8, and pass its security with the password where it wants one.

    The client's first message is what it expects then. Raises RfbError.
    """
    if re.fullmatch(rb"RFB 003\.(?!00[0-7])\d{3}\n", await read_from(server, len(VERSION))) is None:
        raise RfbError("The VNC server doesn't speak RFB 3.8.")
    await _send(server, VERSION)
    (count,) = await read_from(server, 1)
    offered = await read_from(server, count)
    if NO_SECURITY in offered:
        await _send(server, bytes([NO_SECURITY]))
    elif PASSWORD in offered and password is not None:
        await _send(server, bytes([PASSWORD]))
        await _send(server, answer(password, bytes(await read_from(server, CHALLENGE_BYTES))))
    else:
        raise RfbError(_why_not(offered))
    if await read_from(server, len(SECURITY_OK)) != SECURITY_OK:
        refused = "refused the password" if NO_SECURITY not in offered else "refused the connection"
        raise RfbError(f"The VNC server {refused}.")


def _why_not(offered: bytearray) -> str:
    if not offered:
        return "The VNC server refused the connection."
    return "The VNC server wants a password." if PASSWORD in offered else "The VNC server wants other security."


async def _send(server: socket.socket, data: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(server, data)


class Welcome:
    """The server's part towards a browser, which is let in without security. `say` sends it something."""

    def __init__(self, say: Callable[[bytes], None]) -> None:
        self._say = say
        self._heard = bytearray()
        self._steps = [(VERSION, bytes([1, NO_SECURITY])), (bytes([NO_SECURITY]), SECURITY_OK)]
        say(VERSION)

    def hear(self, payload: bytes) -> bytes | None:
        """Take what the browser says, and return what it says to the server once it is in; None until then.

        Raises RfbError when it says something else than a browser that wants to come in.
        """
        self._heard += payload
        while self._steps and len(self._heard) >= len(self._steps[0][0]):
            expected, reply = self._steps.pop(0)
            if not self._heard.startswith(expected):
                raise RfbError("Speak RFB 3.8, and choose no security.")
            del self._heard[: len(expected)]
            self._say(reply)
        return None if self._steps else bytes(self._heard)
