import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.agent.windows import a_process, open_window

from deskbay.agent.contents import Shown
from deskbay.agent.contents.shells import read
from deskbay.agent.processes import children_of, read_process
from deskbay.agent.rules import Rule

RULE = Rule("xterm")

TERMINAL = """
cd "$1"; WINDOWID=11 sleep 600 &
cd "$2"; WINDOWID=22 sleep 600 &
WINDOWID=11 sleep 600 &
WINDOWID=nonsense sleep 600 &
echo up; wait
"""


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[int]:
    """A process whose children are in two folders and say of which window they are."""
    (tmp_path / "a b").mkdir()
    command = ["setsid", "sh", "-c", TERMINAL, "sh", str(tmp_path), str(tmp_path / "a b")]
    with ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
        stack.callback(lambda: subprocess.run(["kill", "--", f"-{process.pid}"], check=True))
        assert process.stdout is not None
        process.stdout.readline()
        while not all(is_itself(child) for child in children_of(process.pid)):
            time.sleep(0.01)
        yield process.pid


def is_itself(child: int) -> bool:
    """Whether a child is no copy of the shell any more."""
    process = read_process(child)
    return process is not None and process.command[:1] == ("sleep",)


def test_each_window_has_the_folders_of_its_shells(terminal: int, tmp_path: Path) -> None:
    process = a_process("terminal", id_=terminal)
    assert read(process, [open_window(11), open_window(22), open_window(33)], RULE) == {
        11: Shown((str(tmp_path), str(tmp_path / "a b")), None),
        22: Shown((str(tmp_path / "a b"),), 0),
    }


def test_a_terminal_without_shells_has_no_folder() -> None:
    assert read(a_process("terminal"), [open_window(11)], RULE) == {}
