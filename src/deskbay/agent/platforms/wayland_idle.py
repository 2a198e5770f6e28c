"""How long nobody has touched keyboard or mouse, as a Wayland compositor tells.

Spoken is as much of the Wayland protocol as this takes: its wire format, wl_display, wl_registry, and either
ext_idle_notifier_v1 (wayland-protocols, staging) or, on older ones, org_kde_kwin_idle (plasma-wayland-protocols).
"""

import os
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

from deskbay.agent.platforms import NoDesktop

QUIET_MILLISECONDS = 1000
"""Only a rest that is longer is told."""

_DISPLAY, _REGISTRY, _DONE, _SEAT, _NOTIFIER, _NOTICE = 1, 2, 3, 4, 5, 6
_SYNC, _GET_REGISTRY, _BIND = 0, 1, 0
_GLOBAL = 0
_NEW, _OLD = "ext_idle_notifier_v1", "org_kde_kwin_idle"
_GET_IDLE_NOTIFICATION, _GET_IDLE_TIMEOUT = 1, 0
_IDLE = 0
_HEADER = struct.Struct("=II")
_ANSWER_SECONDS = 10


class WaylandIdle:
    """Listens to one compositor. Raises NoDesktop when there is none, or when it does not tell of idleness."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._received = b""
        self._connection = _connected()
        self._send(_DISPLAY, _GET_REGISTRY, _number(_REGISTRY))
        self._send(_DISPLAY, _SYNC, _number(_DONE))
        globals_ = dict(self._globals())
        kind = next((name for name in (_NEW, _OLD) if name in globals_), None)
        if kind is None or "wl_seat" not in globals_:
            self.close()
            raise NoDesktop("This desktop does not tell whether anybody is there. Use sway, or an X11 session.")
        self._bind(globals_["wl_seat"], "wl_seat", _SEAT)
        self._bind(globals_[kind], kind, _NOTIFIER)
        self._ask_for_notice(kind)

    def close(self) -> None:
        self._connection.close()

    def idle_seconds(self) -> float:
        """Zero as long as the rest is too short to be told."""
        for sender, opcode, _ in self._waiting():
            if sender == _NOTICE:
                self._since = monotonic() - QUIET_MILLISECONDS / 1000 if opcode == _IDLE else None
        return 0.0 if self._since is None else monotonic() - self._since

    def _globals(self) -> Iterator[tuple[str, int]]:
        """What the compositor offers: the names of interfaces, and the numbers to have them by."""
        while True:
            for sender, opcode, body in self._messages(self._read()):
                if sender == _DONE:
                    return
                if (sender, opcode) == (_REGISTRY, _GLOBAL):
                    number, length = struct.unpack_from("=II", body)
                    yield body[8 : 8 + length - 1].decode(), number

    def _bind(self, number: int, interface: str, new: int) -> None:
        self._send(_REGISTRY, _BIND, _number(number) + _text(interface) + _number(1) + _number(new))

    def _ask_for_notice(self, kind: str) -> None:
        notice, seat, quiet = _number(_NOTICE), _number(_SEAT), _number(QUIET_MILLISECONDS)
        if kind == _NEW:
            self._send(_NOTIFIER, _GET_IDLE_NOTIFICATION, notice + quiet + seat)
        else:
            self._send(_NOTIFIER, _GET_IDLE_TIMEOUT, notice + seat + quiet)

    def _waiting(self) -> Iterator[tuple[int, int, bytes]]:
        while select.select([self._connection], [], [], 0)[0]:
            yield from self._messages(self._read())

    def _messages(self, received: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Whole messages: the object that sends, what it says, and with what."""
        self._received += received
        while len(self._received) >= _HEADER.size:
            sender, word = _HEADER.unpack_from(self._received)
            size = word >> 16
            if len(self._received) < size:
                return
            body, self._received = self._received[_HEADER.size : size], self._received[size:]
            yield sender, word & 0xFFFF, body

    def _send(self, receiver: int, opcode: int, body: bytes) -> None:
        try:
            self._connection.sendall(_HEADER.pack(receiver, (_HEADER.size + len(body)) << 16 | opcode) + body)
        except OSError as error:
            raise NoDesktop("The desktop has ended.") from error

    def _read(self) -> bytes:
        received = b""
        with suppress(OSError):
            received = self._connection.recv(65536)
        if not received:
            raise NoDesktop("The desktop has ended.")
        return received


def _connected() -> socket.socket:
    folder, name = os.environ.get("XDG_RUNTIME_DIR", ""), os.environ.get("WAYLAND_DISPLAY", "wayland-0")
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        connection.connect(str(Path(folder, name)))
    except OSError as error:
        connection.close()
        raise NoDesktop(
            f"There is no Wayland desktop {name}: {error.strerror}. Start this within its session."
        ) from error
    return connection


def _number(value: int) -> bytes:
    return struct.pack("=I", value)


def _text(value: str) -> bytes:
    text = value.encode() + b"\0"
    return _number(len(text)) + text + b"\0" * (-len(text) % 4)
