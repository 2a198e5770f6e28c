"""A double of the frameworks of macOS that the agent asks, as pyobjc shows them: a Mac can't be had here.

It behaves as Apple documents: elements are equal but not the same from one call to the next, attributes of what is
gone give an error, AppKit counts upwards and the rest downwards, a window keeps to its least size, and callbacks come
while the run loop runs.
"""

import select
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

INVALID_ELEMENT = -25202
NO_VALUE = -25212
POINT, SIZE = 1, 2


@dataclass(slots=True)
class MacWindow:
    """A window, from its upper left corner."""

    title: str
    x: int
    y: int
    width: int
    height: int
    subrole: str = "AXStandardWindow"
    least: tuple[int, int] = (1, 1)
    attributes: dict[str, object] = field(default_factory=lambda: {"AXMinimized": False, "AXFullScreen": False})
    is_gone: bool = False


@dataclass(slots=True)
class MacApplication:
    """A program with windows; `policy` 0 has a place in the Dock."""

    process: int
    bundle: str | None
    name: str | None
    windows: list[MacWindow] = field(default_factory=list)
    policy: int = 0

    def processIdentifier(self) -> int:  # noqa: N802 - Apple's name, as the next
        return self.process

    def bundleIdentifier(self) -> str | None:  # noqa: N802
        return self.bundle

    def localizedName(self) -> str | None:  # noqa: N802
        return self.name

    def activationPolicy(self) -> int:  # noqa: N802
        return self.policy


@dataclass(frozen=True, slots=True)
class Element:
    """What stands for an application or a window: equal where it stands for the same."""

    process: int
    window: int | None = None


class FakeObject:
    """NSObject, as far as classes of Python's need it."""

    @classmethod
    def alloc(cls) -> "FakeObject":
        return cls()

    def init(self) -> "FakeObject":
        return self


class StatusButton:
    """The button of an item in the menu bar."""

    def __init__(self) -> None:
        self.title = self.tip = ""
        self._target: object = None
        self._action = ""

    def setTitle_(self, title: str) -> None:  # noqa: N802 - Apple's name, as the next
        self.title = title

    def setToolTip_(self, tip: str) -> None:  # noqa: N802
        self.tip = tip

    def setTarget_(self, target: object) -> None:  # noqa: N802
        self._target = target

    def setAction_(self, action: str) -> None:  # noqa: N802
        self._action = action

    def send(self) -> None:
        """Call the target's method, whose name has an underscore for each colon of the selector."""
        getattr(self._target, self._action.replace(":", "_"))(self)


class MenuBar:
    """The menu bar with one item at its right, and the clicks on it that no program has handled yet."""

    def __init__(self) -> None:
        self.button = StatusButton()
        self.is_visible = True
        self.policies: list[int] = []
        self._events: deque[StatusButton] = deque()

    def click(self) -> None:
        assert self.is_visible, "nobody can click on what is not there"
        self._events.append(self.button)

    def app_kit(self) -> dict[str, object]:
        """The names of AppKit that a program with an item in the menu bar uses."""
        item = SimpleNamespace(button=lambda: self.button, setVisible_=self._set_visible)
        bar = SimpleNamespace(statusItemWithLength_=lambda _: item)
        application = SimpleNamespace(
            setActivationPolicy_=self.policies.append,
            nextEventMatchingMask_untilDate_inMode_dequeue_=self._next_event,
            sendEvent_=lambda event: event.send(),
        )
        return {
            "NSObject": FakeObject,
            "NSApplication": SimpleNamespace(sharedApplication=lambda: application),
            "NSApplicationActivationPolicyAccessory": 1,
            "NSStatusBar": SimpleNamespace(systemStatusBar=lambda: bar),
            "NSVariableStatusItemLength": -1.0,
            "NSEventMaskAny": 2**64 - 1,
            "NSDefaultRunLoopMode": "default",
        }

    def _set_visible(self, visible: bool) -> None:
        self.is_visible = visible

    def _next_event(self, _: int, __: None, ___: str, ____: bool) -> StatusButton | None:
        return self._events.popleft() if self._events else None


