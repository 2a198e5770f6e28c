from pathlib import Path
from uuid import UUID

import pytest

from deskbay.desktops.runtimes.local.cgroups import (
    CONTROLLERS,
    ControlGroups,
    Limits,
    is_removed,
    was_out_of_memory,
)

DESKTOP = UUID(int=0xD)
NAME = f"deskbay-{DESKTOP.hex}"
LIMITS = Limits(memory_mb=512, cpus=1.5)


class Tree:
    """A group tree made of plain folders, as the kernel shows it."""

    def __init__(self, folder: Path, memberships: str) -> None:
        self.root = folder / "cgroup"
        self.root.mkdir()
        self.own = folder / "own"
        self.own.write_text(memberships)

    def group(self, path: str, **files: str) -> Path:
        group = self.root / path
        group.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (group / name.replace("__", ".")).write_text(text)
        return group

    def groups(self) -> ControlGroups:
        return ControlGroups(self.root, self.own)


@pytest.fixture
def first_version(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path, "9:name=systemd:/\n4:memory:/server\n3:cpu,cpuacct:/\n2:pids:/unseen\n0::/\n")
    for controller in ("memory/server", "cpu", "pids"):
        tree.group(controller)
    return tree


@pytest.fixture
def second_version(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path, "0::/system.slice/deskbay.service\n")
    tree.group("", cgroup__controllers="cpu memory pids", cgroup__subtree_control="cpu memory pids")
    tree.group("system.slice", cgroup__subtree_control="memory cpu pids")
    tree.group("system.slice/deskbay.service", cgroup__subtree_control="")
    return tree


def put_files(path: Path, *names: str) -> None:
    """What the kernel makes in a new group."""
    path.mkdir(parents=True)
    for name in names:
        (path / name).touch()


class TestFirstVersion:
    def test_groups_are_below_the_servers_own_or_the_top_where_that_is_unseen(self, first_version: Tree) -> None:
        root = first_version.root
        groups = first_version.groups()
        assert groups.missing == []
        assert groups.paths(DESKTOP) == [root / "cpu" / NAME, root / "memory/server" / NAME, root / "pids" / NAME]

    def test_limits_are_written_where_the_kernel_has_them(self, first_version: Tree) -> None:
        groups = first_version.groups()
        cpu, memory, pids = groups.paths(DESKTOP)
        put_files(cpu, "cpu.cfs_period_us", "cpu.cfs_quota_us")
        put_files(memory, "memory.limit_in_bytes")
        put_files(pids, "pids.max")
        assert groups.create(DESKTOP, LIMITS) == [cpu, memory, pids]
        assert (cpu / "cpu.cfs_quota_us").read_text() == "150000"
        assert (cpu / "cpu.cfs_period_us").read_text() == "100000"
        assert (memory / "memory.limit_in_bytes").read_text() == str(512 * 2**20)
        assert (pids / "pids.max").read_text() == "4096"
        assert not (pids / "memory.limit_in_bytes").exists()

    def test_a_controller_that_is_not_there_is_missing(self, tmp_path: Path) -> None:
        tree = Tree(tmp_path, "4:memory:/\n")
        tree.group("memory")
        assert tree.groups().missing == ["cpu", "pids"]


class TestSecondVersion:
    def test_the_nearest_group_that_hands_its_controllers_down_is_taken(self, second_version: Tree) -> None:
        groups = second_version.groups()
        assert groups.missing == []
        assert groups.paths(DESKTOP) == [second_version.root / "system.slice" / NAME]

    def test_limits_are_written_in_one_place(self, second_version: Tree) -> None:
        groups = second_version.groups()
        (path,) = groups.paths(DESKTOP)
        put_files(path, "memory.max", "memory.swap.max", "cpu.max", "pids.max")
        assert groups.create(DESKTOP, LIMITS) == [path]
        written = {file.name: file.read_text() for file in path.iterdir()}
        assert written == {
            "memory.max": str(512 * 2**20),
            "memory.swap.max": "0",
            "cpu.max": "150000 100000",
            "pids.max": "4096",
        }

    def test_where_nothing_is_handed_down_everything_is_missing(self, tmp_path: Path) -> None:
        tree = Tree(tmp_path, "0::/\n")
        tree.group("", cgroup__controllers="", cgroup__subtree_control="")
        groups = tree.groups()
        assert groups.missing == list(CONTROLLERS)
        assert groups.paths(DESKTOP) == []
        assert groups.create(DESKTOP, LIMITS) == []


def test_no_groups_at_all(tmp_path: Path) -> None:
    groups = ControlGroups(tmp_path / "nowhere", tmp_path / "nothing")
    assert groups.missing == list(CONTROLLERS)
    assert groups.create(DESKTOP, LIMITS) == []


@pytest.mark.parametrize(("name", "text", "killed"), [
    ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", True),
    ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n", False),
    ("memory.events", "low 0\noom 1\noom_kill 1\n", True),
    ("memory.events", "low 0\noom 1\noom_kill 0\n", False),
    ("pids.max", "4096\n", False),
])  # fmt: skip
def test_the_kernel_tells_who_ran_out_of_memory(tmp_path: Path, name: str, text: str, *, killed: bool) -> None:
    (tmp_path / name).write_text(text)
    assert was_out_of_memory(tmp_path) is killed


def test_a_group_is_removed_once_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "group" / "child").mkdir(parents=True)
    assert not is_removed(tmp_path / "group")
    (tmp_path / "group" / "child").rmdir()
    assert is_removed(tmp_path / "group")
    assert is_removed(tmp_path / "group")
