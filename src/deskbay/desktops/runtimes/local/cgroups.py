"""Limits on what a desktop takes from its host: control groups, version 1 or 2, where this server may make them."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import PROCESSES

CONTROLLERS = ("memory", "cpu", "pids")

_PERIOD_MICROSECONDS = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory in MiB, processor time in cores."""

    memory_mb: int
    cpus: float


class ControlGroups:
    """Where a desktop's groups can be made: one place per controller in version 1, one in all in version 2."""

    def __init__(self, root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> None:
        self._unified = (root / "cgroup.controllers").exists()
        memberships = own.read_text() if own.exists() else ""
        self._parents = _unified_parent(root, memberships) if self._unified else _parents(root, memberships)

    @property
    def missing(self) -> list[str]:
        """The controllers that can't be used here."""
        if self._unified:
            return [] if self._parents else list(CONTROLLERS)
        return [controller for controller in CONTROLLERS if controller not in self._parents]

    def paths(self, desktop: UUID) -> list[Path]:
        """Where the desktop's groups are, or would be."""
        return sorted({parent / f"deskbay-{desktop.hex}" for parent in self._parents.values()})

    def create(self, desktop: UUID, limits: Limits) -> list[Path]:
        """Make the groups with their limits; a process joins by writing to `cgroup.procs` in each."""
        paths = self.paths(desktop)
        for path in paths:
            path.mkdir(exist_ok=True)
            for name, value in (_unified_values(limits) if self._unified else _values(limits)).items():
                if (path / name).exists():
                    (path / name).write_text(value)
        return paths


def is_removed(group: Path) -> bool:
    """Take a group away; false while the kernel still clears up behind its processes."""
    with suppress(OSError):
        group.rmdir()
    return not group.exists()


def _values(limits: Limits) -> dict[str, str]:
    return {
        "memory.limit_in_bytes": str(limits.memory_mb * 2**20),
        "cpu.cfs_period_us": str(_PERIOD_MICROSECONDS),
        "cpu.cfs_quota_us": str(int(limits.cpus * _PERIOD_MICROSECONDS)),
        "pids.max": str(PROCESSES),
    }


def _unified_values(limits: Limits) -> dict[str, str]:
    return {
        "memory.max": str(limits.memory_mb * 2**20),
        "memory.swap.max": "0",
        "cpu.max": f"{int(limits.cpus * _PERIOD_MICROSECONDS)} {_PERIOD_MICROSECONDS}",
        "pids.max": str(PROCESSES),
    }


def _parents(root: Path, memberships: str) -> dict[str, Path]:
    """By controller, the group of this process, or in a container that can't see it the top of what is mounted."""
    found = {}
    for line in memberships.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in set(controllers.split(",")) & set(CONTROLLERS):
            mounted = root / controller
            own = mounted / path.lstrip("/")
            parent = own if own.is_dir() else mounted
            if os.access(parent, os.W_OK):
                found[controller] = parent
    return found


def _unified_parent(root: Path, memberships: str) -> dict[str, Path]:
    """The nearest group above this process that hands the controllers down: one that has processes can't."""
    own = next((line.split(":", 2)[2] for line in memberships.splitlines() if line.startswith("0::")), "/")
    inner = root / own.lstrip("/")
    for group in (inner, *inner.parents):
        if group.is_relative_to(root) and os.access(group, os.W_OK) and _hands_down(group):
            return {"unified": group}
    return {}


def _hands_down(group: Path) -> bool:
    switch = group / "cgroup.subtree_control"
    if not _is_on(switch):
        with suppress(OSError):
            switch.write_text(" ".join(f"+{controller}" for controller in CONTROLLERS))
    return _is_on(switch)


def _is_on(switch: Path) -> bool:
    return switch.exists() and set(CONTROLLERS) <= set(switch.read_text().split())


def was_out_of_memory(group: Path) -> bool:
    """Whether the kernel ended a process of the group for want of memory."""
    for name in ("memory.oom_control", "memory.events"):
        with suppress(FileNotFoundError):
            for line in (group / name).read_text().splitlines():
                if line.startswith("oom_kill ") and int(line.split()[1]) > 0:
                    return True
    return False
