import asyncio
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.desktops.runtimes.local.conftest import WAIT_SECONDS, descendants

from deskbay.desktops.runtimes.local.liveness import (
    claimed,
    first_process,
    first_process_of,
    holder,
    is_claimed,
    kill_holder,
    until,
)

HOLD = "import fcntl, sys; f = open(sys.argv[1]); fcntl.lockf(f, fcntl.LOCK_SH); print('held', flush=True); input()"
SANDBOX = ["bwrap", "--unshare-user", "--unshare-pid", "--dev-bind", "/", "/", "--proc", "/proc"]


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    lock = tmp_path / "lock"
    lock.touch()
    return lock


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A process that says a word once it is ready, and is ended afterwards."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_nobody_holds_a_lock_that_is_free_or_not_there(lock: Path) -> None:
    assert holder(lock) is None
    assert holder(lock.with_name("missing")) is None
    assert first_process_of(lock) is None


def test_the_holder_is_named_until_it_ends(lock: Path) -> None:
    with running(sys.executable, "-c", HOLD, str(lock)) as process:
        assert holder(lock) == process.pid
    assert holder(lock) is None


def test_a_holder_outside_of_any_sandbox_has_no_first_process(lock: Path) -> None:
    with running(sys.executable, "-c", HOLD, str(lock)) as process:
        assert first_process(process.pid) is None
        assert first_process_of(lock) is None


async def test_a_holder_inside_leads_to_the_first_process_of_its_sandbox(lock: Path) -> None:
    """Also from a sandbox within it, whose own first process is not the one that counts."""
    inner = ["unshare", "-Upf", "--kill-child", sys.executable, "-c", HOLD, str(lock)]
    with running(*SANDBOX, "sh", "-c", 'echo up; "$@"; true', "sh", *inner):
        async with asyncio.timeout(WAIT_SECONDS):
            await until(lambda: holder(lock) is not None)
        first, held_by = first_process_of(lock), holder(lock)
        assert first is not None
        assert held_by is not None
        assert (depth_of(held_by), depth_of(first)) == (depth_of(os.getpid()) + 2, depth_of(os.getpid()) + 1)
        assert first != held_by


def depth_of(process: int) -> int:
    """How many process namespaces a process is in."""
    return len(Path(f"/proc/{process}/status").read_text().split("NSpid:")[1].splitlines()[0].split())


async def test_killing_the_holder_ends_the_whole_sandbox(lock: Path) -> None:
    script = 'sleep 1000 & sleep 1000 & echo up; exec "$@"'
    with running(*SANDBOX, "sh", "-c", script, "sh", sys.executable, "-c", HOLD, str(lock)) as process:
        async with asyncio.timeout(WAIT_SECONDS):
            await until(lambda: holder(lock) is not None)
            first = first_process_of(lock)
            assert first is not None
            inside = list(descendants(first))
            await kill_holder(lock)
        assert holder(lock) is None
        assert len(inside) == 3
        assert [process for process in inside if is_alive(process)] == []
        assert process.wait(WAIT_SECONDS) != 0


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_killing_nobody_does_nothing(lock: Path) -> None:
    await kill_holder(lock)
    with running(sys.executable, "-c", HOLD, str(lock)) as process:
        await kill_holder(lock)
        assert process.poll() is None


def test_a_claim_lasts_as_long_as_somebody_has_it(tmp_path: Path) -> None:
    file = tmp_path / "claim"
    assert not is_claimed(file)
    with claimed(file) as claim:
        assert is_claimed(file)
        heir = subprocess.Popen(["sleep", "1000"], stdout=claim)
    assert is_claimed(file)
    heir.kill()
    heir.wait()
    assert not is_claimed(file)


def test_a_claim_is_given_once(tmp_path: Path) -> None:
    with claimed(tmp_path / "claim"), pytest.raises(BlockingIOError), claimed(tmp_path / "claim"):
        pass


def test_asking_for_a_claim_takes_it_from_nobody(tmp_path: Path) -> None:
    file = tmp_path / "claim"
    with claimed(file):
        pass
    asking = os.open(file, os.O_RDONLY)
    fcntl.flock(asking, fcntl.LOCK_SH)
    assert not is_claimed(file)
    os.close(asking)
