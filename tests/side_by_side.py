"""Which tests run in one process, where several processes run tests, and which come first."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling  # type: ignore[import-untyped] # its annotations aren't told

WITH_ENGINE = ("tests.engines", "tests.desktops.runtimes.docker.stage")
WHOLE_PROGRAMS = {"agent", "browser", "cli", "faults", "scripts"}
"""Folders of tests that start servers, browsers and agents."""


class FileByFile(LoadFileScheduling):  # type: ignore[misc]
    """Keeps the tests of a file together, and all that need a Docker engine: one engine, and one image, is enough."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "engine" if _needs_engine(self.config.rootpath / file) else file

    def remove_node(self, node: object) -> str | None:
        """Return the test that a process has ended in, if it has. No other process is given it: it would end, too."""
        left = [(unit, test) for unit in self.assigned_work[node].values() for test, done in unit.items() if not done]
        for unit, test in left[:1]:
            unit[test] = True
        super().remove_node(node)
        return next((test for _, test in left), None)


def longest_first(items: Sequence[pytest.Item], tests: Path) -> list[pytest.Item]:
    """Return the tests, file by file, so that what takes minutes does not come when all other processes are done."""
    many = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[bool, bool, int]:
        starts_programs = not WHOLE_PROGRAMS.isdisjoint(item.path.relative_to(tests).parts)
        return not _needs_engine(item.path), not starts_programs, -many[item.path]

    return sorted(items, key=turn)


@cache
def _needs_engine(file: Path) -> bool:
    text = file.read_text()
    return any(f"from {module} import" in text for module in WITH_ENGINE)
