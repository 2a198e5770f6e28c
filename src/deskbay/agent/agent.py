"""The agent of a device: looks each second, hears commands as they come, and lets its person pause it."""

import json
import os
import queue
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from deskbay.agent import system
from deskbay.agent.clock import Clock
from deskbay.agent.connection import NoServer, Refused, Server
from deskbay.agent.events import Event
from deskbay.agent.journal import Journal
from deskbay.agent.listener import Listener
from deskbay.agent.platforms import NoDesktop, Platform
from deskbay.agent.platforms.opening import open_banner
from deskbay.agent.platforms.sign import Sign
from deskbay.agent.reporter import VERSION, Reporter
from deskbay.agent.shapes import Application, Progress, Wish, to_json, wish_from_json
from deskbay.agent.snapshots import Observer
from deskbay.agent.state import FOREVER, Choices, Pairing, Policy, StateFolder, Status
from deskbay.agent.tracker import Seen, Tracker
from deskbay.agent.watch import Watch

LOOK_MS = 1000
AT_REST_MS = 5000
"""How often an agent that records nothing looks whether it may again."""
STATUS_MS = 5000
SNAPSHOT_MS = 15_000
REFUSALS = 3
"""So often in a row a token has to be refused to count as revoked: a server that is being set up may err once."""


