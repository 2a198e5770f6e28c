"""The socket that the server listens on, and who has the port when it can't be had."""

import errno
import socket
from contextlib import suppress

from deskbay.cli.failures import Failure

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket. Raises Failure when the address can't be had, saying who has it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise _not_ours(host) from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _refusal(error, host, port) from error
    return listener


def _refusal(error: OSError, host: str, port: int) -> Failure:
    if error.errno == errno.EADDRINUSE:
        taken = f"Port {port} is taken{_by_whom(port)}."
        return Failure(
            f"{taken} End that, or choose another port, such as --port {_free_port(host)}.", kind="port-taken"
        )
    if error.errno == errno.EACCES:
        return Failure(f"Port {port} is only for root. Choose one above 1023 with --port.", kind="port-forbidden")
    return _not_ours(host)


def _not_ours(host: str) -> Failure:
    what = f"{host} is no address of this machine."
    return Failure(f"{what} Choose one with --host, such as 127.0.0.1.", kind="no-such-address")


def _by_whom(port: int) -> str:
    import psutil

    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""


def _free_port(host: str) -> int:
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        port: int = probe.getsockname()[1]
        return port


def address_of(listener: socket.socket) -> str:
    """Return the address for a client on this machine, such as `http://127.0.0.1:8000`."""
    host, port = listener.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
