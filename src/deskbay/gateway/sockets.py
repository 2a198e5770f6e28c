"""The socket of a desktop's VNC server, of which the person inside may be the owner."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def address_of(socket: Path) -> Iterator[str]:
    """An address of what is at a path, for as long as the context lasts. A link there leads nowhere: whoever makes
    one wants the server to connect to what only the server may. Raises OSError when nothing is there.
    """
    descriptor = os.open(socket, os.O_PATH | os.O_NOFOLLOW)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
