"""Brings to the server what the journal has and what was asked for, in a thread of its own."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from deskbay.agent.clock import Clock
from deskbay.agent.connection import NoServer, Refused, Server
from deskbay.agent.journal import Journal, Period
from deskbay.agent.waiting import Patience

EVERY_SECONDS = 15.0
MOST_PERIODS = 1000
MOST_HANDED = 1000
INPUT = "/api/v1/agent/input"
VERSION = "0.1.0"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Json = Mapping[str, object]


class Reporter(threading.Thread):
    """Reports every 15 seconds, and at once what is handed to it. What the server doesn't take stays for later.

    `opened` is called in this thread and gives the journal. `failed` is told why something could not be delivered,
    None once something was. A Refused with status 401 says that the token is good for nothing.
    """

    def __init__(
        self,
        server: Server,
        opened: Callable[[], Journal],
        clock: Clock,
        failed: Callable[[NoServer | Refused | None], None],
    ) -> None:
        super().__init__(name="reporter", daemon=True)
        self._server = server
        self._opened = opened
        self._clock = clock
        self._failed = failed
        self._sign_in = str(uuid4())
        self._handed: queue.SimpleQueue[tuple[str, Json] | None] = queue.SimpleQueue()
        self._undelivered: deque[tuple[str, Json]] = deque(maxlen=MOST_HANDED)
        self._snapshot: Json | None = None
        self._input: tuple[int, int] | None = None
        self._patience = Patience()
        self._leaving = threading.Event()
        self.waiting = 0

    def keep(self, snapshot: Json) -> None:
        """Send what is open along with the next report."""
        self._snapshot = snapshot

    def hand(self, path: str, body: Json) -> None:
        """Send this as soon as the server answers."""
        self._handed.put((path, body))

    def tell_input(self, looked_at: int, input_at: int) -> None:
        """Tell when there was input last, as was seen at a time of the steady clock; only the newest is kept."""
        self._input = looked_at, input_at
        self.report_now()

    def report_now(self) -> None:
        self._handed.put(None)

    def leave(self) -> None:
        """Deliver once more what there is, then end."""
        self._leaving.set()
        self._handed.put(None)

    def run(self) -> None:
        journal = self._opened()
        pause = EVERY_SECONDS
        is_last = False
        while not is_last:
            is_last = self._leaving.is_set()
            self._take(0.0 if is_last else pause)
            pause = self._deliver(journal)
        journal.close()
        self._server.close()

    def _take(self, seconds: float) -> None:
        """Wait so long for something that is handed over."""
        with suppress(queue.Empty):
            if handed := self._handed.get(timeout=seconds):
                self._undelivered.append(handed)

    def _deliver(self, journal: Journal) -> float:
        """Return after how many seconds to look again."""
        try:
            while self._undelivered:
                self._answer(*self._undelivered[0])
                self._undelivered.popleft()
            self._deliver_input()
            self.report(journal)
        except (NoServer, Refused) as error:
            self._failed(error)
            self.waiting = journal.count()
            return self._patience.next()
        self._failed(None)
        self._patience.reset()
        self.waiting = journal.count()
        return EVERY_SECONDS

    def _deliver_input(self) -> None:
        if self._input is not None:
            (looked_at, input_at), self._input = self._input, None
            idle, ago = looked_at - input_at, self._clock.elapsed() - looked_at
            try:
                self._answer(INPUT, {"idle_seconds": max(0, idle) / 1000, "seconds_ago": max(0, ago) / 1000})
            except NoServer:
                self._input = self._input or (looked_at, input_at)
                raise

    def _answer(self, path: str, body: Json) -> None:
        try:
            self._server.post(path, body)
        except Refused as refused:
            if refused.is_unauthorized:
                raise
            self._failed(refused)  # nobody wants it any more

    def report(self, journal: Journal) -> None:
        """Send all that the server doesn't have. Raises NoServer or Refused; then the rest stays."""
        while periods := journal.unsent(MOST_PERIODS):
            self._send(periods)
            journal.forget(periods)
            if len(periods) < MOST_PERIODS:
                break
        if self._snapshot is not None:
            self._send([])

    def _send(self, periods: Sequence[Period]) -> None:
        snapshot, self._snapshot = self._snapshot, None
        body = {
            "agent": VERSION,
            "sent_at": _written(self._clock.shown()),
            "sign_in": self._sign_in,
            "periods": [_on_the_wire(one) for one in periods],
            "snapshot": snapshot,
        }
        self._server.post("/api/v1/agent/reports", body)


def _on_the_wire(period: Period) -> Json:
    return {
        "id": period.id,
        "kind": period.kind,
        "application": period.application,
        "name": period.name,
        "starts": _written(period.starts),
        "ends": _written(period.ends),
        "run": period.run,
    }


def _written(milliseconds: int) -> str:
    return (_EPOCH + timedelta(milliseconds=milliseconds)).isoformat()
