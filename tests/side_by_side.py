"""Which tests run in one process, where several processes run tests."""

from functools import cache
from pathlib import Path

from xdist.scheduler.loadfile import LoadFileScheduling  # type: ignore[import-untyped] # its annotations aren't told

WITH_ENGINE = ("tests.engines", "tests.desktops.runtimes.docker.stage")


class FileByFile(LoadFileScheduling):  # type: ignore[misc]
    """Keeps the tests of a file together, and all that need a Docker engine: one engine, and one image, is enough."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "engine" if _needs_engine(self.config.rootpath / file) else file


@cache
def _needs_engine(file: Path) -> bool:
    text = file.read_text()
    return any(f"from {module} import" in text for module in WITH_ENGINE)
