"""Passwords are kept as Argon2id, and it takes the same work to refuse nobody."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError

from deskbay.accounts import passwords
from deskbay.accounts.passwords import hash_password, is_outdated, is_password

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
STORED = QUICK.hash("secret")
SECONDS = 30


class CountingHasher(PasswordHasher):
    """Remembers which hashes it was asked to verify, and how many threads did so at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=1024, parallelism=1)
        self.verified: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        with self._lock:
            self.verified.append(str(hash))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return super().verify(hash, password)
        finally:
            with self._lock:
                self._at_once -= 1


class PatientHasher(CountingHasher):
    """Hashes and verifies once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun, self.may_go_on = threading.Event(), threading.Event()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self._wait()
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        self._wait()
        return super().verify(hash, password)

    def _wait(self) -> None:
        self.has_begun.set()
        assert self.may_go_on.wait(SECONDS)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


async def test_a_password_is_known_again_and_another_is_not() -> None:
    stored = await hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "correct horse" not in stored
    assert await is_password("correct horse", stored)
    assert not await is_password("correct house", stored)


async def test_the_same_password_is_stored_differently_each_time(hasher: CountingHasher) -> None:
    assert await hash_password("same") != await hash_password("same")
    assert hasher.verified == []


async def test_composed_and_decomposed_letters_are_the_same_password(hasher: CountingHasher) -> None:
    assert await is_password("pa\u0308ssword", await hash_password("p\u00e4ssword"))
    assert len(hasher.verified) == 1


async def test_for_nobody_a_hash_of_the_same_cost_is_verified(hasher: CountingHasher) -> None:
    real = await hash_password("secret")
    assert not await is_password("secret", None)
    (nobodys,) = hasher.verified
    assert nobodys.rsplit("$", 2)[0] == real.rsplit("$", 2)[0]
    assert len(nobodys) == len(real)


async def test_a_hash_that_is_none_is_an_error_and_not_a_wrong_password() -> None:
    with pytest.raises(InvalidHashError):
        await is_password("secret", "plain text")


async def test_older_parameters_are_outdated() -> None:
    assert is_outdated(QUICK.hash("secret"))
    assert not is_outdated(passwords.HASHER.hash("secret"))


async def test_no_more_threads_hash_than_there_are_processors(hasher: CountingHasher) -> None:
    stored = await hash_password("secret")
    await asyncio.gather(*(is_password("secret", stored) for _ in range(20)))
    assert len(hasher.verified) == 20
    assert 1 <= hasher.most_at_once <= passwords.AT_ONCE


@pytest.mark.parametrize("work", [lambda: hash_password("secret"), lambda: is_password("secret", STORED)])
async def test_the_event_loop_goes_on_while_a_password_is_hashed(
    work: Callable[[], Coroutine[None, None, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = PatientHasher()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    hashing = asyncio.create_task(work())
    assert await asyncio.to_thread(hasher.has_begun.wait, SECONDS)
    assert not hashing.done()
    hasher.may_go_on.set()
    assert await hashing
