"""What tests of accounts may ask for: passwords that are hashed quickly, where a test is about something else."""

from functools import cache

import pytest
from argon2 import PasswordHasher
from tests import people

from deskbay.accounts import passwords

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@cache
def quick_hash() -> str:
    return QUICK.hash(people.PASSWORD)


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    monkeypatch.setattr(people, "password_hash", quick_hash)
