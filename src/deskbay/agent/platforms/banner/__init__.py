"""What a person sees before their desktop is stopped by itself: why, how much time is left, and a button to keep it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Banner(Protocol):
    """It is there from the first `show` to `hide`."""

    @property
    def wakers(self) -> tuple[int, ...]:
        """Descriptors that can be read when there is something to handle."""

    def show(self, text: str, reason: str, *, can_be_kept: bool) -> None:
        """Show a warning, or the next state of it."""

    def hide(self) -> None:
        """Take it away."""

    def kept(self) -> bool:
        """Return whether the person wants to keep the desktop, since it was asked last."""


Colour = tuple[int, int, int]
"""Blue, green, red."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of ASCII, one behind the other, in shades from 0 to 255 (DejaVu Sans, 15 pixels)."""

    widths: tuple[int, ...]
    height: int
    shades: bytes

    def width_of(self, text: str) -> int:
        return sum(self.widths[_place(letter)] for letter in text)


def _place(letter: str) -> int:
    return ord(letter) - 32 if " " <= letter <= "~" else ord("?") - 32


def read_letters() -> Letters:
    """Return the letters, which are kept as a portable graymap (P5, 8 bits) whose comment has their widths."""
    kind, widths, size, _, shades = (Path(__file__).parent / "letters.pgm").read_bytes().split(b"\n", 4)
    assert kind == b"P5"  # noqa: S101 - the file is ours
    return Letters(tuple(map(int, widths[2:].split())), int(size.split()[1]), shades)


class Canvas:
    """A picture as screens of 24 bits have them: rows of blue, green, red and an empty byte."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width, height
        self.pixels = bytearray(bytes([*colour, 0]) * width * height)

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        row = bytes([*colour, 0]) * width
        for y in range(top, top + height):
            self._put(left, y, row)

    def write(self, left: int, top: int, text: str, letters: Letters, colours: tuple[Colour, Colour]) -> None:
        """Write a line in the first colour, on a ground of the second one."""
        shown = [bytes([*_between(colours, shade), 0]) for shade in range(256)]
        stride = sum(letters.widths)
        for letter in text:
            start, width = sum(letters.widths[: _place(letter)]), letters.widths[_place(letter)]
            for y in range(letters.height):
                shades = letters.shades[y * stride + start : y * stride + start + width]
                self._put(left, top + y, b"".join(shown[shade] for shade in shades))
            left += width

    def _put(self, left: int, y: int, row: bytes) -> None:
        """Put a row of pixels where it fits."""
        fitting = row[: max(0, 4 * (self.width - left))]
        start = 4 * (y * self.width + left)
        self.pixels[start : start + len(fitting)] = fitting


def _between(colours: tuple[Colour, Colour], shade: int) -> Colour:
    blue, green, red = (round(low + (high - low) * shade / 255) for high, low in zip(*colours, strict=True))
    return blue, green, red
