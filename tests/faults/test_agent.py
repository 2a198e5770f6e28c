"""Killed at any moment, the agent keeps what it wrote; a day without the server comes out exact to the second."""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.agent.device_time import DeviceTime
from tests.agent.devices import Ada
from tests.serving import ServerProcess

from deskbay.agent.clock import DeviceClock
from deskbay.agent.connection import Server
from deskbay.agent.journal import Journal, Kind
from deskbay.agent.pairing import pair
from deskbay.agent.reporter import Reporter
from deskbay.agent.state import StateFolder
from deskbay.agent.tracker import Seen, Tracker

KILLS = 12
DAY = 24 * 3600
STEP = 5

WORK = """
import sys
from pathlib import Path
from deskbay.agent.clock import DeviceClock
from deskbay.agent.journal import Journal
from deskbay.agent.tracker import Seen, Tracker

clock = DeviceClock()
journal = Journal(Path(sys.argv[1]), clock)
journal.settle()
tracker = Tracker(journal)
number = 0
while True:
    number += 1
    now = clock.elapsed()
    opened = {"steady": "Steady", f"changing-{number % 7}": "Changing"}
    tracker.observe(Seen(now, 0, opened, "steady"), None)
    print(now, flush=True)
"""


def test_what_was_written_outlives_kill_9_at_any_moment(tmp_path: Path) -> None:
    """The process says each moment that is on disk. None of these may be missing, and nothing may be there twice."""
    file, chance = tmp_path / "journal.sqlite", random.Random(7)  # noqa: S311 - not to keep secrets
    lives: list[tuple[int, int]] = []
    for _ in range(KILLS):
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", WORK, str(file)], stdout=pipe, text=True) as process:
            assert process.stdout
            moments = [int(process.stdout.readline()) for _ in range(chance.randint(1, 60))]
            process.kill()
            moments += [int(line) for line in process.stdout.read().split("\n")[:-1]]
        lives.append((moments[0], moments[-1]))
    with closing(Journal(file, DeviceClock())) as journal:
        journal.settle()
        told = [one for one in journal.unsent(100_000) if one.application == "steady" and one.kind is Kind.OPEN]
    spans = [(one.reached - (one.ends - one.starts), one.reached) for one in told]
    written = [life for life in lives if life[0] < life[1]]
    for (starts, ends), (first, last) in zip(spans, written, strict=True):
        assert starts == first
        assert last <= ends
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


class Outage:
    """A paired device whose time the test makes, and a server that is away meanwhile."""

    def __init__(self, folder: Path, server: ServerProcess, ada: Ada) -> None:
        state = StateFolder(folder / "state")
        pair(state, server.url, ada.pairing_code(), "pc")
        pairing = state.pairing(inside=folder / "none")
        self.time = DeviceTime()
        self._begin_a_day_ago()
        self.journal = Journal(state.journal, self.time)
        self.tracker = Tracker(self.journal)
        self._server = Server(pairing.server, pairing.token)
        self.reporter = Reporter(self._server, lambda: self.journal, self.time, lambda _: None)

    def _begin_a_day_ago(self) -> None:
        now = datetime.now(UTC).timestamp()
        self.time.set(now - self.time.shown() / 1000 - DAY - 3600)

    def work(self, seconds: int, opened: dict[str, str], front: str | None) -> None:
        for _ in range(seconds // STEP):
            self.time.advance(STEP)
            self.tracker.observe(Seen(self.time.elapsed(), 0, opened, front), None)

    def report(self) -> None:
        self.tracker.stop()
        self.reporter.report(self.journal)
        assert self.journal.count() == 0
        self.journal.close()
        self._server.close()


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data")
        server.start()
        yield server
        server.leave()


def seconds_of(ada: Ada, kind: str, name: str) -> float:
    pieces = [one for one in ada.activity(kind) if one["name"] == name]
    spans = [datetime.fromisoformat(one["end"]) - datetime.fromisoformat(one["start"]) for one in pieces]
    return sum(span.total_seconds() for span in spans)


@pytest.mark.parametrize("set_by", [0, -3600, 5400])
def test_a_day_without_the_server_is_replayed_to_the_second(tmp_path: Path, server: ServerProcess, set_by: int) -> None:
    """Whoever sets the clock during the day, back or forward, changes nothing about how long anything took."""
    ada = Ada(server)
    ada.consents()
    day = Outage(tmp_path, server, ada)
    editor, both = {"mousepad": "Mousepad"}, {"mousepad": "Mousepad", "xterm": "XTerm"}
    day.work(DAY // 3, editor, "mousepad")
    day.time.set(set_by)
    day.work(DAY // 3, both, "xterm")
    day.work(DAY // 3, editor, "mousepad")
    day.time.set(-set_by)
    day.report()
    assert seconds_of(ada, "open-application", "Mousepad") == DAY - STEP
    assert seconds_of(ada, "open-application", "XTerm") == DAY // 3
    assert seconds_of(ada, "application", "XTerm") == DAY // 3
    assert seconds_of(ada, "application", "Mousepad") == DAY - DAY // 3 - STEP
    assert seconds_of(ada, "presence", "") == DAY - STEP


def test_a_report_that_was_not_heard_is_repeated_and_counted_once(tmp_path: Path, server: ServerProcess) -> None:
    ada = Ada(server)
    ada.consents()
    day = Outage(tmp_path, server, ada)
    day.work(3600, {"xterm": "XTerm"}, "xterm")
    day.tracker.stop()
    unheard = day.journal.unsent(1000)
    day.reporter._send(unheard)
    day.reporter._send(unheard)
    day.report()
    assert seconds_of(ada, "open-application", "XTerm") == 3600 - STEP