class FakeMac:
    """A Mac with a screen of 1440 × 900, a menu bar of 25 points and a Dock of 70, and a second screen at its right."""

    def __init__(self) -> None:
        self.applications: list[MacApplication] = []
        self.menu_bar = MenuBar()
        self.is_trusted = True
        self.idle = 0.0
        self.front: MacApplication | None = None
        self.observed: dict[int, set[str]] = {}
        self.refuses_observers: set[int] = set()
        self.sources: set[object] = set()
        self._pending: deque[Callable[[], None]] = deque()
        self._callbacks: dict[int, Callable[[object, Element, str, object], None]] = {}
        self._noticed: dict[object, tuple[str, Callable[[object], None]]] = {}
        self._watched: dict[int, Callable[[object, int, object], None]] = {}

    def modules(self) -> dict[str, object]:
        """By name, what `import` shall find."""
        constants = {"kCFRunLoopDefaultMode": "default", "kCFFileDescriptorReadCallBack": 1}
        foundation = SimpleNamespace(
            CFRunLoopGetCurrent=lambda: "loop",
            CFRunLoopAddSource=lambda _, source, __: self.sources.add(source),
            CFRunLoopRemoveSource=lambda _, source, __: self.sources.remove(source),
            CFRunLoopRunInMode=self._run,
            CFFileDescriptorCreate=self._watch,
            CFFileDescriptorEnableCallBacks=lambda _, __: None,
            CFFileDescriptorCreateRunLoopSource=lambda _, watch, __: ("descriptor", watch),
            CFFileDescriptorInvalidate=self._unwatch,
            **constants,
        )
        return {
            "objc": SimpleNamespace(callbackFor=lambda _: lambda function: function),
            "AppKit": self._app_kit(),
            "ApplicationServices": self._accessibility(),
            "CoreFoundation": foundation,
            "Quartz": SimpleNamespace(
                kCGEventSourceStateCombinedSessionState=0,
                CGEventSourceSecondsSinceLastEventType=lambda _, __: self.idle,
                CGPoint=lambda x, y: SimpleNamespace(x=float(x), y=float(y)),
                CGSize=lambda width, height: SimpleNamespace(width=float(width), height=float(height)),
            ),
        }

    def _app_kit(self) -> object:
        center = SimpleNamespace(
            addObserverForName_object_queue_usingBlock_=self._add_notice, removeObserver_=self._remove_notice
        )
        workspace = SimpleNamespace(
            runningApplications=lambda: list(self.applications),
            frontmostApplication=lambda: self.front,
            notificationCenter=lambda: center,
        )
        screens = [_screen(0, 0, 1440, 900, (0, 70, 1440, 805)), _screen(1440, 100, 1024, 768, (1440, 100, 1024, 768))]
        return SimpleNamespace(
            **self.menu_bar.app_kit(),
            NSApplicationActivationPolicyRegular=0,
            NSApplicationActivateIgnoringOtherApps=2,
            NSWorkspace=SimpleNamespace(sharedWorkspace=lambda: workspace),
            NSScreen=SimpleNamespace(screens=lambda: screens),
            NSRunningApplication=SimpleNamespace(runningApplicationWithProcessIdentifier_=self._running),
        )

    def _accessibility(self) -> object:
        return SimpleNamespace(
            kAXValueCGPointType=POINT,
            kAXValueCGSizeType=SIZE,
            AXIsProcessTrusted=lambda: self.is_trusted,
            AXUIElementCreateApplication=Element,
            AXUIElementCopyAttributeValue=self._read,
            AXUIElementSetAttributeValue=self._write,
            AXUIElementPerformAction=self._perform,
            AXObserverCreate=self._observe,
            AXObserverAddNotification=lambda process, _, notice, __: self.observed[process].add(notice),
            AXObserverGetRunLoopSource=lambda process: ("observer", process),
            AXValueCreate=lambda kind, value: (kind, value),
            AXValueGetValue=lambda value, kind, _: (value[0] == kind, value[1]),
        )

    def open(self, application: MacApplication, window: MacWindow) -> None:
        application.windows.append(window)
        self.tell(application, "AXWindowCreated")

    def shut(self, application: MacApplication, window: MacWindow) -> None:
        window.is_gone = True
        self.tell(application, "AXUIElementDestroyed")

    def tell(self, application: MacApplication, notice: str) -> None:
        """Let whoever listens to an application hear of something when the run loop runs."""
        process = application.process
        if notice in self.observed.get(process, set()):
            heard = self._callbacks[process]
            self._pending.append(lambda: heard(process, Element(process), notice, None))

    def announce(self, notice: str) -> None:
        for name, block in self._noticed.values():
            if name == notice:
                self._pending.append(lambda block=block: block(None))  # type: ignore[misc]

    def _add_notice(self, name: str, _: object, __: object, block: Callable[[object], None]) -> object:
        token = object()
        self._noticed[token] = (name, block)
        return token

    def _remove_notice(self, token: object) -> None:
        del self._noticed[token]

    @property
    def is_left_alone(self) -> bool:
        """Whether nobody listens any more."""
        return not self._noticed and not self.sources

    def _observe(self, process: int, heard: Callable[[object, Element, str, object], None], _: None) -> object:
        if process in self.refuses_observers:
            return INVALID_ELEMENT, None
        self._callbacks[process], self.observed[process] = heard, set()
        return 0, process

    def _watch(
        self, _: None, descriptor: int, __: bool, heard: Callable[[object, int, object], None], ___: None
    ) -> int:
        self._watched[descriptor] = heard
        return descriptor

    def _unwatch(self, descriptor: int) -> None:
        del self._watched[descriptor]
        self.sources.discard(("descriptor", descriptor))

    def _run(self, _: str, seconds: float, __: bool) -> None:
        if self._pending:
            self._pending.popleft()()
            return
        for descriptor in select.select(list(self._watched), [], [], seconds)[0]:
            self._watched[descriptor](None, 1, None)

    def _window(self, element: Element) -> MacWindow | None:
        application = next((each for each in self.applications if each.process == element.process), None)
        if application is None or element.window is None or application.windows[element.window].is_gone:
            return None
        return application.windows[element.window]

    def _read(self, element: Element, name: str, _: None) -> tuple[int, object]:
        if element.window is None:
            return self._read_application(element, name)
        window = self._window(element)
        if window is None:
            return INVALID_ELEMENT, None
        values = {
            "AXRole": "AXWindow",
            "AXSubrole": window.subrole,
            "AXTitle": window.title,
            "AXPosition": (POINT, SimpleNamespace(x=float(window.x), y=float(window.y))),
            "AXSize": (SIZE, SimpleNamespace(width=float(window.width), height=float(window.height))),
            **window.attributes,
        }
        return (0, values[name]) if name in values else (NO_VALUE, None)

    def _read_application(self, element: Element, name: str) -> tuple[int, object]:
        application = next((each for each in self.applications if each.process == element.process), None)
        if application is None:
            return INVALID_ELEMENT, None
        there = [Element(element.process, n) for n, each in enumerate(application.windows) if not each.is_gone]
        return (0, there if name == "AXWindows" else there[-1]) if there else (NO_VALUE, None)

    def _write(self, element: Element, name: str, value: object) -> int:
        window = self._window(element)
        if window is None:
            return INVALID_ELEMENT
        if name in {"AXPosition", "AXSize"} and not any(window.attributes.values()):
            _, amount = cast("tuple[int, SimpleNamespace]", value)
            if name == "AXPosition":
                window.x, window.y = int(amount.x), int(amount.y)
            else:
                least = window.least
                window.width, window.height = max(int(amount.width), least[0]), max(int(amount.height), least[1])
        elif name in window.attributes:
            window.attributes[name] = value
        return 0

    def _perform(self, element: Element, action: str) -> int:
        window, application = self._window(element), self._running(element.process)
        if window is None or application is None:
            return INVALID_ELEMENT
        if action == "AXRaise":
            owner = next(each for each in self.applications if each.process == element.process)
            owner.windows.append(owner.windows.pop(owner.windows.index(window)))
        return 0

    def _running(self, process: int) -> object | None:
        found = next((each for each in self.applications if each.process == process), None)

        def activate(_: int) -> None:
            self.front = found

        return SimpleNamespace(activateWithOptions_=activate) if found else None


def _screen(x: int, y: int, width: int, height: int, room: Sequence[int]) -> object:
    def rectangle(left: int, low: int, wide: int, high: int) -> object:
        size = SimpleNamespace(width=float(wide), height=float(high))
        return SimpleNamespace(origin=SimpleNamespace(x=float(left), y=float(low)), size=size)

    return SimpleNamespace(frame=lambda: rectangle(x, y, width, height), visibleFrame=lambda: rectangle(*room))


def installed(mac: FakeMac) -> Iterator[FakeMac]:
    """Let `import` find the double's modules, and the platform be read anew."""
    ours = [*mac.modules(), "deskbay.agent.platforms.macos", "deskbay.agent.platforms.macos_sign"]
    before = {name: sys.modules.pop(name) for name in ours if name in sys.modules}
    sys.modules.update(cast("dict[str, SimpleNamespace]", mac.modules()))  # type: ignore[arg-type]
    try:
        yield mac
    finally:
        for name in ours:
            sys.modules.pop(name, None)
        sys.modules.update(before)
