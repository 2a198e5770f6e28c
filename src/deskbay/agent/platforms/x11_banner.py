"""The warning at the top of an X11 desktop that will be stopped by itself, with a button to keep it."""

import xcffib
import xcffib.xproto

from deskbay.agent.platforms.banner import Canvas, Colour, read_letters
from deskbay.agent.platforms.x11_floating import Floating

WHITE: Colour = (255, 255, 255)
PALE: Colour = (222, 215, 208)
GROUND: Colour = (54, 41, 33)
BLUE: Colour = (210, 105, 40)
KEEP = "Keep it"
MARGIN, GAP, PADDING = 18, 6, 12
TOP = 24


class X11Banner(Floating):
    """A card over all windows, which is no application's."""

    def __init__(self, display: str | None = None) -> None:
        self._letters = read_letters()
        self._canvas: Canvas | None = None
        self._button: tuple[int, int, int, int] | None = None
        self._kept = False
        super().__init__(display, "a warning")

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
        self._hear()
        kept, self._kept = self._kept, False
        return kept

    def _handle(self, event: xcffib.Event) -> None:
        if isinstance(event, xcffib.xproto.ButtonPressEvent):
            self._kept = self._kept or self._is_on_button(event.event_x, event.event_y)
        else:
            super()._handle(event)

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
            self._put(left, TOP, self._canvas.width, self._canvas.height)

    def _paint(self) -> None:
        if self._canvas is not None:
            self._draw(self._canvas.width, self._canvas.height, self._canvas.pixels)
