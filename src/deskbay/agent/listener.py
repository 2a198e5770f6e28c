"""Hears the server's commands on a stream that is opened again whenever it breaks, in a thread of its own."""

import threading
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from deskbay.agent.connection import NoServer, Refused, Server, in_words
from deskbay.agent.events import Event, read_events
from deskbay.agent.waiting import Patience

SILENT_SECONDS = 60.0
"""The server says something every 15 seconds. After a minute of silence the connection is broken."""
LONGEST_LINE = 16 * 2**20


class Listener(threading.Thread):
    """Hands each event to `heard`. `failed` is told why there is no stream, and None when there is one."""

    def __init__(
        self, server: Server, heard: Callable[[Event], None], failed: Callable[[NoServer | Refused | None], None]
    ) -> None:
        super().__init__(name="listener", daemon=True)
        self._server = server
        self._heard = heard
        self._failed = failed
        self._leaving = threading.Event()
        self._patience = Patience()
        self._connection: HTTPConnection | None = None

    def leave(self) -> None:
        self._leaving.set()
        if self._connection is not None and self._connection.sock is not None:
            self._connection.sock.close()

    def run(self) -> None:
        while not self._leaving.is_set():
            try:
                self._listen()
            except (NoServer, Refused) as error:
                self._failed(error)
            self._leaving.wait(self._patience.next())

    def _listen(self) -> None:
        """Hear until the stream ends. Raises NoServer or Refused."""
        self._connection, stream = self._server.stream("/api/v1/agent/events", SILENT_SECONDS)
        try:
            for event in read_events(iter(lambda: stream.readline(LONGEST_LINE), b"")):
                self._patience.reset()
                self._failed(None)
                if event is not None:
                    self._heard(event)
        except (OSError, HTTPException, ValueError) as error:
            raise NoServer(in_words(error)) from error
        finally:
            self._connection.close()
        raise NoServer("the server ended the stream")
