"""Windows of a Mac, as its accessibility interface tells of them (pyobjc: AppKit, ApplicationServices, Quartz).

Written after Apple's documentation and tested against a double of these frameworks; it has not run on a Mac yet.
The person has to allow it under System Settings, Privacy & Security, Accessibility.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Protocol

import AppKit
import ApplicationServices as Accessibility
import CoreFoundation
import objc
import Quartz

from deskbay.agent.platforms import NoDesktop, OpenWindow, Place
from deskbay.agent.platforms.watching import LATER_SECONDS, SOON_SECONDS, Watching
from deskbay.agent.shapes import Monitor, System, WindowState

_URGENT = ("AXWindowCreated", "AXUIElementDestroyed", "AXFocusedWindowChanged", "AXMainWindowChanged")
_MINIMIZING = ("AXWindowMiniaturized", "AXWindowDeminiaturized")
_RELAXED = ("AXMoved", "AXResized", "AXTitleChanged")
_NOTICES = (
    "NSWorkspaceDidActivateApplicationNotification",
    "NSWorkspaceDidLaunchApplicationNotification",
    "NSWorkspaceDidTerminateApplicationNotification",
    "NSWorkspaceDidHideApplicationNotification",
    "NSWorkspaceDidUnhideApplicationNotification",
)
_ANY_INPUT = 0xFFFFFFFF
_SUCCESS = 0
_TRIES = 3


class _Running(Protocol):
    """An application that runs (NSRunningApplication)."""

    def processIdentifier(self) -> int: ...  # noqa: N802 - Apple's name
    def bundleIdentifier(self) -> str | None: ...  # noqa: N802
    def localizedName(self) -> str | None: ...  # noqa: N802
    def activationPolicy(self) -> int: ...  # noqa: N802


@dataclass(slots=True)
class _Known:
    """A window that was seen, by the number that we gave it: the system's own number is not told."""

    id: int
    process: int
    element: object


