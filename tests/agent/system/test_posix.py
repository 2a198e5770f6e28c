"""What Linux and macOS have in common."""

import os
import time
from pathlib import Path

from deskbay.agent.system import posix


def test_one_at_a_time_has_a_file_for_itself(tmp_path: Path) -> None:
    first, second = (os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT) for _ in range(2))
    assert posix.lock(first)
    assert not posix.lock(second)
    os.close(first)
    assert posix.lock(second)
    os.close(second)


def test_time_goes_on() -> None:
    before = posix.elapsed()
    time.sleep(0.05)
    assert posix.elapsed() - before >= 50


def test_memory_that_was_used_for_a_moment_is_given_back() -> None:
    blocks = [b"x" * 50_000 for _ in range(400)]
    last = blocks.pop()  # it lies above all the others
    blocks.clear()
    before = resident()
    posix.give_back()
    assert before - resident() > 5_000_000
    assert last


def resident() -> int:
    """The bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
