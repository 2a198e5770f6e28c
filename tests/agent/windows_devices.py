"""A device with Windows, on wine, and the agent there as a process of its own, from the package that people install."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.agent.wine import PYTHON, SECONDS, Wine, windows_path

from deskbay.agent.state import StateFolder

START = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from deskbay.agent.commands import main
sys.exit(main())
"""
ENCODING = "cp1252"
"""In which programs for Windows write into a pipe."""
LOOK = """
import json, time
from deskbay.agent.platforms import Place
from deskbay.agent.platforms.windows import Windows

def look(platform):
    return sorted([each.title, each.place.x, each.place.y, each.place.width, each.place.height, each.place.state]
                  for each in platform.windows())

def wait_for(platform, titles, seconds=100):
    end = time.monotonic() + seconds
    while [title for title, *_ in look(platform)] != sorted(titles) and time.monotonic() < end:
        platform.wait(0.2)

with Windows() as platform:
    wished = json.loads(sys.argv[1])
    if wished is not None:
        wait_for(platform, wished)
        for window in platform.windows():
            if wished.get(window.title):
                platform.place(window.id, Place(*wished[window.title]))
    print(json.dumps(look(platform)))
"""


class WindowsDevice:
    """Programs for Windows, what is seen of them, the mouse, and the agent."""

    def __init__(self, wine: Wine, package: Path) -> None:
        self._wine = wine
        self._agents = ["wine", str(PYTHON), "-c", START, windows_path(package)]
        self._agent: subprocess.Popen[str] | None = None
        self._programs: list[subprocess.Popen[bytes]] = []

    @property
    def state(self) -> StateFolder:
        """The agent's folder, which Windows has below the person's local data."""
        users = Path(self._wine.environment["WINEPREFIX"]) / "drive_c" / "users"
        (local,) = (folder / "AppData" / "Local" for folder in users.iterdir() if folder.name != "Public")
        return StateFolder(local / "Deskbay" / "agent-device")

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the agent's."""
        return subprocess.run(
            [*self._agents, *words],
            env=self._wine.environment,
            input="\n",
            capture_output=True,
            encoding=ENCODING,
            timeout=SECONDS,
            check=False,
        )

    def start_agent(self) -> None:
        pipe = subprocess.PIPE
        self._agent = subprocess.Popen(
            [*self._agents, "run"], env=self._wine.environment, stdin=pipe, stdout=pipe, stderr=pipe, encoding=ENCODING
        )

    def agent_ended(self) -> tuple[int, str]:
        """Wait until the agent ends by itself. Gives its exit code and what it said."""
        assert self._agent
        out, err = self._agent.communicate(timeout=SECONDS)
        code, self._agent = self._agent.returncode, None
        return code, out + err

    def start(self, *command: str) -> None:
        """Start a program, as a person would."""
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            ["wine", *command], env=self._wine.environment, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet
        )
        self._programs.append(process)

    def end(self, *programs: str) -> None:
        """End programs by their names, and wait until nothing is to be seen of them."""
        names = [word for program in programs for word in ("/im", f"{program}.exe")]
        quiet = subprocess.DEVNULL
        subprocess.run(
            ["wine", "taskkill", "/f", *names],
            env=self._wine.environment, input=b"\n", stdout=quiet, stderr=quiet, timeout=SECONDS, check=False,
        )  # fmt: skip
        self.windows({})

    def windows(self, wished: Mapping[str, Sequence[int]] | None = None) -> list[list[object]]:
        """Title, place and state of each window, in the order of their titles; once those are there that are wished,
        and put into their places as far as they let themselves be put."""
        seen = self._wine.tell(LOOK, json.dumps(wished))
        assert isinstance(seen, list)
        assert wished is None or [title for title, *_ in seen] == sorted(wished), seen
        return seen

    def clean_up(self) -> None:
        if self._agent:
            self._agent.kill()
            self._agent.communicate()
        for program in self._programs:
            program.kill()
            program.communicate()
