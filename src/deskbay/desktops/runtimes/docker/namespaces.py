"""Folders of this host in the mount namespace of a container: there alone, so that nothing is left when it is gone.

Linux 5.2 has the calls, open_tree(2) and move_mount(2), whose numbers are the same on all machines. It takes root.
"""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_OPEN_TREE, _MOVE_MOUNT = 428, 429
_HERE = -100
_CLONE, _RECURSIVE, _CLOSE_ON_EXEC = 0x1, 0x8000, os.O_CLOEXEC
_FROM_THE_DESCRIPTOR = 0x4
_CLONE_FS, _CLONE_NEWNS = 0x200, 0x20000
_PRIVATE = 0x4000 | 0x40000


def show_folder(folder: Path, namespace: int, place: str) -> None:
    """Mount a folder at a place of the mount namespace that a descriptor is of. Raises OSError."""
    tree = _done(_LIBC.syscall(_OPEN_TREE, _HERE, os.fsencode(folder), _CLONE | _RECURSIVE | _CLOSE_ON_EXEC))
    try:
        with ThreadPoolExecutor(1) as alone:  # a thread that ends there: it does not come back from where it goes
            alone.submit(_attach, tree, namespace, os.fsencode(place)).result()
    finally:
        os.close(tree)


def _attach(tree: int, namespace: int, place: bytes) -> None:
    _done(_LIBC.unshare(_CLONE_FS))
    _done(_LIBC.setns(namespace, _CLONE_NEWNS))
    _done(_LIBC.syscall(_MOVE_MOUNT, tree, b"", _HERE, place, _FROM_THE_DESCRIPTOR))
    _done(_LIBC.mount(None, place, None, _PRIVATE, None))


def _done(result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
