"""The warning at the top of an X11 desktop that will be stopped by itself, with a button to keep it."""

from time import monotonic

import xcffib
import xcffib.xproto
from xcffib.xproto import CW, ConfigWindow, EventMask, ImageFormat, StackMode, WindowClass

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.platforms.banner import Canvas, Colour, read_letters

WHITE: Colour = (255, 255, 255)
PALE: Colour = (222, 215, 208)
GROUND: Colour = (54, 41, 33)
BLUE: Colour = (210, 105, 40)
KEEP = "Keep it"
MARGIN, GAP, PADDING = 18, 6, 12
TOP = 24
_HEARD = EventMask.Exposure | EventMask.ButtonPress | EventMask.VisibilityChange
_RAISE_SECONDS = 2.0
"""A banner that is covered comes up again, but doesn't fight about it."""


class X11Banner:
    """A card over all windows, which is no application's."""

    def __init__(self, display: str | None = None) -> None:
        try:
            self._x = xcffib.connect(display)
        except xcffib.ConnectionException as error:
            raise NoDesktop("There is no X11 display to show a warning on.") from error
        self._core = xcffib.xproto.xprotoExtension(self._x)
        self._screen = self._x.get_setup().roots[self._x.pref_screen]
        self._letters = read_letters()
        self._window = self._x.generate_id()
        self._context = self._x.generate_id()
        self._canvas: Canvas | None = None
        self._button: tuple[int, int, int, int] | None = None
        self._kept = False
        self._raised_at = 0.0
        self._make()

    def _make(self) -> None:
        one = self._screen
        self._core.CreateWindow(
            one.root_depth, self._window, one.root, 0, 0, 1, 1, 0,
            WindowClass.InputOutput, one.root_visual, CW.OverrideRedirect | CW.EventMask, [1, _HEARD],
        )  # fmt: skip
        self._core.CreateGC(self._context, self._window, 0, [])
        self._core.ChangeWindowAttributes(one.root, CW.EventMask, [EventMask.StructureNotify])
        self._x.flush()

    @property
    def wakers(self) -> tuple[int, ...]:
        return (int(self._x.get_file_descriptor()),)

    def show(self, text: str, reason: str, *, can_be_kept: bool) -> None:
        """Show these two lines, and the button where it helps."""
        is_new = self._canvas is None
        self._canvas = self._drawn(text, reason, can_be_kept=can_be_kept)
        if is_new:
            self._place()
            self._core.MapWindow(self._window)
        self._paint()

    def hide(self) -> None:
        """Take it away."""
        self._canvas = None
        self._core.UnmapWindow(self._window)
        self._x.flush()

    def kept(self) -> bool:
        """Return whether the button was clicked since it was asked last."""
        try:
            while event := self._x.poll_for_event():
                self._handle(event)
        except xcffib.ConnectionException as error:
            raise NoDesktop("The desktop ended.") from error
        kept, self._kept = self._kept, False
        return kept

    def _handle(self, event: xcffib.Event) -> None:
        match event:
            case xcffib.xproto.ButtonPressEvent():
                self._kept = self._kept or self._is_on_button(event.event_x, event.event_y)
            case xcffib.xproto.ExposeEvent():
                self._paint()
            case xcffib.xproto.VisibilityNotifyEvent() if event.state != xcffib.xproto.Visibility.Unobscured:
                self._raise()
            case xcffib.xproto.ConfigureNotifyEvent() if event.window == self._screen.root:
                self._screen.width_in_pixels = event.width
                self._place()

    def _is_on_button(self, x: int, y: int) -> bool:
        if self._button is None:
            return False
        left, top, width, height = self._button
        return left <= x < left + width and top <= y < top + height

    def _drawn(self, text: str, reason: str, *, can_be_kept: bool) -> Canvas:
        letters, line = self._letters, self._letters.height
        words = max(letters.width_of(text), letters.width_of(reason))
        button = letters.width_of(KEEP) + 2 * PADDING if can_be_kept else 0
        height = 2 * line + GAP + 2 * MARGIN
        canvas = Canvas(words + 2 * MARGIN + (button + MARGIN if button else 0), height, GROUND)
        canvas.write(MARGIN, MARGIN, text, letters, (WHITE, GROUND))
        canvas.write(MARGIN, MARGIN + line + GAP, reason, letters, (PALE, GROUND))
        self._button = None
        if button:
            left, tall = canvas.width - MARGIN - button, line + 2 * GAP
            self._button = left, (height - tall) // 2, button, tall
            canvas.fill(*self._button, BLUE)
            canvas.write(left + PADDING, (height - line) // 2, KEEP, letters, (WHITE, BLUE))
        return canvas

    def _place(self) -> None:
        if self._canvas is not None:
            left = max(0, (self._screen.width_in_pixels - self._canvas.width) // 2)
            where = [left, TOP, self._canvas.width, self._canvas.height, StackMode.Above]
            place = ConfigWindow.X | ConfigWindow.Y | ConfigWindow.Width | ConfigWindow.Height | ConfigWindow.StackMode
            self._core.ConfigureWindow(self._window, place, where)

    def _paint(self) -> None:
        if self._canvas is not None:
            self._core.PutImage(
                ImageFormat.ZPixmap, self._window, self._context, self._canvas.width, self._canvas.height, 0, 0, 0,
                self._screen.root_depth, len(self._canvas.pixels), self._canvas.pixels,
            )  # fmt: skip
            self._x.flush()

    def _raise(self) -> None:
        if self._canvas is not None and monotonic() - self._raised_at >= _RAISE_SECONDS:
            self._raised_at = monotonic()
            self._core.ConfigureWindow(self._window, ConfigWindow.StackMode, [StackMode.Above])
            self._x.flush()
