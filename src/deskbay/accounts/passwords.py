"""Passwords, kept as Argon2id.

Hashing takes tens of milliseconds and 64 MiB each time: it is done in threads, as many as there are processors.
Never call it within a transaction that writes, which would make everyone else wait for it.
"""

import asyncio
import os
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

HASHER = PasswordHasher()
AT_ONCE = os.cpu_count() or 1
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")

Result = TypeVar("Result")


async def hash_password(password: str) -> str:
    """Return what is stored in place of a password."""
    return await _in_thread(lambda: HASHER.hash(_normal(password)))


async def is_password(password: str, stored: str | None) -> bool:
    """Tell whether this is the stored password. It takes the same time when nothing is stored."""
    return await _in_thread(lambda: _matches(stored or _nobodys_hash(), _normal(password)))


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except VerifyMismatchError:
        return False


def _normal(password: str) -> str:
    # Keyboards differ in how they compose ä: the same keys have to give the same password.
    return unicodedata.normalize("NFC", password)


def _nobodys_hash() -> str:
    """Return a hash with today's parameters that no known password has."""
    salt, tag = (b64encode(os.urandom(size)).decode().rstrip("=") for size in (HASHER.salt_len, HASHER.hash_len))
    return f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}${salt}${tag}"


async def _in_thread(work: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)
