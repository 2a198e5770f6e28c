"""Windows of a Windows desktop, asked of user32 and told by its event hooks."""

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes import wintypes
from dataclasses import replace
from time import monotonic

from deskbay.agent.platforms import NoDesktop, OpenWindow, Place
from deskbay.agent.platforms.watching import LATER_SECONDS, SOON_SECONDS, Watching
from deskbay.agent.shapes import Monitor, System, WindowState

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

from deskbay.agent.platforms import windows_calls as calls  # noqa: E402 - nor has this
from deskbay.agent.platforms.windows_calls import dwmapi, kernel32, user32, ws2_32  # noqa: E402

_ANSWER_SECONDS = 30.0
_SETTLE_SECONDS = 2.0
_STEP_SECONDS = 0.005
_TRIES = 4
_TICKS = 2**32
_LONGEST_CLASS = 256

_SHELL = {"Progman", "WorkerW", "Shell_TrayWnd", "Shell_SecondaryTrayWnd", "NotifyIconOverflowWindow"}
_HOOKS = (
    (calls.EVENT_SYSTEM_FOREGROUND, calls.EVENT_SYSTEM_FOREGROUND, SOON_SECONDS),
    (calls.EVENT_SYSTEM_MINIMIZESTART, calls.EVENT_SYSTEM_MINIMIZEEND, SOON_SECONDS),
    (calls.EVENT_OBJECT_CREATE, calls.EVENT_OBJECT_HIDE, SOON_SECONDS),
    (calls.EVENT_SYSTEM_MOVESIZEEND, calls.EVENT_SYSTEM_MOVESIZEEND, LATER_SECONDS),
    (calls.EVENT_OBJECT_LOCATIONCHANGE, calls.EVENT_OBJECT_NAMECHANGE, LATER_SECONDS),
)


class Windows(Watching):
    """The windows on the desktop of the person who runs this."""

    system = System.WINDOWS

    def __init__(self) -> None:
        super().__init__()
        # Without it Windows tells of pixels that are as large as at 96 dpi, and of others on each screen.
        user32.SetProcessDpiAwarenessContext(calls.PER_MONITOR_AWARE_V2)
        if not self.monitors():
            raise NoDesktop("There is no screen here. Run this as the person who is signed in, not as a service.")
        self._listeners = [calls.EventListener(self._hearing(seconds)) for _, _, seconds in _HOOKS]
        self._hooks = [
            user32.SetWinEventHook(first, last, None, listener, 0, 0, calls.WINEVENT_OUTOFCONTEXT)
            for (first, last, _), listener in zip(_HOOKS, self._listeners, strict=True)
        ]

    def close(self) -> None:
        for hook in self._hooks:
            user32.UnhookWinEvent(hook)
        self._hooks.clear()

    def _hearing(self, seconds: float) -> Callable[[int, int, int | None, int, int, int, int], None]:
        def hear(_: int, __: int, window: int | None, kind: int, child: int, ___: int, ____: int) -> None:
            if window and kind == calls.OBJID_WINDOW and child == 0 and _is_top_or_gone(window):
                self._be_due(seconds)

        return hear

    def idle_seconds(self) -> float:
        last = calls.LastInput(size=ctypes.sizeof(calls.LastInput))
        user32.GetLastInputInfo(ctypes.byref(last))
        return float((kernel32.GetTickCount() - last.time) % _TICKS) / 1000

    def monitors(self) -> Sequence[Monitor]:
        found: list[Monitor] = []

        def visit(monitor: int, _: int, __: object, ___: int) -> bool:
            information = _information(monitor)
            found.append(_monitor(information.work, primary=bool(information.flags & calls.MONITORINFOF_PRIMARY)))
            return True

        user32.EnumDisplayMonitors(None, None, calls.MonitorVisitor(visit), 0)
        return found

    def windows(self) -> Sequence[OpenWindow]:
        front = user32.GetForegroundWindow()
        owner = user32.GetAncestor(front, calls.GA_ROOTOWNER) if front else None
        shown = [_shown(window, window == owner) for window in _all_windows() if _is_of_an_application(window)]
        return shown[::-1]

    def _listen(self, seconds: float, wakers: Sequence[int]) -> bool:
        with _readable(wakers) as events:
            woken = _pause(events, seconds)
        _hear_messages()
        return woken

    def activate(self, window: int) -> None:
        if user32.IsIconic(window):
            user32.ShowWindowAsync(window, calls.SW_RESTORE)
        user32.SetForegroundWindow(window)

    def lift(self, window: int) -> None:
        # Not asynchronously: each program would come round to it in its own time, and the last one would lie on top.
        flags = calls.SWP_NOSIZE | calls.SWP_NOMOVE | calls.SWP_NOACTIVATE
        with suppress(TimeoutError):
            _wait_for_program(window)
            user32.SetWindowPos(window, calls.HWND_TOP, 0, 0, 0, 0, flags)

    def place(self, window: int, place: Place) -> Place | None:
        with suppress(TimeoutError):
            _put(window, place)
        return _place(window) if user32.IsWindow(window) else None


