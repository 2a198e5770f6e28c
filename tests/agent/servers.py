"""Servers that answer an agent as their names say, on loopback or on a Unix socket, with TLS or without."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Heard:
    """What was asked of a server, and what it answers."""

    requests: list[tuple[str, str, str | None, object]] = field(default_factory=list)
    status: int = 200
    answer: Mapping[str, object] = field(default_factory=dict)
    close_after_answer: bool = False
    events: list[bytes] = field(default_factory=list)

    @property
    def bodies(self) -> list[object]:
        return [body for _, _, _, body in self.requests]


def _handler(heard: Heard) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._note(json.loads(self.rfile.read(length)))
            self._answer()
            self.close_connection = heard.close_after_answer

        def do_GET(self) -> None:
            self._note(None)
            if heard.status != 200:
                self._answer()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for event in heard.events:
                self.wfile.write(event)
            self.close_connection = True

        def _note(self, body: object) -> None:
            heard.requests.append((self.command, self.path, self.headers["Authorization"], body))

        def _answer(self) -> None:
            text = json.dumps(heard.answer).encode()
            self.send_response(heard.status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class _UnixServer(ThreadingHTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, _ = self.socket.accept()
        return connection, ("", 0)


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[None]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def loopback_server(heard: Heard, certificate: Path | None = None) -> Iterator[int]:
    """Answer on a free port, by TLS where there is a certificate with its key. Gives the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(heard))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with _running(server):
        yield server.server_port


@contextmanager
def unix_server(heard: Heard, path: Path) -> Iterator[None]:
    """Answer on a Unix socket."""
    with _running(_UnixServer(str(path), _handler(heard))):  # type: ignore[arg-type] # a path is its address
        yield