class MacOS(Watching):
    """The windows of the person who runs this."""

    system = System.MACOS

    def __init__(self) -> None:
        super().__init__()
        if not Accessibility.AXIsProcessTrusted():
            what = "This Mac does not let Deskbay see windows."
            raise NoDesktop(f"{what} Allow it under System Settings, Privacy & Security, Accessibility; then again.")
        self._numbers = count(1)
        self._known: list[_Known] = []
        self._observers: dict[int, object] = {}
        self._callback = objc.callbackFor(Accessibility.AXObserverCreate)(self._heard)
        self._workspace = AppKit.NSWorkspace.sharedWorkspace()
        self._tokens = [self._hear_of(notice) for notice in _NOTICES]

    def close(self) -> None:
        for token in self._tokens:
            self._workspace.notificationCenter().removeObserver_(token)
        self._tokens.clear()
        for process in list(self._observers):
            self._forget(process)

    def idle_seconds(self) -> float:
        state = Quartz.kCGEventSourceStateCombinedSessionState
        return float(Quartz.CGEventSourceSecondsSinceLastEventType(state, _ANY_INPUT))

    def monitors(self) -> Sequence[Monitor]:
        """AppKit counts upwards from the lower left corner of the first screen, all others downwards."""
        screens = AppKit.NSScreen.screens()
        height = screens[0].frame().size.height if screens else 0
        return [_monitor(screen.visibleFrame(), height, primary=number == 0) for number, screen in enumerate(screens)]

    def windows(self) -> Sequence[OpenWindow]:
        front = self._workspace.frontmostApplication()
        seen: list[_Known] = []
        shown: list[OpenWindow] = []
        for application in self._applications():
            process = application.processIdentifier()
            self._listen_to(process)
            main = _attribute(Accessibility.AXUIElementCreateApplication(process), "AXFocusedWindow")
            for element in _elements(process):
                known = self._number(process, element)
                seen.append(known)
                is_front = front is not None and front.processIdentifier() == process and element == main
                shown.append(_shown(known, application, foreground=is_front))
        self._known = seen
        return sorted(shown, key=lambda window: window.foreground)

    def _applications(self) -> Iterator[_Running]:
        """Those with a place in the Dock."""
        regular = AppKit.NSApplicationActivationPolicyRegular
        return (each for each in self._workspace.runningApplications() if each.activationPolicy() == regular)

    def _number(self, process: int, element: object) -> _Known:
        same = (known for known in self._known if known.process == process and known.element == element)
        return next(same, None) or _Known(next(self._numbers), process, element)

    def _hear_of(self, notice: str) -> object:
        center = self._workspace.notificationCenter()
        return center.addObserverForName_object_queue_usingBlock_(
            notice, None, None, lambda _: self._be_due(SOON_SECONDS)
        )

    def _listen_to(self, process: int) -> None:
        if process in self._observers:
            return
        error, observer = Accessibility.AXObserverCreate(process, self._callback, None)
        if error != _SUCCESS:
            return
        application = Accessibility.AXUIElementCreateApplication(process)
        for notice in (*_URGENT, *_MINIMIZING, *_RELAXED):
            Accessibility.AXObserverAddNotification(observer, application, notice, None)
        source = Accessibility.AXObserverGetRunLoopSource(observer)
        CoreFoundation.CFRunLoopAddSource(
            CoreFoundation.CFRunLoopGetCurrent(), source, CoreFoundation.kCFRunLoopDefaultMode
        )
        self._observers[process] = observer

    def _forget(self, process: int) -> None:
        source = Accessibility.AXObserverGetRunLoopSource(self._observers.pop(process))
        CoreFoundation.CFRunLoopRemoveSource(
            CoreFoundation.CFRunLoopGetCurrent(), source, CoreFoundation.kCFRunLoopDefaultMode
        )

    def _heard(self, _: object, __: object, notice: str, ___: object) -> None:
        self._be_due(LATER_SECONDS if notice in _RELAXED else SOON_SECONDS)

    def _listen(self, seconds: float, wakers: Sequence[int]) -> bool:
        with _watched(wakers) as woken:
            CoreFoundation.CFRunLoopRunInMode(CoreFoundation.kCFRunLoopDefaultMode, seconds, True)
        return bool(woken)

    def lift(self, window: int) -> None:
        known = self._find(window)
        if known is not None:
            Accessibility.AXUIElementPerformAction(known.element, "AXRaise")

    def activate(self, window: int) -> None:
        known = self._find(window)
        if known is not None:
            Accessibility.AXUIElementPerformAction(known.element, "AXRaise")
            running = AppKit.NSRunningApplication.runningApplicationWithProcessIdentifier_(known.process)
            if running is not None:
                running.activateWithOptions_(AppKit.NSApplicationActivateIgnoringOtherApps)

    def _find(self, window: int) -> _Known | None:
        return next((known for known in self._known if known.id == window), None)

    def place(self, window: int, place: Place) -> Place | None:
        known = self._find(window)
        if known is None or _attribute(known.element, "AXRole") is None:
            return None
        _set(known.element, "AXMinimized", False)
        _set(known.element, "AXFullScreen", False)
        wanted = self._room_of(place) if place.state is WindowState.MAXIMIZED else place
        for _ in range(_TRIES):  # a window that is too large for its screen is moved by its size
            _set(known.element, "AXPosition", _point(wanted.x, wanted.y))
            _set(known.element, "AXSize", _size(wanted.width, wanted.height))
            if _rectangle(known.element) == (wanted.x, wanted.y, wanted.width, wanted.height):
                break
        if place.state is WindowState.FULLSCREEN:
            _set(known.element, "AXFullScreen", True)
        if place.state is WindowState.MINIMIZED:
            _set(known.element, "AXMinimized", True)
        return _place(known.element, self.monitors())

    def _room_of(self, place: Place) -> Place:
        """What a window fills that is maximised on the screen where it lies."""
        holding = (each for each in self.monitors() if _lies_on(place, each))
        monitor = next(holding, None) or self.monitors()[0]
        return Place(monitor.x, monitor.y, monitor.width, monitor.height, place.state)


