"""The sign in a corner of an X11 desktop that tells whether it is recorded what is used; a click pauses it."""

from time import monotonic

import xcffib
import xcffib.xproto
from xcffib.xproto import CW, ConfigWindow, EventMask, ImageFormat, StackMode, WindowClass

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.platforms.sign import Picture, picture_of, state_of

_HEARD = EventMask.Exposure | EventMask.ButtonPress | EventMask.EnterWindow | EventMask.LeaveWindow
_RAISE_SECONDS = 2.0
"""A sign that is covered comes up again, but doesn't fight about it."""


class X11Sign:
    """A dot; under the mouse it says what it stands for. It is there while something may be recorded."""

    def __init__(self, display: str | None = None) -> None:
        try:
            self._x = xcffib.connect(display)
        except xcffib.ConnectionException as error:
            raise NoDesktop("There is no X11 display to show the sign on. Start the agent in a desktop.") from error
        self._core = xcffib.xproto.xprotoExtension(self._x)
        self._screen = self._x.get_setup().roots[self._x.pref_screen]
        self._window = self._x.generate_id()
        self._context = self._x.generate_id()
        self._state: str | None = None
        self._told = self._clicked = False
        self._raised_at = 0.0
        self._make()

    def _make(self) -> None:
        events = _HEARD | EventMask.VisibilityChange
        values = [1, events]  # not managed by the window manager: it is no application's
        one = self._screen
        self._core.CreateWindow(
            one.root_depth, self._window, one.root, 0, 0, 1, 1, 0,
            WindowClass.InputOutput, one.root_visual, CW.OverrideRedirect | CW.EventMask, values,
        )  # fmt: skip
        self._core.CreateGC(self._context, self._window, 0, [])
        self._core.ChangeWindowAttributes(one.root, CW.EventMask, [EventMask.StructureNotify])
        self._x.flush()

    @property
    def wakers(self) -> tuple[int, ...]:
        return (int(self._x.get_file_descriptor()),)

    def show(self, *, tracking: bool, paused: bool) -> None:
        """Show whether it is recorded what is used. Without tracking there is nothing to see."""
        state = state_of(tracking=tracking, paused=paused)
        if state != self._state:
            self._state = state
            self._draw()

    def clicked(self) -> bool:
        """Return whether it was clicked since it was asked last."""
        try:
            while event := self._x.poll_for_event():
                self._handle(event)
        except xcffib.ConnectionException as error:
            raise NoDesktop("The desktop ended.") from error
        clicked, self._clicked = self._clicked, False
        return clicked

    def _handle(self, event: xcffib.Event) -> None:
        match event:
            case xcffib.xproto.ButtonPressEvent():
                self._clicked = True
            case xcffib.xproto.EnterNotifyEvent() | xcffib.xproto.LeaveNotifyEvent():
                self._told = isinstance(event, xcffib.xproto.EnterNotifyEvent)
                self._draw()
            case xcffib.xproto.ExposeEvent():
                self._paint()
            case xcffib.xproto.VisibilityNotifyEvent() if event.state != xcffib.xproto.Visibility.Unobscured:
                self._raise()
            case xcffib.xproto.ConfigureNotifyEvent() if event.window == self._screen.root:
                self._screen.width_in_pixels, self._screen.height_in_pixels = event.width, event.height
                self._draw()

    def _picture(self) -> Picture:
        return picture_of(str(self._state), told=self._told)

    def _draw(self) -> None:
        if self._state is None:
            self._core.UnmapWindow(self._window)
        else:
            picture = self._picture()
            right, bottom = self._corner()
            place = ConfigWindow.X | ConfigWindow.Y | ConfigWindow.Width | ConfigWindow.Height | ConfigWindow.StackMode
            where = [right - picture.width, bottom - picture.height, picture.width, picture.height, StackMode.Above]
            self._core.ConfigureWindow(self._window, place, where)
            self._core.MapWindow(self._window)
            self._paint()
        self._x.flush()

    def _corner(self) -> tuple[int, int]:
        """Return the lower right of what panels leave."""
        area = self._core.InternAtom(True, len("_NET_WORKAREA"), "_NET_WORKAREA").reply().atom
        if area:
            said = self._core.GetProperty(False, self._screen.root, area, xcffib.xproto.Atom.CARDINAL, 0, 4).reply()
            if said.value_len == 4:  # noqa: PLR2004 - left, top, width, height
                left, top, width, height = said.value.to_atoms()
                return left + width, top + height
        return self._screen.width_in_pixels, self._screen.height_in_pixels

    def _paint(self) -> None:
        if self._state is not None:
            picture = self._picture()
            self._core.PutImage(
                ImageFormat.ZPixmap, self._window, self._context, picture.width, picture.height, 0, 0, 0,
                self._screen.root_depth, len(picture.pixels), picture.pixels,
            )  # fmt: skip
            self._x.flush()

    def _raise(self) -> None:
        if monotonic() - self._raised_at >= _RAISE_SECONDS:
            self._raised_at = monotonic()
            self._core.ConfigureWindow(self._window, ConfigWindow.StackMode, [StackMode.Above])
            self._x.flush()
