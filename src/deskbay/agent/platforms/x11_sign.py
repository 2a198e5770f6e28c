"""The sign in a corner of an X11 desktop that tells whether it is recorded what is used; a click pauses it."""

import xcffib
import xcffib.xproto
from xcffib.xproto import EventMask

from deskbay.agent.platforms.sign import Picture, picture_of, state_of
from deskbay.agent.platforms.x11_floating import Floating


class X11Sign(Floating):
    """A dot; under the mouse it says what it stands for. It is there while something may be recorded."""

    def __init__(self, display: str | None = None) -> None:
        self._state: str | None = None
        self._told = self._clicked = False
        super().__init__(display, "the sign", EventMask.EnterWindow | EventMask.LeaveWindow)

    def show(self, *, tracking: bool, paused: bool) -> None:
        """Show whether it is recorded what is used. Without tracking there is nothing to see."""
        state = state_of(tracking=tracking, paused=paused)
        if state != self._state:
            self._state = state
            self._place()

    def clicked(self) -> bool:
        """Return whether it was clicked since it was asked last."""
        self._hear()
        clicked, self._clicked = self._clicked, False
        return clicked

    def _handle(self, event: xcffib.Event) -> None:
        match event:
            case xcffib.xproto.ButtonPressEvent():
                self._clicked = True
            case xcffib.xproto.EnterNotifyEvent() | xcffib.xproto.LeaveNotifyEvent():
                self._told = isinstance(event, xcffib.xproto.EnterNotifyEvent)
                self._place()
            case _:
                super()._handle(event)

    def _picture(self) -> Picture:
        return picture_of(str(self._state), told=self._told)

    def _place(self) -> None:
        if self._state is None:
            self._core.UnmapWindow(self._window)
        else:
            picture = self._picture()
            right, bottom = self._corner()
            self._put(right - picture.width, bottom - picture.height, picture.width, picture.height)
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
            self._draw(picture.width, picture.height, picture.pixels)
