"""Ports of loopback for programs that have to be told theirs."""

import os
import socket
from contextlib import closing
from itertools import count

FIRST, MANY = 20_000, 12_000
"""Below those that Linux gives to connections, and to who asks for any port: nobody takes one of them by chance."""
_claims: list[socket.socket] = []
_steps = count(os.getpid())


def free_port() -> int:
    """Return a port that nobody listens at, and that nobody else is given as long as this process lives."""
    while True:
        port = FIRST + next(_steps) % MANY
        if _claim(port) and not _has_a_listener(port):
            return port


def _claim(port: int) -> bool:
    """Claim a port among all processes of tests. Tell whether nobody else has it."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0deskbay-tests-port-{port}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def _has_a_listener(port: int) -> bool:
    with closing(socket.socket()) as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0
