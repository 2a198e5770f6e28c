"""How long, and for how much, the server waits while a client sends: uvicorn itself would wait for ever."""

import asyncio
from math import inf

from uvicorn import Server
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_SECONDS = 20.0
"""How long a request may take to its last header, or a connection to its first request."""
LARGEST_HEAD = 64 * 1024
"""Bytes of a request line and headers."""
BODY_SECONDS = 30.0
SLOWEST_BYTES = 4096
"""A body may take so many seconds, and one more for each so many bytes that have come."""
TICKS_OF_A_SECOND = 10


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which knows until when what it waits for has to be there."""

    late_at = inf
    """When the client is too late, by the loop's clock. Nothing is awaited from it while it waits for an answer."""
    _head_bytes = 0
    _is_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self.late_at == inf and not self._is_answering():
            self._await_head()
        super().data_received(data)
        if self._is_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self.give_up(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        self._is_head = False
        self.late_at = self.loop.time() + BODY_SECONDS
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.late_at += len(body) / SLOWEST_BYTES
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.late_at = inf
        super().on_message_complete()

    def give_up(self, status: int = 408) -> None:
        """Close the connection, with an answer where none is on its way."""
        if not self._is_answering() or not self.cycle.response_started:
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._is_head, self._head_bytes = True, 0
        self.late_at = self.loop.time() + HEAD_SECONDS


class PatientServer(Server):
    """uvicorn's server, which gives up on clients that are too late."""

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_OF_A_SECOND == 0:
            self._give_up_late()
        return await super().on_tick(counter)

    def _give_up_late(self) -> None:
        connections = [one for one in self.server_state.connections if isinstance(one, PatientProtocol)]
        for connection in connections:
            if connection.late_at < connection.loop.time():
                connection.give_up()