def _shown(known: _Known, application: _Running, *, foreground: bool) -> OpenWindow:
    return OpenWindow(
        id=known.id,
        process=known.process,
        kind=application.bundleIdentifier() or "",
        instance=application.localizedName() or "",
        startup="",
        title=str(_attribute(known.element, "AXTitle") or ""),
        place=_place(known.element, ()),
        frame=(0, 0, 0, 0),  # the place is that of the whole window: what is the title bar is not told
        foreground=foreground,
    )


def _elements(process: int) -> Sequence[object]:
    windows = _attribute(Accessibility.AXUIElementCreateApplication(process), "AXWindows")
    found = list(windows) if isinstance(windows, Sequence) else []
    return [element for element in found if _attribute(element, "AXSubrole") == "AXStandardWindow"]


def _place(element: object, monitors: Sequence[Monitor]) -> Place:
    x, y, width, height = _rectangle(element)
    fills = any((x, y, width, height) == (each.x, each.y, each.width, each.height) for each in monitors)
    state = WindowState.MAXIMIZED if fills else WindowState.NORMAL
    if _attribute(element, "AXFullScreen"):
        state = WindowState.FULLSCREEN
    if _attribute(element, "AXMinimized"):
        state = WindowState.MINIMIZED
    return Place(x, y, width, height, state)


def _rectangle(element: object) -> tuple[int, int, int, int]:
    corner, size = _attribute(element, "AXPosition"), _attribute(element, "AXSize")
    if corner is None or size is None:
        return 0, 0, 0, 0
    _, point = Accessibility.AXValueGetValue(corner, Accessibility.kAXValueCGPointType, None)
    _, extent = Accessibility.AXValueGetValue(size, Accessibility.kAXValueCGSizeType, None)
    return round(point.x), round(point.y), round(extent.width), round(extent.height)


def _attribute(element: object, name: str) -> object | None:
    error, value = Accessibility.AXUIElementCopyAttributeValue(element, name, None)
    found: object | None = value if error == _SUCCESS else None
    return found


def _set(element: object, name: str, value: object) -> None:
    Accessibility.AXUIElementSetAttributeValue(element, name, value)


def _point(x: int, y: int) -> object:
    made: object = Accessibility.AXValueCreate(Accessibility.kAXValueCGPointType, Quartz.CGPoint(x, y))
    return made


def _size(width: int, height: int) -> object:
    made: object = Accessibility.AXValueCreate(Accessibility.kAXValueCGSizeType, Quartz.CGSize(width, height))
    return made


def _monitor(room: object, height: float, *, primary: bool) -> Monitor:
    origin, size = room.origin, room.size  # type: ignore[attr-defined]
    top = height - origin.y - size.height
    return Monitor(round(origin.x), round(top), round(size.width), round(size.height), primary)


def _lies_on(place: Place, monitor: Monitor) -> bool:
    x, y = place.x + place.width // 2, place.y + place.height // 2
    return monitor.x <= x < monitor.x + monitor.width and monitor.y <= y < monitor.y + monitor.height


@contextmanager
def _watched(descriptors: Sequence[int]) -> Iterator[list[int]]:
    """A list that gets each descriptor once it can be read, while the run loop runs."""
    readable: list[int] = []
    with ExitStack() as stack:
        for descriptor in descriptors:
            watch = CoreFoundation.CFFileDescriptorCreate(
                None, descriptor, False, lambda _, __, ___, number=descriptor: readable.append(number), None
            )
            CoreFoundation.CFFileDescriptorEnableCallBacks(watch, CoreFoundation.kCFFileDescriptorReadCallBack)
            source = CoreFoundation.CFFileDescriptorCreateRunLoopSource(None, watch, 0)
            loop, mode = CoreFoundation.CFRunLoopGetCurrent(), CoreFoundation.kCFRunLoopDefaultMode
            CoreFoundation.CFRunLoopAddSource(loop, source, mode)
            stack.callback(CoreFoundation.CFFileDescriptorInvalidate, watch)
        yield readable