def _all_windows() -> Sequence[int]:
    """All windows that have no parent, the front one first."""
    found: list[int] = []

    def visit(window: int, _: int) -> bool:
        found.append(window)
        return True

    user32.EnumWindows(calls.WindowVisitor(visit), 0)
    return found


def _is_top_or_gone(window: int) -> bool:
    return not user32.IsWindow(window) or bool(user32.GetAncestor(window, calls.GA_ROOTOWNER) == window)


def _is_of_an_application(window: int) -> bool:
    """Whether the task bar has a button for it, as the shell decides."""
    style = user32.GetWindowLongW(window, calls.GWL_EXSTYLE)
    if not user32.IsWindowVisible(window) or _is_cloaked(window) or _class(window) in _SHELL:
        return False
    if style & calls.WS_EX_APPWINDOW:
        return True
    return not (style & (calls.WS_EX_TOOLWINDOW | calls.WS_EX_NOACTIVATE) or user32.GetWindow(window, calls.GW_OWNER))


def _is_cloaked(window: int) -> bool:
    """Whether it is on another virtual desktop, or belongs to an application that is asleep."""
    cloaked = wintypes.DWORD()
    dwmapi.DwmGetWindowAttribute(window, calls.DWMWA_CLOAKED, ctypes.byref(cloaked), ctypes.sizeof(cloaked))
    return bool(cloaked.value)


def _shown(window: int, foreground: bool) -> OpenWindow:
    process = wintypes.DWORD()
    user32.GetWindowThreadProcessId(window, ctypes.byref(process))
    kind = _class(window)
    return OpenWindow(
        id=window,
        process=process.value or None,
        kind=kind,
        instance=kind,
        startup="",
        title=_title(window),
        place=_place(window),
        frame=_frame(window),
        foreground=foreground,
    )


def _title(window: int) -> str:
    text = ctypes.create_unicode_buffer(user32.GetWindowTextLengthW(window) + 1)
    user32.GetWindowTextW(window, text, len(text))
    return text.value


def _class(window: int) -> str:
    text = ctypes.create_unicode_buffer(_LONGEST_CLASS)
    user32.GetClassNameW(window, text, len(text))
    return text.value


def _place(window: int) -> Place:
    """Where its inside lies; of a minimised or maximised one where it would lie otherwise."""
    state = _state(window)
    if state in {WindowState.NORMAL, WindowState.FULLSCREEN}:
        return replace(_inside(window), state=state)
    left, right, top, bottom = _frame(window)
    normal, work = _normal(window), _information(_monitor_of(window)).work
    whole = _information(_monitor_of(window)).whole
    x, y = normal.left + work.left - whole.left + left, normal.top + work.top - whole.top + top
    return Place(x, y, normal.right - normal.left - left - right, normal.bottom - normal.top - top - bottom, state)


def _state(window: int) -> WindowState:
    if user32.IsIconic(window):
        return WindowState.MINIMIZED
    if user32.IsZoomed(window):
        return WindowState.MAXIMIZED
    whole = _information(_monitor_of(window)).whole
    has_caption = user32.GetWindowLongW(window, calls.GWL_STYLE) & calls.WS_CAPTION == calls.WS_CAPTION
    covers = _corners(_outside(window)) == _corners(whole)
    return WindowState.FULLSCREEN if covers and not has_caption else WindowState.NORMAL


def _inside(window: int) -> Place:
    corner, inside = wintypes.POINT(0, 0), wintypes.RECT()
    user32.ClientToScreen(window, ctypes.byref(corner))
    user32.GetClientRect(window, ctypes.byref(inside))
    return Place(corner.x, corner.y, inside.right, inside.bottom)


def _outside(window: int) -> wintypes.RECT:
    outside = wintypes.RECT()
    user32.GetWindowRect(window, ctypes.byref(outside))
    return outside


def _normal(window: int) -> wintypes.RECT:
    placement = calls.WindowPlacement(length=ctypes.sizeof(calls.WindowPlacement))
    user32.GetWindowPlacement(window, ctypes.byref(placement))
    normal: wintypes.RECT = placement.normal
    return normal


def _frame(window: int) -> tuple[int, int, int, int]:
    """What is around the inside at the left, right, top and bottom."""
    inside, outside = _inside(window), _outside(window)
    return (
        inside.x - outside.left,
        outside.right - inside.x - inside.width,
        inside.y - outside.top,
        outside.bottom - inside.y - inside.height,
    )


def _outer(window: int, place: Place) -> Place:
    """The whole of the screen that a place is on."""
    whole = _information(_monitor_of(window)).whole
    return replace(place, x=whole.left, y=whole.top, width=whole.right - whole.left, height=whole.bottom - whole.top)