class Agent:
    """Everything runs in the thread that calls `run`, but what waits for the server or for programs to start.

    Without a sign nothing is recorded: who uses the device has to see it.
    """

    def __init__(
        self, state: StateFolder, pairing: Pairing, clock: Clock, opened: Callable[[], Platform], sign: Sign | None
    ) -> None:
        self._state, self._pairing, self._clock, self._opened, self._sign = state, pairing, clock, opened, sign
        self._policy = state.policy()
        self._choices, self._choices_at = state.choices(), state.choices_changed_at()
        self._journal = Journal(state.journal, clock)
        self._journal.settle()
        self._tracker = Tracker(self._journal)
        self._commands: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._wake, self._waker = _waking_sockets()
        self._reporter = Reporter(self._server(), lambda: Journal(state.journal, clock), clock, self._failed)
        self._watch = Watch(clock, self._reporter, open_banner)
        self._listener = Listener(self._server(), self._hear, self._failed)
        self._restores: set[str] = set()
        self._problem: str | None = None
        self._refusals = 0
        self._leaving = False
        self._told_at = self._snapshot_at = -SNAPSHOT_MS
        self._told: Status | None = None
        self._glance: Sequence[Application] = ()
        self._changed = True
        self._snapshot_due = False

    def _server(self) -> Server:
        return Server(self._pairing.server, self._pairing.token)

    def leave(self) -> None:
        """Have `run` return soon. May be called from a signal handler or another thread."""
        self._leaving = True
        self._wake_up()

    def leave_on(self, *numbers: signal.Signals) -> None:
        """Have `run` return soon after one of these signals, which wakes it up."""
        signal.set_wakeup_fd(self._waker.fileno())
        for number in numbers:
            signal.signal(number, lambda *_: self.leave())

    @property
    def was_revoked(self) -> bool:
        """Whether the server does not know this device any more."""
        return self._refusals >= REFUSALS

    def _wake_up(self) -> None:
        with suppress(BlockingIOError):  # full: it is awake as soon as it looks
            self._waker.send(b".")

    def run(self) -> None:
        """Work until told to leave, or until the token was revoked. Raises NoDesktop when the desktop ends."""
        self._reporter.start()
        self._listener.start()
        try:
            with self._opened() as platform:
                observer = Observer(platform, self._now)
                while not self._leaving and not self.was_revoked:
                    self._turn(platform, observer)
        finally:
            self._end()

    def _end(self) -> None:
        self._tracker.stop()
        self._tell_status()
        self._listener.leave()
        self._reporter.leave()
        self._reporter.join(timeout=2)
        self._journal.close()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.shown() / 1000, UTC)

    def _turn(self, platform: Platform, observer: Observer) -> None:
        """Wait for the next second, or for a command, then do what is to be done."""
        before = self._clock.elapsed()
        rest = self._watch.rest(LOOK_MS if self._may_track() else AT_REST_MS)
        while (left := before + rest - self._clock.elapsed()) > 0:
            wakers = [self._wake.fileno(), *(self._sign.wakers if self._sign else ()), *self._watch.wakers]
            if not platform.wait(left / 1000, *wakers):
                break
            self._changed = True
        self._drain()
        self._read_choices()
        self._obey(observer)
        self._look(platform, observer)
        self._watch.look(platform.idle_seconds)
        self._show()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)

    def _read_choices(self) -> None:
        if self._sign is not None and self._sign.clicked():
            paused = None if self._is_paused() else FOREVER
            self._state.keep_choices(Choices(paused, self._choices.excluded))
        if (changed_at := self._state.choices_changed_at()) != self._choices_at:
            self._choices, self._choices_at = self._state.choices(), changed_at

    def _is_paused(self) -> bool:
        now = self._now()
        pauses = (self._choices.paused_until, self._policy.paused_until)
        return any(until is not None and now < until for until in pauses)

    def _may_track(self) -> bool:
        return self._sign is not None and self._policy.tracking and not self._is_paused()

    def _look(self, platform: Platform, observer: Observer) -> None:
        if not self._may_track():
            self._rest()
            return
        if self._changed:
            self._glance = observer.glance()
            self._changed, self._snapshot_due = False, True
        opened = {one.application: one.name for one in self._glance}
        seen = Seen(self._clock.elapsed(), round(platform.idle_seconds() * 1000), opened, _in_front(self._glance))
        self._tracker.observe(seen.without(self._excluded), self._policy.run)
        self._keep_snapshot(observer)

    def _rest(self) -> None:
        if self._tracker.is_tracking:
            self._tracker.stop()
            self._reporter.report_now()
        self._changed = True

    @property
    def _excluded(self) -> frozenset[str]:
        return self._policy.excluded | self._choices.excluded

    def _keep_snapshot(self, observer: Observer) -> None:
        """While a session is tracked, the server has what was open last: this device may fail at any moment."""
        now = self._clock.elapsed()
        if self._policy.run and self._snapshot_due and now - self._snapshot_at >= SNAPSHOT_MS:
            self._snapshot_at, self._snapshot_due = now, False
            self._reporter.keep(self._snapshot(observer))

    def _snapshot(self, observer: Observer) -> dict[str, object]:
        whole = to_json(observer.snapshot(self._policy.titles))
        found = whole["applications"]
        applications = found if isinstance(found, (list, tuple)) else []
        return {**whole, "applications": [one for one in applications if one["application"] not in self._excluded]}

    def _hear(self, event: Event) -> None:
        """Called in the listener's thread."""
        self._commands.put(event)
        self._wake_up()

    def _failed(self, error: NoServer | Refused | None) -> None:
        """Called in the threads that talk with the server."""
        self._problem = None if error is None else str(error)
        if isinstance(error, Refused) and error.is_unauthorized:
            self._refusals += 1
            self._wake_up()
        elif error is None:
            self._refusals = 0

    def _obey(self, observer: Observer) -> None:
        while not self._commands.empty():
            event = self._commands.get()
            try:
                data = json.loads(event.data)
                self._obey_one(event.name, data, observer)
            except (ValueError, KeyError, TypeError) as error:
                self._problem = f"The server sent a {event.name} that this agent doesn't understand ({error})."

    def _obey_one(self, name: str, data: dict[str, object], observer: Observer) -> None:
        if name == "policy":
            self._policy = Policy.from_json(data)
            self._state.keep_policy(self._policy)
            self._changed = True
        elif name == "snapshot":
            self._reporter.hand(f"/api/v1/agent/snapshots/{data['id']}", self._snapshot(observer))
        elif name == "restore":
            self._restore(wish_from_json(data))
        elif name == "notice":
            system.notify(str(data["text"]))
        elif name == "limits":
            self._watch.hear(data)

    def _restore(self, wish: Wish) -> None:
        """Bring a session back in a thread of its own; a wish that was heard before is under way, or done."""
        if str(wish.run) not in self._restores:
            self._restores.add(str(wish.run))
            threading.Thread(target=self._bring_back, args=[wish], name="restore", daemon=True).start()

    def _bring_back(self, wish: Wish) -> None:
        from deskbay.agent.restore import restore  # takes memory only where something is restored

        path = f"/api/v1/agent/restores/{wish.run}"

        def tell(progress: Progress) -> None:
            self._reporter.hand(path, {"applications": [to_json(progress)]})

        try:
            with self._opened() as platform:
                restore(platform, wish, tell)
        except NoDesktop as error:
            self._problem = str(error)
        finally:
            self._reporter.hand(path, {"finished": True})

    def _show(self) -> None:
        if self._sign is not None:
            self._sign.show(tracking=self._policy.tracking, paused=self._is_paused())
        if self._clock.elapsed() - self._told_at >= STATUS_MS:
            self._tell_status()

    def _tell_status(self) -> None:
        self._told_at = self._clock.elapsed()
        status = Status(
            process=os.getpid(),
            version=VERSION,
            server=self._pairing.server.text,
            connected=self._problem is None,
            tracking=self._may_track(),
            paused=self._is_paused(),
            waiting=self._reporter.waiting,
            problem=self._problem,
        )
        if status != self._told:
            self._told = status
            self._state.keep_status(status)
            system.give_back()


def _waking_sockets() -> tuple[socket.socket, socket.socket]:
    """One to wait for and one to wake by; sockets, because Windows can't wait for pipes."""
    wake, waker = socket.socketpair()
    for one in (wake, waker):
        one.setblocking(False)
    return wake, waker


def _in_front(applications: Sequence[Application]) -> str | None:
    return next((one.application for one in applications if any(window.foreground for window in one.windows)), None)
