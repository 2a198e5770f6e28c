"""What /proc tells of processes that really run."""

import ctypes
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.agent.processes.linux import (
    children_of,
    environment_of,
    folder_of,
    foreground_of,
    open_files,
    processes_with,
    read_process,
    watched_inodes,
)

NOBODY = 2**30
"""The number of no process."""

SLEEPER = "import sys, time; print('up', flush=True); time.sleep(600)"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@contextmanager
def running(*command: str, folder: Path | None = None, **environment: str) -> Iterator[int]:
    """A process that has said a word, until the end."""
    with subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.kill()


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_arguments_with_blanks_stay_whole(tmp_path: Path, stack: ExitStack) -> None:
    arguments = (sys.executable, "-c", SLEEPER, "/a path/with blanks", "", "ä")
    process = read_process(stack.enter_context(running(*arguments, folder=tmp_path)))
    assert process is not None
    assert process.command == arguments
    assert Path(process.exe) == Path(sys.executable).resolve()
    assert process.folder == str(tmp_path)


def test_a_program_that_wrote_its_arguments_as_one_line(stack: ExitStack) -> None:
    """As Chromium does."""
    reader = str(Path("/bin/cat").resolve())
    process = read_process(stack.enter_context(reading_as(reader, f"{reader} --type=x 600")))
    assert process is not None
    assert process.command == (reader, "--type=x", "600")


@contextmanager
def reading_as(reader: str, name: str) -> Iterator[int]:
    """A process that calls itself by a name, has given back a line, and waits for another."""
    with subprocess.Popen([name], executable=reader, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"up\n")
        process.stdin.flush()
        process.stdout.readline()
        yield process.pid


def test_what_is_gone_tells_nothing() -> None:
    assert read_process(NOBODY) is None
    assert folder_of(NOBODY) is None
    assert environment_of(NOBODY) == {}
    assert children_of(NOBODY) == []
    assert list(open_files(NOBODY)) == []
    assert watched_inodes(NOBODY) == set()
    assert foreground_of(NOBODY) == NOBODY


def test_its_environment_and_those_with_something_in_it(stack: ExitStack) -> None:
    process = stack.enter_context(running(sys.executable, "-c", SLEEPER, DESKBAY_TRY="a=b c"))
    assert environment_of(process)["DESKBAY_TRY"] == "a=b c"
    assert list(processes_with("DESKBAY_TRY", "a=b c")) == [process]
    assert list(processes_with("DESKBAY_TRY", "a=b")) == []


def test_its_children_the_eldest_first(stack: ExitStack, tmp_path: Path) -> None:
    tell = "sleep 600 & echo $! >>order; sleep 600 & echo $! >>order; echo up; wait"
    process = stack.enter_context(running("sh", "-c", tell, folder=tmp_path))
    children = children_of(process)
    for child in children:
        stack.callback(os.kill, child, 9)
    assert children == [int(line) for line in (tmp_path / "order").read_text().split()]


def test_its_files(tmp_path: Path, stack: ExitStack) -> None:
    file = tmp_path / "a file"
    file.touch()
    stack.enter_context(file.open())
    assert str(file) in open_files(os.getpid())


def test_what_runs_in_a_terminal_is_where_one_works(tmp_path: Path, stack: ExitStack) -> None:
    shell, terminal = pty.fork()
    if shell == 0:
        os.execvp("bash", ["bash", "--norc", "-i"])  # noqa: S606 - a shell is what is wanted
    stack.callback(os.close, terminal)
    stack.callback(os.waitpid, shell, 0)
    stack.callback(os.kill, shell, 9)
    assert folder_of(foreground_of(shell)) == str(Path.cwd())
    os.write(terminal, f"cd '{tmp_path}'; sleep 600\n".encode())
    until(lambda: foreground_of(shell) != shell and folder_of(foreground_of(shell)) == str(tmp_path))
    assert children_of(shell) == [foreground_of(shell)]


def test_the_folders_it_watches(tmp_path: Path, stack: ExitStack) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    watcher = libc.inotify_init1(os.O_CLOEXEC)
    stack.callback(os.close, watcher)
    assert libc.inotify_add_watch(watcher, os.fsencode(tmp_path), 0x100) > 0
    found = tmp_path.stat()
    assert (found.st_dev, found.st_ino) in watched_inodes(os.getpid())


@given(st.integers(NOBODY, 2**31 - 1))
def test_no_number_is_an_error(process: int) -> None:
    assert read_process(process) is None
