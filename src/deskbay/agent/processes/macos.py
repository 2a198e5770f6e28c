"""What macOS tells of the processes of a person (Apple, libproc.h and sysctl(3)).

Written after Apple's headers and tested against a double of these functions; it has not run on a Mac yet.
"""

import ctypes
import struct
from collections.abc import Callable, Iterator

from deskbay.agent.processes.process import Process

_library = ctypes.CDLL(None, use_errno=True)

_KERN, _ARGUMENTS = 1, 49
_LONGEST_PATH = 4096
_LARGEST_ARGUMENTS = 2**20
_FOLDERS, _FOLDERS_SIZE, _FOLDER = 9, 2352, slice(152, 1176)
"""PROC_PIDVNODEPATHINFO: struct proc_vnodepathinfo, and where the path of the current folder is in it."""
_BASICS, _BASICS_SIZE, _FOREGROUND_GROUP = 3, 136, 112
"""PROC_PIDTBSDINFO: struct proc_bsdinfo, and where e_tpgid is in it."""
_MOST_PROCESSES = 32_768


def read_process(process: int) -> Process | None:
    """The process of that number; None when it is gone."""
    path = ctypes.create_string_buffer(_LONGEST_PATH)
    if _library.proc_pidpath(process, path, _LONGEST_PATH) <= 0:
        return None
    exe = _text(path.value)
    return Process(process, exe, tuple(_arguments(process)[0]) or (exe,), folder_of(process))


def folder_of(process: int) -> str | None:
    """The folder that a process is in."""
    return _text(_told(process, _FOLDERS, _FOLDERS_SIZE)[_FOLDER].split(b"\0")[0]) or None


def environment_of(process: int) -> dict[str, str]:
    """What a process was given when it started; nothing where that is hidden."""
    return dict(word.split("=", 1) for word in _arguments(process)[1] if "=" in word)


def children_of(process: int) -> list[int]:
    """What a process started and still has."""
    return _listed(lambda numbers, size: int(_library.proc_listchildpids(process, numbers, size)))


def foreground_of(shell: int) -> int:
    """The process that a shell's terminal obeys: what runs in it, or the shell itself."""
    told = _told(shell, _BASICS, _BASICS_SIZE)
    group = struct.unpack_from("=I", told, _FOREGROUND_GROUP)[0] if told else 0
    return group if group and folder_of(group) is not None else shell


def open_files(_: int) -> Iterator[str]:
    """Editors on a Mac do not keep their documents open."""
    return iter(())


def watched_inodes(_: int) -> set[tuple[int, int]]:
    """macOS does not tell what a program watches."""
    return set()


def processes_with(name: str, value: str) -> Iterator[int]:
    """Those of this person that were started with a variable set to something."""
    everybody = _listed(lambda numbers, size: int(_library.proc_listallpids(numbers, size)))
    return (process for process in everybody if environment_of(process).get(name) == value)


def sandbox_of(_: int) -> str:
    """There is no Flatpak on a Mac."""
    return ""


def _told(process: int, what: int, size: int) -> bytes:
    """A structure that the system tells of a process; empty where it tells none."""
    told = ctypes.create_string_buffer(size)
    return told.raw if _library.proc_pidinfo(process, what, ctypes.c_uint64(0), told, size) == size else b""


def _listed(fill: "Callable[[ctypes.Array[ctypes.c_int], int], int]") -> list[int]:
    numbers = (ctypes.c_int * _MOST_PROCESSES)()
    count = fill(numbers, ctypes.sizeof(numbers))
    return [number for number in numbers[: max(count, 0)] if number]


def _arguments(process: int) -> tuple[list[str], list[str]]:
    """The arguments of a process, and its environment: they lie behind their number and the program's path."""
    name, size = (ctypes.c_int * 3)(_KERN, _ARGUMENTS, process), ctypes.c_size_t(_LARGEST_ARGUMENTS)
    told = ctypes.create_string_buffer(_LARGEST_ARGUMENTS)
    if _library.sysctl(name, 3, told, ctypes.byref(size), None, ctypes.c_size_t(0)) != 0:
        return [], []
    raw = told.raw[: size.value]
    count = struct.unpack_from("=i", raw)[0]
    words = raw[4:].partition(b"\0")[2].lstrip(b"\0").split(b"\0")
    environment, _, _ = b"\0".join(words[count:]).partition(b"\0\0")
    return [*map(_text, words[:count])], [*map(_text, environment.split(b"\0"))]


def _text(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")
