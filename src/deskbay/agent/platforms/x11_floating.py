"""A small window over all others of an X11 desktop, which is no application's and no window manager's."""

from abc import ABC, abstractmethod
from time import monotonic

import xcffib
import xcffib.xproto
from xcffib.xproto import CW, ConfigWindow, EventMask, ImageFormat, StackMode, WindowClass

from deskbay.agent.platforms import NoDesktop

_HEARD = EventMask.Exposure | EventMask.ButtonPress | EventMask.VisibilityChange
_PLACE = ConfigWindow.X | ConfigWindow.Y | ConfigWindow.Width | ConfigWindow.Height | ConfigWindow.StackMode
_RAISE_SECONDS = 2.0
"""A window that is covered comes up again, but doesn't fight about it."""


class Floating(ABC):
    """What shows a picture of its own, and hears of clicks on it. `heard`: of which events, too."""

    def __init__(self, display: str | None, purpose: str, heard: int = 0) -> None:
        try:
            self._x = xcffib.connect(display)
        except xcffib.ConnectionException as error:
            raise NoDesktop(f"There is no X11 display to show {purpose} on. Start the agent in a desktop.") from error
        self._core = xcffib.xproto.xprotoExtension(self._x)
        self._screen = self._x.get_setup().roots[self._x.pref_screen]
        self._window = self._x.generate_id()
        self._context = self._x.generate_id()
        self._raised_at = 0.0
        self._make(heard)

    def _make(self, heard: int) -> None:
        one = self._screen
        self._core.CreateWindow(
            one.root_depth, self._window, one.root, 0, 0, 1, 1, 0,
            WindowClass.InputOutput, one.root_visual, CW.OverrideRedirect | CW.EventMask, [1, _HEARD | heard],
        )  # fmt: skip
        self._core.CreateGC(self._context, self._window, 0, [])
        self._core.ChangeWindowAttributes(one.root, CW.EventMask, [EventMask.StructureNotify])
        self._x.flush()

    @property
    def wakers(self) -> tuple[int, ...]:
        return (int(self._x.get_file_descriptor()),)

    def _hear(self) -> None:
        """Handle what has happened. Raises NoDesktop when the desktop has ended."""
        try:
            while event := self._x.poll_for_event():
                self._handle(event)
        except xcffib.ConnectionException as error:
            raise NoDesktop("The desktop ended.") from error

    def _handle(self, event: xcffib.Event) -> None:
        match event:
            case xcffib.xproto.ExposeEvent():
                self._paint()
            case xcffib.xproto.VisibilityNotifyEvent() if event.state != xcffib.xproto.Visibility.Unobscured:
                self._raise()
            case xcffib.xproto.ConfigureNotifyEvent() if event.window == self._screen.root:
                self._screen.width_in_pixels, self._screen.height_in_pixels = event.width, event.height
                self._place()

    @abstractmethod
    def _paint(self) -> None:
        """Draw it, if it is to be seen."""

    @abstractmethod
    def _place(self) -> None:
        """Put it where it belongs on the screen as it is now."""

    def _put(self, x: int, y: int, width: int, height: int) -> None:
        self._core.ConfigureWindow(self._window, _PLACE, [x, y, width, height, StackMode.Above])

    def _draw(self, width: int, height: int, pixels: bytes | bytearray) -> None:
        self._core.PutImage(
            ImageFormat.ZPixmap, self._window, self._context, width, height, 0, 0, 0,
            self._screen.root_depth, len(pixels), pixels,
        )  # fmt: skip
        self._x.flush()

    def _raise(self) -> None:
        if monotonic() - self._raised_at >= _RAISE_SECONDS:
            self._raised_at = monotonic()
            self._core.ConfigureWindow(self._window, ConfigWindow.StackMode, [StackMode.Above])
            self._x.flush()
