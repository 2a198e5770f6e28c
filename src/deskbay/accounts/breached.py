"""Passwords that are known from break-ins, and so are tried first."""

import os
from hashlib import sha1
from io import BufferedReader
from pathlib import Path

from zxcvbn.frequency_lists import FREQUENCY_LISTS

COMMONEST = frozenset(FREQUENCY_LISTS["passwords"])


def is_breached(password: str, hashes: Path | None = None) -> bool:
    """Tell whether a password is one of the 30,000 that are used most, or in a file of hashes.

    The file is sorted, a line each: SHA-1 in hex or the beginning of one, and whatever follows a colon, as Have I
    Been Pwned offers it. It is searched where it lies: of 40 GB about forty lines are read. Raises OSError.
    """
    return password.lower() in COMMONEST or (hashes is not None and _is_in(hashes, _digest(password)))


def _digest(password: str) -> bytes:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()


def _is_in(path: Path, digest: bytes) -> bool:
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            listed = _hash_after(file, middle)
            if listed and digest.startswith(listed):
                return True
            if listed and listed < digest:
                low = middle + 1
            else:
                high = middle
        return bool(first := _first_hash(file)) and digest.startswith(first)


def _hash_after(file: BufferedReader, place: int) -> bytes:
    """Return the hash on the first line that begins after a place; nothing at the end of the file."""
    file.seek(place)
    file.readline()
    return _hash_in(file.readline())


def _first_hash(file: BufferedReader) -> bytes:
    file.seek(0)
    return _hash_in(file.readline())


def _hash_in(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().upper()
