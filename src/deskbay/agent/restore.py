"""Bringing back what was open: all at once, each application with a word on how it went."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from deskbay.agent.contents import Shown
from deskbay.agent.identity import Found, found
from deskbay.agent.launching import STARTUP_ID, Start, as_here, launch, plan
from deskbay.agent.matching import by_contents, rearranged
from deskbay.agent.paths import PathMap
from deskbay.agent.platforms import NoDesktop, OpenWindow, Place, Platform
from deskbay.agent.processes import environment_of, processes_with
from deskbay.agent.rules import Reader
from deskbay.agent.scaling import place_on
from deskbay.agent.shapes import Application, ApplicationState, Progress, WindowState, Wish
from deskbay.agent.snapshots import Observer, Opened
from deskbay.agent.tasks import Launched, Task, suggestion_for

WINDOW_SECONDS = 45.0
"""A window that has not come so long after its program was started is given up."""

WATCH_SECONDS = 1.5
"""After the last window was placed: some programs move their windows once more when they have read their settings."""

_MOST_CORRECTIONS = 3
_LOOK_SECONDS = 0.25
_TELLING = {Reader.TITLE, Reader.SHELLS, Reader.FOLDERS}


def restore(platform: Platform, wish: Wish, report: Callable[[Progress], None]) -> None:
    """Start what is not running, put every window in its place, and report each application's steps.

    Returns when every application has come to an end, good or bad. No program is started twice for one run, not even
    by another process: what was started carries the run's id.
    """
    _Restore(platform, wish, report).run()


@dataclass(slots=True)
class _Placed:
    """Where a window has to be, and how often it had to be put there again."""

    place: Place
    corrections: int = 0


class _Restore:
    def __init__(self, platform: Platform, wish: Wish, report: Callable[[Progress], None]) -> None:
        self._platform, self._wish = platform, wish
        self._observer = Observer(platform, lambda: datetime.now(UTC))
        self._catalogue = self._observer.catalogue
        self._paths = PathMap.between(wish.home, str(Path.home()), self._catalogue.rules.paths)
        self._tasks = [self._task(application, report) for application in wish.applications]
        self._lanes: dict[str, deque[tuple[Task, Start, str]]] = {}
        self._launched: dict[str, tuple[Task, Launched]] = {}
        self._foreign: set[int] = set()
        self._placed: dict[int, _Placed] = {}

    def _task(self, application: Application, report: Callable[[Progress], None]) -> Task:
        rule = self._catalogue.rules.of(application.application)
        here, missing = as_here(application, rule, self._paths)
        return Task(here, rule, missing, report)

    def run(self) -> None:
        try:
            self._recognise()
            for number, task in enumerate(self._tasks):
                self._plan(number, task)
            self._go_on()
            while not all(task.is_finished for task in self._tasks):
                self._platform.wait(_LOOK_SECONDS)
                self._give_up()
                self._take_windows()
                self._go_on()
                self._keep_places()
            self._watch()
        except NoDesktop as error:
            for task in self._tasks:
                task.tell(ApplicationState.FAILED, str(error))

    def _recognise(self) -> None:
        """Find what is running already, the same processes first, and put its windows in their places."""
        opened = self._observer.opened()
        for task in self._tasks:
            self._recognise_one(task, [each for each in opened if each.key == task.application.key])
        for task in self._tasks:
            self._recognise_one(task, [each for each in opened if self._is(task, each)])
        ours = {window.id for each in opened for window in each.windows if self._is_of_this_run(window)}
        self._foreign = {window.id for each in opened for window in each.windows} - ours

    def _is(self, task: Task, opened: Opened) -> bool:
        return self._catalogue.rules.of(task.application.application).name == opened.identity.rule.name

    def _recognise_one(self, task: Task, running: list[Opened]) -> None:
        windows = {index: task.application.windows[index] for index in task.open}
        if task.rule.window is None and task.rule.reads is Reader.NOTHING:
            running = [each for each in running if _runs_the_same(task.application, each)]
        elif any(window.contents for window in windows.values()):
            shown = {id_: each.contents for opened in running for id_, each in opened.shown().items()}
            self._take_known(task, by_contents(self._free(shown), windows))
            return
        free = iter(self._free({window.id: () for each in running for window in each.windows}))
        self._take_known(task, dict(zip(windows, free, strict=False)))

    def _free(self, shown: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
        taken = {id_ for task in self._tasks for id_ in task.taken.values()}
        return {id_: contents for id_, contents in shown.items() if id_ not in taken}

    def _take_known(self, task: Task, known: Mapping[int, int]) -> None:
        for index, id_ in known.items():
            self._take(task, index, id_)
        if task.taken and (task.rule.window is None or not task.open):
            task.tell(ApplicationState.ALREADY_RUNNING)

    def _is_of_this_run(self, window: OpenWindow) -> bool:
        return any(id_.startswith(self._run_id) for id_ in self._startup_ids(window))

    @property
    def _run_id(self) -> str:
        return f"deskbay-{self._wish.run}-"

    def _startup_ids(self, window: OpenWindow) -> Iterator[str]:
        """The starts that a window may come from, the surest first."""
        yield window.startup.partition("_TIME")[0]
        if window.process is not None:
            yield environment_of(window.process).get(STARTUP_ID, "")

    def _plan(self, number: int, task: Task) -> None:
        if task.is_finished:
            return
        application = task.application
        starts = plan(application, task.rule, self._catalogue, task.open)
        if not starts:
            reason = f"{application.name} is not on this device."
            task.tell(ApplicationState.NOT_FOUND, reason, suggestion_for(application, task.rule, self._catalogue))
            return
        for index, start in enumerate(starts):
            id_ = f"{self._run_id}{number}-{index}"
            lane = start.command[0] if task.rule.one_process else id_
            self._lanes.setdefault(lane, deque()).append((task, start, id_))
            task.to_come.add(id_)

    def _go_on(self) -> None:
        """Start what may start: of the programs that hand all windows to their first process, one after the other."""
        for lane in self._lanes.values():
            while lane and not self._is_busy(lane[0][1].command[0], lane[0][0]):
                task, start, id_ = lane.popleft()
                if not task.is_finished:
                    self._start(task, start, id_)

    def _is_busy(self, program: str, task: Task) -> bool:
        return task.rule.one_process and any(
            launched.start.command[0] == program
            and (_is_adding(launched) or set(launched.start.windows) & set(other.open))
            for other, launched in self._launched.values()
        )

    def _start(self, task: Task, start: Start, id_: str) -> None:
        try:
            was_started = next(processes_with(STARTUP_ID, id_), None) is not None
            process = None if was_started else launch(start, id_)
        except OSError as error:
            self._refuse(task, start, error)
        else:
            self._launched[id_] = (task, Launched(start, monotonic(), process))
            task.to_come -= {id_} if start.windows else set()
            task.tell(ApplicationState.STARTED)

    def _refuse(self, task: Task, start: Start, error: OSError) -> None:
        program = start.command[0]
        if found(start.command) is Found.FORBIDDEN or isinstance(error, PermissionError):
            suggestion = f"Ask who looks after this device for the right to start {program}."
            task.tell(ApplicationState.DENIED, f"You may not start {program} on this device.", suggestion)
        elif isinstance(error, FileNotFoundError):
            suggestion = suggestion_for(task.application, task.rule, self._catalogue)
            task.tell(ApplicationState.NOT_FOUND, f"{program} is not on this device.", suggestion)
        else:
            task.tell(ApplicationState.FAILED, f"{program} can't be started: {error.strerror}.")

    def _take_windows(self) -> None:
        opened = self._observer.opened()
        windows = {window.id: (each, window) for each in opened for window in each.windows}
        for task in self._tasks:
            task.taken = {index: id_ for index, id_ in task.taken.items() if id_ in windows}
        taken = {id_ for task in self._tasks for id_ in task.taken.values()}
        for id_ in set(windows) - taken - self._foreign:
            for task, index in self._candidates(*windows[id_]):
                self._take(task, index, id_)
                break
        for task in self._tasks:
            self._sort_out(task, opened)
            if task.state is ApplicationState.STARTED and task.application.windows:
                task.finish(ApplicationState.PLACED)

    def _candidates(self, opened: Opened, window: OpenWindow) -> Iterator[tuple[Task, int]]:
        """The wished windows that a new window may be, the likeliest first."""
        for id_ in self._startup_ids(window):
            if id_ in self._launched:
                task, launched = self._launched[id_]
                yield from ((task, index) for index in launched.start.windows if index in task.open)
        for task, launched in self._launched.values():
            if self._is(task, opened):
                yield from ((task, index) for index in launched.start.windows if index in task.open)

    def _sort_out(self, task: Task, opened: list[Opened]) -> None:
        """Exchange windows of an application that were taken for one another."""
        if len(task.taken) > 1 and task.rule.reads in _TELLING:
            shown = {id_: each.contents for group in opened for id_, each in self._shown(group, task).items()}
            better = rearranged(task.taken, shown, dict(enumerate(task.application.windows)))
            moved = {index: id_ for index, id_ in better.items() if task.taken[index] != id_}
            task.taken = better
            for index, id_ in moved.items():
                self._take(task, index, id_)

    def _shown(self, opened: Opened, task: Task) -> Mapping[int, Shown]:
        return opened.shown() if {window.id for window in opened.windows} & set(task.taken.values()) else {}

    def _take(self, task: Task, index: int, id_: int) -> None:
        """Let an open window be a wished one, and put it where that was."""
        wanted = task.application.windows[index]
        frame = next((window.frame for window in self._platform.windows() if window.id == id_), (0, 0, 0, 0))
        place = place_on(wanted, self._wish.monitors, self._platform.monitors(), frame)
        if self._platform.place(id_, place) is not None:
            task.taken[index] = id_
            self._placed[id_] = _Placed(place)

    def _give_up(self) -> None:
        """Wait no longer for windows whose time is over, or whose program ended badly; nor for what is added."""
        for id_, (task, launched) in self._launched.items():
            if not _is_adding(launched):
                task.to_come.discard(id_)
            waiting = [index for index in launched.start.windows if index in task.open]
            reason = self._end_of(id_, launched) if waiting else None
            if reason is not None:
                task.lost |= dict.fromkeys(waiting, reason)
                task.finish(ApplicationState.PLACED)

    def _end_of(self, id_: str, launched: Launched) -> str | None:
        if monotonic() - launched.since > WINDOW_SECONDS:
            return f"No window opened within {WINDOW_SECONDS:.0f} seconds."
        code = launched.process.returncode if launched.process else None
        if code and next(processes_with(STARTUP_ID, id_), None) is None:
            return f"{launched.start.command[0]} ended with exit status {code} before its window opened."
        return None

    def _watch(self) -> None:
        """Pile the windows up, keep them in their places for a while, and the one in front that was in front."""
        self._pile_up()
        piled = 1
        front = next(self._wished_front(), None)
        if front is not None:
            self._platform.activate(front)
        end = monotonic() + WATCH_SECONDS
        while (left := end - monotonic()) > 0:
            self._platform.wait(min(left, _LOOK_SECONDS))
            self._keep_places()
            if self._lies_otherwise() and piled < _MOST_CORRECTIONS:
                self._pile_up()
                piled += 1
            for window in self._platform.windows():
                if window.foreground and window.id in self._placed and front not in {None, window.id}:
                    self._platform.activate(front)
                    front = None

    def _pile_up(self) -> None:
        """Have windows lie above one another as they did."""
        for id_ in self._pile():
            self._platform.lift(id_)

    def _lies_otherwise(self) -> bool:
        """Some programs lift their windows once more when they are ready, and so does who gives one the keyboard."""
        pile = self._pile()
        now = [window.id for window in self._platform.windows() if window.id in pile]
        return now != [id_ for id_ in pile if id_ in now]

    def _pile(self) -> list[int]:
        """The windows as they lay, the lowest first; what was put away lies nowhere."""
        wished = [(task.application.windows[index], id_) for task in self._tasks for index, id_ in task.taken.items()]
        shown = [(window.stacking, id_) for window, id_ in wished if window.state is not WindowState.MINIMIZED]
        return [id_ for _, id_ in sorted((below, id_) for below, id_ in shown if below is not None)]

    def _keep_places(self) -> None:
        """Put back windows that moved by themselves, or that were too busy to move when they were asked to."""
        for window in self._platform.windows():
            placed = self._placed.get(window.id)
            if placed is not None and placed.corrections < _MOST_CORRECTIONS and _has_moved(window.place, placed.place):
                placed.corrections += 1
                got = self._platform.place(window.id, placed.place)
                if got == window.place:  # it lets itself be put no nearer
                    placed.place = got

    def _wished_front(self) -> Iterator[int]:
        for task in self._tasks:
            yield from (id_ for index, id_ in task.taken.items() if task.application.windows[index].foreground)


def _is_adding(launched: Launched) -> bool:
    """Whether a start still adds to a window that is open."""
    is_running = launched.process is not None and launched.process.returncode is None
    return not launched.start.windows and is_running and monotonic() - launched.since < WINDOW_SECONDS


def _runs_the_same(application: Application, opened: Opened) -> bool:
    return opened.process is not None and (opened.process.command == application.command or not application.command[1:])


def _has_moved(now: Place, wanted: Place) -> bool:
    """What fills a screen, or is put away, has no place of its own."""
    return now != wanted if wanted.state is WindowState.NORMAL else now.state is not wanted.state
