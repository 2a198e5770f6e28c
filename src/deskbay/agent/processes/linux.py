"""What Linux tells of the processes of a person, in /proc. Of others it tells less: what is hidden is left out."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from deskbay.agent.processes.process import Process

PROC = Path("/proc")


def read_process(process: int) -> Process | None:
    """The process of that number; None when it is gone."""
    try:
        command = _command((PROC / str(process) / "cmdline").read_bytes(), exe := _link(process, "exe") or "")
    except OSError:
        return None
    return Process(process, exe or next(iter(command), ""), command, _link(process, "cwd"))


def _command(raw: bytes, exe: str) -> tuple[str, ...]:
    """The arguments. Some programs, as Chromium, write theirs anew as one line, which can be cut at blanks alone."""
    words = os.fsdecode(raw.removesuffix(b"\0")).split("\0")
    if len(words) == 1 and exe and words[0].startswith(f"{exe} "):
        return (exe, *words[0].removeprefix(f"{exe} ").split())
    return tuple(filter(None, words)) if words == [""] else tuple(words)


def _link(process: int, name: str) -> str | None:
    with suppress(OSError):
        return str((PROC / str(process) / name).readlink()).removesuffix(" (deleted)")
    return None


def folder_of(process: int) -> str | None:
    """The folder that a process is in."""
    return _link(process, "cwd")


def environment_of(process: int) -> dict[str, str]:
    """What a process was given when it started; nothing where that is hidden."""
    with suppress(OSError):
        words = os.fsdecode((PROC / str(process) / "environ").read_bytes()).split("\0")
        return dict(word.split("=", 1) for word in words if "=" in word)
    return {}


def children_of(process: int) -> list[int]:
    """What a process started and still has, of each of its threads the eldest first. Numbers don't tell the age."""
    children: list[int] = []
    for tasks in (PROC / str(process) / "task").glob("*/children"):
        with suppress(OSError):
            children += map(int, tasks.read_text().split())
    return children


def foreground_of(shell: int) -> int:
    """The process that a shell's terminal obeys: what runs in it, or the shell itself."""
    with suppress(OSError, IndexError, ValueError):
        fields = (PROC / str(shell) / "stat").read_text().rpartition(")")[2].split()
        if (group := int(fields[5])) > 0 and _link(group, "cwd") is not None:
            return group
    return shell


def open_files(process: int) -> Iterator[str]:
    """The paths of what a process has open."""
    with suppress(OSError):
        for descriptor in (PROC / str(process) / "fd").iterdir():
            if path := _link(process, f"fd/{descriptor.name}"):
                yield path


def watched_inodes(process: int) -> set[tuple[int, int]]:
    """Files and folders whose changes a process is told of (inotify), each as device and inode."""
    found = set()
    for descriptor in _watchers(process):
        with suppress(OSError):
            for line in (PROC / str(process) / "fdinfo" / descriptor).read_text().splitlines():
                if line.startswith("inotify "):
                    values = dict(word.split(":", 1) for word in line.split() if ":" in word)
                    found.add((_device(int(values["sdev"], 16)), int(values["ino"], 16)))
    return found


def _watchers(process: int) -> Iterator[str]:
    with suppress(OSError):
        for descriptor in (PROC / str(process) / "fd").iterdir():
            if _link(process, f"fd/{descriptor.name}") == "anon_inode:inotify":
                yield descriptor.name


def _device(kernel: int) -> int:
    """A device's number as stat gives it; the kernel itself keeps 20 bits for the minor part."""
    return os.makedev(kernel >> 20, kernel & 0xFFFFF)


def processes_with(name: str, value: str) -> Iterator[int]:
    """Those of this person that were started with a variable set to something."""
    wanted = os.fsencode(f"{name}={value}")
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    yield int(entry.name)


def sandbox_of(process: int) -> str:
    """The id of the Flatpak that a process runs in; empty outside of any."""
    with suppress(OSError):
        for line in (PROC / str(process) / "root/.flatpak-info").read_text().splitlines():
            if line.startswith("name="):
                return line.removeprefix("name=")
    return ""