def _put(window: int, place: Place) -> None:
    """Raises TimeoutError when the window's program does not answer."""
    _unfold(window)
    _move(window, _outer(window, place) if place.state is WindowState.FULLSCREEN else place)
    command = {WindowState.MAXIMIZED: calls.SW_MAXIMIZE, WindowState.MINIMIZED: calls.SW_SHOWMINNOACTIVE}
    if place.state in command:
        user32.ShowWindowAsync(window, command[place.state])
        _settle(window, lambda: _state(window) is place.state)


def _unfold(window: int) -> None:
    """Let a window have a place of its own. One that was put away while it filled its screen fills it again first."""
    for _ in range(_TRIES):
        if not _is_folded(window):
            return
        user32.ShowWindowAsync(window, calls.SW_RESTORE)
        _settle(window, lambda: not _is_folded(window))


def _is_folded(window: int) -> bool:
    return bool(user32.IsIconic(window) or user32.IsZoomed(window))


def _move(window: int, wanted: Place) -> None:
    """Ask for a place until it is had; what the last answer lacked is asked for in addition."""
    asked, plain = wanted, (wanted.x, wanted.y, wanted.width, wanted.height)
    for _ in range(_TRIES):
        left, right, top, bottom = _frame(window)
        size = (asked.width + left + right, asked.height + top + bottom)
        flags = calls.SWP_NOZORDER | calls.SWP_NOACTIVATE | calls.SWP_NOOWNERZORDER | calls.SWP_ASYNCWINDOWPOS
        user32.SetWindowPos(window, None, asked.x - left, asked.y - top, *size, flags)
        _settle(window, lambda: _numbers(_inside(window)) == plain)
        found = _inside(window)
        if _numbers(found) == plain or not user32.IsWindow(window):
            return
        asked = replace(
            asked,
            x=asked.x + wanted.x - found.x,
            y=asked.y + wanted.y - found.y,
            width=asked.width + wanted.width - found.width,
            height=asked.height + wanted.height - found.height,
        )


def _numbers(place: Place) -> tuple[int, int, int, int]:
    return place.x, place.y, place.width, place.height


def _corners(rectangle: wintypes.RECT) -> tuple[int, int, int, int]:
    return rectangle.left, rectangle.top, rectangle.right, rectangle.bottom


def _settle(window: int, is_done: Callable[[], bool]) -> None:
    """Wait until a window's program did what it was asked; or it came to answering, and did it not.

    Nothing tells when: what is asked for without waiting may be done a little after an answer. Raises TimeoutError
    when the program does not answer.
    """
    _wait_for_program(window)
    end = monotonic() + _SETTLE_SECONDS
    while not is_done() and monotonic() < end:
        _pause((), _STEP_SECONDS)
        _hear_messages()


def _wait_for_program(window: int) -> None:
    milliseconds = int(_ANSWER_SECONDS * 1000)
    answered = user32.SendMessageTimeoutW(window, calls.WM_NULL, 0, 0, calls.SMTO_NORMAL, milliseconds, None)
    if not answered and user32.IsWindow(window):
        raise TimeoutError


def _monitor_of(window: int) -> int:
    return int(user32.MonitorFromWindow(window, calls.MONITOR_DEFAULTTONEAREST))


def _information(monitor: int) -> calls.MonitorInfo:
    information = calls.MonitorInfo(size=ctypes.sizeof(calls.MonitorInfo))
    user32.GetMonitorInfoW(monitor, ctypes.byref(information))
    return information


def _monitor(room: wintypes.RECT, primary: bool) -> Monitor:
    return Monitor(room.left, room.top, room.right - room.left, room.bottom - room.top, primary)


def _hear_messages() -> None:
    """Let the hooks be called: Windows does so within a look for messages."""
    message = wintypes.MSG()
    while user32.PeekMessageW(ctypes.byref(message), None, 0, 0, calls.PM_REMOVE):
        user32.DispatchMessageW(ctypes.byref(message))


def _pause(events: Sequence[int], seconds: float) -> bool:
    """Wait for a message, an event or the time; True when it was an event."""
    handles = (wintypes.HANDLE * max(len(events), 1))(*events)
    milliseconds = int(seconds * 1000) + 1
    ended = user32.MsgWaitForMultipleObjectsEx(
        len(events), handles, milliseconds, calls.QS_ALLINPUT, calls.MWMO_INPUTAVAILABLE
    )
    return bool(calls.WAIT_OBJECT_0 <= ended < calls.WAIT_OBJECT_0 + len(events))


@contextmanager
def _readable(sockets: Sequence[int]) -> Iterator[list[int]]:
    """An event for each socket, which is there once the socket can be read."""
    events = [ws2_32.WSACreateEvent() for _ in sockets]
    for descriptor, event in zip(sockets, events, strict=True):
        ws2_32.WSAEventSelect(descriptor, event, calls.FD_READ | calls.FD_CLOSE)
    try:
        yield events
    finally:
        for descriptor, event in zip(sockets, events, strict=True):
            ws2_32.WSAEventSelect(descriptor, None, 0)
            ws2_32.WSACloseEvent(event)
