"""What macOS tells of processes, from a double of its functions that fills memory as Apple's headers have it."""

import ctypes
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from deskbay.agent.processes import macos
from deskbay.agent.processes.process import Process

GONE = 0
SHELL, EDITOR, HIDDEN = 400, 401, 402


@dataclass
class FakeProcess:
    """A process of a Mac. `hidden` are those whose arguments the system does not tell."""

    path: str
    folder: str
    words: Sequence[str]
    environment: Sequence[str] = ()
    parent: int = 1
    group: int = 0
    hidden: bool = False


@dataclass
class FakeSystem:
    """The functions of libproc and sysctl that the agent asks."""

    processes: dict[int, FakeProcess] = field(default_factory=dict)

    def proc_pidpath(self, number: int, buffer: "ctypes.Array[ctypes.c_char]", size: int) -> int:
        if number not in self.processes:
            return GONE
        buffer.value = self.processes[number].path.encode()
        return min(len(buffer.value), size)

    def proc_pidinfo(
        self, number: int, what: int, _: ctypes.c_uint64, buffer: "ctypes.Array[ctypes.c_char]", size: int
    ) -> int:
        if number not in self.processes:
            return GONE
        process = self.processes[number]
        if what == 9:  # two folders, each 152 bytes about it and a path in 1024
            told = b"\1" * 152 + process.folder.encode().ljust(1024, b"\0") + b"\1" * 152 + b"/".ljust(1024, b"\0")
        else:
            assert what == 3
            told = b"\1" * 112 + struct.pack("=I", process.group) + b"\1" * 20
        assert len(told) == size
        buffer.raw = told
        return size

    def proc_listchildpids(self, number: int, numbers: "ctypes.Array[ctypes.c_int]", _: int) -> int:
        return self._list([each for each, process in self.processes.items() if process.parent == number], numbers)

    def proc_listallpids(self, numbers: "ctypes.Array[ctypes.c_int]", _: int) -> int:
        return self._list([*self.processes], numbers)

    def _list(self, found: list[int], numbers: "ctypes.Array[ctypes.c_int]") -> int:
        for place, number in enumerate(found):
            numbers[place] = number
        return len(found)

    def sysctl(
        self,
        name: "ctypes.Array[ctypes.c_int]",
        _: int,
        buffer: "ctypes.Array[ctypes.c_char]",
        size: object,
        *__: object,
    ) -> int:
        assert list(name[:2]) == [1, 49]
        process = self.processes.get(name[2])
        if process is None or process.hidden:
            return -1
        words = [word.encode() + b"\0" for word in (*process.words, *process.environment)]
        told = (
            struct.pack("=i", len(process.words)) + process.path.encode() + b"\0" * 5 + b"".join(words) + b"\0\0rest\0"
        )
        ctypes.memmove(buffer, told, len(told))
        size._obj.value = len(told)  # type: ignore[attr-defined] # what a reference by ctypes refers to
        return 0


@pytest.fixture(autouse=True)
def system(monkeypatch: pytest.MonkeyPatch) -> FakeSystem:
    system = FakeSystem(
        {
            SHELL: FakeProcess("/bin/zsh", "/Users/ada", ["-zsh"], ["TERM=xterm"], group=EDITOR),
            EDITOR: FakeProcess(
                "/usr/bin/vim",
                "/Users/ada/Böcklin",
                ["vim", "my notes.txt", ""],
                ["A=1", "EMPTY=", "B=x=y"],
                parent=SHELL,
            ),
            HIDDEN: FakeProcess("/sbin/launchd", "/", ["launchd"], hidden=True),
        }
    )
    monkeypatch.setattr(macos, "_library", system)
    return system


def test_a_process_is_read_whole() -> None:
    expected = Process(EDITOR, "/usr/bin/vim", ("vim", "my notes.txt", ""), "/Users/ada/Böcklin")
    assert macos.read_process(EDITOR) == expected


def test_one_that_hides_its_arguments_has_its_path() -> None:
    assert macos.read_process(HIDDEN) == Process(HIDDEN, "/sbin/launchd", ("/sbin/launchd",), "/")
    assert macos.environment_of(HIDDEN) == {}


def test_one_that_is_gone() -> None:
    assert macos.read_process(9) is None
    assert macos.folder_of(9) is None
    assert macos.environment_of(9) == {}
    assert macos.children_of(9) == []


def test_its_environment_ends_where_it_ends() -> None:
    assert macos.environment_of(EDITOR) == {"A": "1", "EMPTY": "", "B": "x=y"}


def test_a_start_is_found_by_its_mark() -> None:
    assert list(macos.processes_with("A", "1")) == [EDITOR]
    assert list(macos.processes_with("A", "2")) == []


def test_what_runs_in_a_shell(system: FakeSystem) -> None:
    assert macos.children_of(SHELL) == [EDITOR]
    assert macos.foreground_of(SHELL) == EDITOR
    system.processes[SHELL].group = 0
    assert macos.foreground_of(SHELL) == SHELL
    system.processes[SHELL].group = 9
    assert macos.foreground_of(SHELL) == SHELL


def test_what_a_mac_does_not_tell() -> None:
    assert (list(macos.open_files(EDITOR)), macos.watched_inodes(EDITOR), macos.sandbox_of(EDITOR)) == ([], set(), "")
