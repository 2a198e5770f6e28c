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
