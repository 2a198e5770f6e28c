"""The way to the server: HTTPS with its certificate verified, plain HTTP to this device alone, or a Unix socket."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deskbay.agent.failures import Failed

if TYPE_CHECKING:
    from ssl import SSLContext

ANSWER_SECONDS = 30
UNIX = "unix:"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_UNAUTHORIZED = 401


class NoServer(Failed):
    """The server can't be reached, or can't answer now. Trying again later may help."""


class Refused(Failed):
    """The server does not want this, and would not the next time either; the text is its own."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status

    @property
    def is_unauthorized(self) -> bool:
        return self.status == _UNAUTHORIZED


class BadAddress(Failed):
    """This can't be a server's address; the text says what would do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: `https://desk.example.org`, `http://127.0.0.1:8000` or `unix:/path/to/a/socket`."""

    text: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.text)
        local = self.text.startswith(UNIX) and hasattr(socket, "AF_UNIX")  # which Python has not on Windows
        known = local or (parts.scheme in {"http", "https"} and parts.hostname and not parts.query)
        if not known or parts.username:
            raise BadAddress(f"{self.text} is no server's address. Give it like https://desk.example.org.")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise BadAddress(f"Nothing protects what is sent to {self.text}. Use an address that begins with https://.")

    def connect(self, seconds: float) -> HTTPConnection:
        """Return a connection that is opened with the first request; silence of so many seconds ends it."""
        parts = urlsplit(self.text)
        if self.text.startswith(UNIX):
            return _UnixConnection(self.text.removeprefix(UNIX), seconds)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return HTTPConnection(host, parts.port, timeout=seconds)
        return _https(host, parts.port, seconds)


def _https(host: str, port: int | None, seconds: float) -> HTTPConnection:
    from http.client import HTTPSConnection  # only where Python has OpenSSL: a desktop's agent does without

    return HTTPSConnection(host, port, timeout=seconds, context=_authorities())


@cache
def _authorities() -> "SSLContext":
    """Whose certificates are believed: those whom this device believes. Kept once, as they take memory.

    Where they lie one by one under the names that OpenSSL looks for, as on Debian, it reads those that it needs: all of
    them take more than a megabyte.
    """
    import ssl

    return ssl.create_default_context(capath=_folder_of_authorities())


def _folder_of_authorities() -> str | None:
    """Return where OpenSSL finds authorities one by one; None where it doesn't, or where a person named a file."""
    import ssl

    paths = ssl.get_default_verify_paths()
    if paths.openssl_cafile_env in os.environ or paths.capath is None:
        return None
    return paths.capath if next(Path(paths.capath).glob("*.0"), None) else None


class _UnixConnection(HTTPConnection):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Server:
    """Asks the server for things. One request at a time; the connection stays open between them."""

    def __init__(self, address: Address, token: str | None = None) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connection: HTTPConnection | None = None

    def post(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        """Return what the server answers. Raises NoServer or Refused."""
        text = json.dumps(body, separators=(",", ":")).encode()
        try:
            return self._post(path, text)
        except NoServer:
            return self._post(path, text)  # the connection may have been closed while nobody used it

    def _post(self, path: str, text: bytes) -> Mapping[str, object]:
        self._connection = self._connection or self._address.connect(ANSWER_SECONDS)
        headers = {**self._headers, "Content-Type": "application/json"}
        try:
            self._connection.request("POST", path, text, headers)
            response = self._connection.getresponse()
            return _answer(response, response.read())
        except (OSError, HTTPException) as error:
            self.close()
            raise NoServer(in_words(error)) from error

    def stream(self, path: str, silent_seconds: float) -> tuple[HTTPConnection, HTTPResponse]:
        """Return a stream of events, on a connection of its own. Raises NoServer or Refused."""
        connection = self._address.connect(silent_seconds)
        try:
            connection.request("GET", path, headers={**self._headers, "Accept": "text/event-stream"})
            response = connection.getresponse()
            if response.status != 200:  # noqa: PLR2004 - OK
                _answer(response, response.read())
        except Failed:
            connection.close()
            raise
        except (OSError, HTTPException) as error:
            connection.close()
            raise NoServer(in_words(error)) from error
        return connection, response

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def _answer(response: HTTPResponse, text: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(text) if text else {}
    except ValueError:
        document = {}
    fields: Mapping[str, object] = document if isinstance(document, dict) else {}
    detail = str(fields.get("detail", f"The server answers {response.status}."))
    if response.status >= 500 or response.status == 429:  # noqa: PLR2004 - later it may answer
        raise NoServer(detail)
    if response.status >= 400:  # noqa: PLR2004
        raise Refused(response.status, detail)
    return fields


def in_words(error: Exception) -> str:
    """Return what a person can make of it."""
    if distrust := getattr(error, "verify_message", ""):
        return f"the server's certificate is not to be trusted: {distrust}"
    return str(error) or type(error).__name__
