"""What Windows tells of the processes of a person: most of it stands in each one's own memory.

Offsets are those of 64-bit Windows: the process environment block and RTL_USER_PROCESS_PARAMETERS.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes

from deskbay.agent.processes.process import Process

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_ntdll = ctypes.WinDLL("ntdll")
_shell32 = ctypes.WinDLL("shell32", use_last_error=True)

_QUERY, _READ = 0x0400, 0x0010
_ALL_PROCESSES = 0x2
_BASIC_INFORMATION = 0
_LONGEST_PATH = 32_768
_LARGEST_ENVIRONMENT = 2**20
_PARAMETERS, _FOLDER, _COMMAND, _ENVIRONMENT, _ENVIRONMENT_SIZE = 0x20, 0x38, 0x70, 0x80, 0x3F0


class _BasicInformation(ctypes.Structure):
    """PROCESS_BASIC_INFORMATION."""

    _fields_ = (("status", ctypes.c_void_p), ("block", ctypes.c_void_p), ("rest", ctypes.c_void_p * 4))


class _Text(ctypes.Structure):
    """UNICODE_STRING in another process: its length in bytes, and where it begins."""

    _fields_ = (("length", wintypes.USHORT), ("room", wintypes.USHORT), ("start", ctypes.c_void_p))


class _Entry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("uses", wintypes.DWORD),
        ("id", wintypes.DWORD),
        ("heap", ctypes.c_size_t),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("file", wintypes.WCHAR * 260),
    )


for _function, _result, *_arguments in (
    (_kernel32.OpenProcess, wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD),
    (_kernel32.CloseHandle, wintypes.BOOL, wintypes.HANDLE),
    (
        _kernel32.QueryFullProcessImageNameW,
        wintypes.BOOL,
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.LPWSTR,
        ctypes.POINTER(wintypes.DWORD),
    ),
    (
        _kernel32.ReadProcessMemory,
        wintypes.BOOL,
        wintypes.HANDLE,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_void_p,
    ),
    (_kernel32.CreateToolhelp32Snapshot, wintypes.HANDLE, wintypes.DWORD, wintypes.DWORD),
    (_kernel32.Process32FirstW, wintypes.BOOL, wintypes.HANDLE, ctypes.POINTER(_Entry)),
    (_kernel32.Process32NextW, wintypes.BOOL, wintypes.HANDLE, ctypes.POINTER(_Entry)),
    (_kernel32.LocalFree, wintypes.HLOCAL, wintypes.HLOCAL),
    (
        _ntdll.NtQueryInformationProcess,
        ctypes.c_long,
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.ULONG,
        ctypes.c_void_p,
    ),
    (_shell32.CommandLineToArgvW, ctypes.POINTER(wintypes.LPWSTR), wintypes.LPCWSTR, ctypes.POINTER(ctypes.c_int)),
):
    _function.restype, _function.argtypes = _result, _arguments  # type: ignore[assignment]


class _Gone(Exception):
    """The process is gone, or not ours to read."""


def read_process(process: int) -> Process | None:
    """The process of that number; None when it is gone, or belongs to somebody else."""
    try:
        with _Reader.of(process) as reader:
            return Process(process, reader.exe(), _words(reader.text(_COMMAND)), reader.text(_FOLDER) or None)
    except _Gone:
        return None


def folder_of(process: int) -> str | None:
    """The folder that a process is in."""
    read = read_process(process)
    return read.folder if read else None


def environment_of(process: int) -> dict[str, str]:
    """What a process was given when it started, as it has changed it; nothing where that is hidden."""
    try:
        with _Reader.of(process) as reader:
            words = reader.environment()
    except _Gone:
        return {}
    # Names like "=C:" hold the current folder of a drive.
    return dict(word.split("=", 1) for word in words if "=" in word[1:] and not word.startswith("="))


def processes_with(name: str, value: str) -> Iterator[int]:
    """Those of this person that were started with a variable set to something."""
    return (entry.id for entry in _entries() if environment_of(entry.id).get(name) == value)


def children_of(process: int) -> list[int]:
    """What a process started and still has."""
    return sorted(entry.id for entry in _entries() if entry.parent == process)


def foreground_of(shell: int) -> int:
    """A console of Windows does not tell which of its programs has it: the last one that the shell started."""
    return max(children_of(shell), default=shell)


def open_files(_: int) -> Iterator[str]:
    """Windows does not tell whose files are open without the rights of an administrator."""
    return iter(())


def watched_inodes(_: int) -> set[tuple[int, int]]:
    """Windows does not tell what a program watches."""
    return set()


def sandbox_of(_: int) -> str:
    """There is no Flatpak on Windows."""
    return ""


class _Reader:
    """Reads the memory of another process."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        information = _BasicInformation()
        size = ctypes.sizeof(information)
        if _ntdll.NtQueryInformationProcess(handle, _BASIC_INFORMATION, ctypes.byref(information), size, None) != 0:
            raise _Gone
        self._parameters = self._pointer((information.block or 0) + _PARAMETERS)

    @classmethod
    @contextmanager
    def of(cls, process: int) -> Iterator["_Reader"]:
        handle = _kernel32.OpenProcess(_QUERY | _READ, False, process)
        if not handle:
            raise _Gone
        try:
            yield cls(handle)
        finally:
            _kernel32.CloseHandle(handle)

    def exe(self) -> str:
        path, length = ctypes.create_unicode_buffer(_LONGEST_PATH), wintypes.DWORD(_LONGEST_PATH)
        _kernel32.QueryFullProcessImageNameW(self._handle, 0, path, ctypes.byref(length))
        return path.value

    def text(self, offset: int) -> str:
        text = _Text.from_buffer_copy(self._bytes(self._parameters + offset, ctypes.sizeof(_Text)))
        return self._bytes(text.start or 0, text.length).decode("utf-16-le", "replace") if text.length else ""

    def environment(self) -> list[str]:
        size = int.from_bytes(self._bytes(self._parameters + _ENVIRONMENT_SIZE, 8), "little")
        block = self._bytes(self._pointer(self._parameters + _ENVIRONMENT), min(size, _LARGEST_ENVIRONMENT))
        return block.decode("utf-16-le", "replace").partition("\0\0")[0].split("\0")

    def _pointer(self, address: int) -> int:
        return int.from_bytes(self._bytes(address, ctypes.sizeof(ctypes.c_void_p)), "little")

    def _bytes(self, address: int, count: int) -> bytes:
        read = ctypes.create_string_buffer(count)
        if not _kernel32.ReadProcessMemory(self._handle, address, read, count, None):
            raise _Gone
        return read.raw


def _words(line: str) -> tuple[str, ...]:
    """The arguments of a command line, as programs for Windows cut it."""
    if not line.strip():
        return ()
    count = ctypes.c_int()
    words = _shell32.CommandLineToArgvW(line, ctypes.byref(count))
    try:
        return tuple(words[: count.value])
    finally:
        _kernel32.LocalFree(words)


def _entries() -> Iterator[_Entry]:
    snapshot = _kernel32.CreateToolhelp32Snapshot(_ALL_PROCESSES, 0)
    try:
        entry = _Entry(size=ctypes.sizeof(_Entry))
        more = _kernel32.Process32FirstW(snapshot, ctypes.byref(entry))
        while more:
            yield _Entry.from_buffer_copy(entry)
            more = _kernel32.Process32NextW(snapshot, ctypes.byref(entry))
    finally:
        _kernel32.CloseHandle(snapshot)
