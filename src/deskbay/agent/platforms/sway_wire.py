"""What is said to sway over its socket, and what it tells (sway-ipc(7))."""

import json
import select
import socket
import struct
from collections.abc import Iterator, Mapping
from enum import IntEnum

from deskbay.agent.platforms import NoDesktop

_MAGIC = b"i3-ipc"
_HEADER = struct.Struct("=6sII")
_EVENT = 1 << 31
_ANSWER_SECONDS = 30

Node = Mapping[str, object]


class Message(IntEnum):
    """What can be asked."""

    RUN_COMMAND = 0
    GET_WORKSPACES = 1
    SUBSCRIBE = 2
    GET_TREE = 4


class Wire:
    """A connection for questions, and one for events, so that neither is mixed with the other."""

    def __init__(self, path: str) -> None:
        self._questions, self._events = _connected(path), _connected(path)
        _send(self._events, Message.SUBSCRIBE, json.dumps(["window", "workspace", "output"]))
        _receive(self._events)

    def close(self) -> None:
        self._questions.close()
        self._events.close()

    def fileno(self) -> int:
        return self._events.fileno()

    def ask(self, message: Message, payload: str = "") -> object:
        """The answer to a question. Raises NoDesktop when sway has ended."""
        _send(self._questions, message, payload)
        return _receive(self._questions)[1]

    def run(self, window: int, *commands: str) -> None:
        """Do something with a window."""
        self.ask(Message.RUN_COMMAND, ";".join(f"[con_id={window}] {command}" for command in commands))

    def happenings(self) -> Iterator[str]:
        """What changed since the last call, as the name of the change. Raises NoDesktop when sway has ended."""
        while select.select([self._events], [], [], 0)[0]:
            kind, told = _receive(self._events)
            if kind & _EVENT and isinstance(told, dict):
                yield str(told.get("change", ""))


def _connected(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        connection.connect(path)
    except OSError as error:
        connection.close()
        raise NoDesktop(f"sway does not answer at {path}: {error.strerror}. Start this within its session.") from error
    return connection


def _send(connection: socket.socket, message: Message, payload: str) -> None:
    text = payload.encode()
    try:
        connection.sendall(_HEADER.pack(_MAGIC, len(text), message) + text)
    except OSError as error:
        raise _ended() from error


def _receive(connection: socket.socket) -> tuple[int, object]:
    _, length, kind = _HEADER.unpack(_exactly(connection, _HEADER.size))
    return kind, json.loads(_exactly(connection, length))


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        try:
            part = connection.recv(count - len(received))
        except OSError as error:
            raise _ended() from error
        if not part:
            raise _ended()
        received += part
    return bytes(received)


def _ended() -> NoDesktop:
    return NoDesktop("The desktop has ended.")
