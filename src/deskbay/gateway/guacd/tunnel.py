"""Guacamole's instructions between a browser's WebSocket and guacd, as guacamole-common-js' WebSocketTunnel expects.

Each message is whole instructions in text. The first one is the id of the connection. Pings of the browser are
answered here. A close frame's reason is a status code of Guacamole's.
"""

from enum import IntEnum
from itertools import pairwise

from websockets.frames import Frame, Opcode
from websockets.typing import BytesLike

from deskbay.desktops.models import Clipboard
from deskbay.desktops.runtimes import TcpDisplay
from deskbay.gateway.entering import SIGNED_OUT
from deskbay.gateway.guacd.handshake import Handshake, Viewport
from deskbay.gateway.guacd.instructions import (
    BEYOND,
    INTERNAL,
    BadInstruction,
    Cutter,
    end_of_units,
    for_browser,
    from_browser,
    instruction,
)
from deskbay.gateway.relay import FINAL_TEXT, HEAD_ROOM, Ending, Relay, RelayEnd, Witness

Address = tuple[str, int]
"""Host and port."""
SCREEN = "0"
"""The layer that is the whole screen."""


class Status(IntEnum):
    """Guacamole's status codes, as far as we use them."""

    SUCCESS = 0
    UPSTREAM_ERROR = 515
    RESOURCE_CLOSED = 518
    UPSTREAM_NOT_FOUND = 519
    UPSTREAM_UNAVAILABLE = 520
    CLIENT_BAD_REQUEST = 768
    CLIENT_UNAUTHORIZED = 769


STATUSES = {
    RelayEnd.CLIENT_CLOSED: Status.SUCCESS,
    RelayEnd.CLIENT_LOST: Status.SUCCESS,
    RelayEnd.CLIENT_MISBEHAVED: Status.CLIENT_BAD_REQUEST,
    RelayEnd.DESKTOP_CLOSED: Status.RESOURCE_CLOSED,
    RelayEnd.DESKTOP_UNREACHABLE: Status.UPSTREAM_NOT_FOUND,
    RelayEnd.ENDED: Status.UPSTREAM_UNAVAILABLE,
}


class GuacdTunnel(Relay):
    """The relay to a desktop by way of guacd."""

    def __init__(
        self,
        guacd: Address,
        display: TcpDisplay,
        viewport: Viewport,
        clipboard: Clipboard = Clipboard.BOTH,
        witness: Witness | None = None,
    ) -> None:
        super().__init__()
        self._guacd, self._display, self._viewport = guacd, display, viewport
        self._clipboard, self._witness = clipboard, witness
        self._from_desktop, self._from_client = Cutter(), Cutter(end_of_units)
        self._sent, self._received = HEAD_ROOM, HEAD_ROOM
        self._unfinished = b""
        self._is_blocked = False

    async def _connect(self) -> None:
        self._desktop, handshake = await self._loop.create_connection(Handshake, *self._guacd)
        try:
            opened = await handshake.open(self._desktop, self._display, self._viewport, self._clipboard)
        except BaseException:
            self._desktop.abort()
            raise
        self._client.send_frame(_frame(instruction("", opened.id)))
        self._take_over(self._asked_size(), opened.rest)

    def _asked_size(self) -> bytes:
        """Return the screen's size as guacd tells it.

        guacd, 1.3 to 1.5 at least, begins to show before it has noted who looks: when it is slow, nobody hears its own.
        """
        return instruction("size", SCREEN, str(self._viewport.width), str(self._viewport.height))

    def _take_over(self, *begun: bytes) -> None:
        """Be the protocol from now on, beginning with what the browser is to have first."""
        self._desktop.set_protocol(self)
        for piece in filter(None, begun):
            self.get_buffer(len(piece))[: len(piece)] = piece
            self.buffer_updated(len(piece))
        self._desktop.resume_reading()

    def _reason(self, ending: Ending) -> str:
        status = Status.CLIENT_UNAUTHORIZED if ending.code == SIGNED_OUT else STATUSES[ending.end]
        return str(status.value)

    # What guacd's transport calls. Between the head-room and `_sent` is what was sent on, up to `_received` the rest.

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the size is ours
        kept = self._received - self._sent
        self._memory[HEAD_ROOM : HEAD_ROOM + kept] = self._memory[self._sent : self._received]
        self._sent, self._received = HEAD_ROOM, HEAD_ROOM + kept
        return self._memory[self._received :]

    def buffer_updated(self, nbytes: int) -> None:
        if self._ending.done():
            return
        self._received += nbytes
        data = bytes(self._memory[HEAD_ROOM : self._received])
        try:
            ends = self._from_desktop.cut(data)
        except BadInstruction as error:
            self._finish(Ending(RelayEnd.DESKTOP_CLOSED, reason=str(error)))
            return
        if ends:
            self._sent = HEAD_ROOM + ends[-1]
            if self._witness is not None:
                self._witness(self._memory[HEAD_ROOM : self._sent])
            self._show(data, ends)

    def _show(self, data: bytes, ends: list[int]) -> None:
        """Have the browser have the instructions that end there."""
        if data.isascii() or not BEYOND.search(data):  # the first is much quicker, and nearly always so
            self._send_frame(FINAL_TEXT, ends[-1])
            return
        whole = b"".join(for_browser(data[start:end]) for start, end in pairwise([0, *ends]))
        self._to_client += len(whole)
        self._client.send_frame(_frame(whole))

    # What the client's connection calls.

    def client_sent_text(self, payload: BytesLike) -> None:
        self.client_sent(payload)

    def client_sent(self, payload: BytesLike) -> None:
        data = self._unfinished + payload
        try:
            ends = self._from_client.cut(data)
        except BadInstruction as error:
            self._finish(Ending(RelayEnd.CLIENT_MISBEHAVED, reason=str(error)))
            return
        for start, end in pairwise([0, *ends]):
            self._take_instruction(data[start:end])
        self._unfinished = data[ends[-1] :] if ends else data

    def _take_instruction(self, whole: bytes) -> None:
        if self._ending.done():
            return
        if not whole.startswith(INTERNAL):
            self._send_on(from_browser(whole))
        elif not self._is_blocked:  # else what is on its way tells the client as well that we live
            self._client.send_frame(_frame(whole))

    def client_blocked(self) -> None:
        self._is_blocked = True
        super().client_blocked()

    def client_drained(self) -> None:
        self._is_blocked = False
        super().client_drained()


def _frame(whole: bytes) -> memoryview:
    return memoryview(Frame(Opcode.TEXT, whole).serialize(mask=False))
