"""What a person sees of the agent while it records what they use: a dot in a corner of the screen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Sign(Protocol):
    """It is there while something may be recorded; a click pauses that, and the next one lets it go on."""

    @property
    def wakers(self) -> tuple[int, ...]:
        """Descriptors that can be read when there is something to handle."""

    def show(self, *, tracking: bool, paused: bool) -> None:
        """Show whether it is recorded what is used."""

    def clicked(self) -> bool:
        """Return whether the person wants to pause, or to go on, since it was asked last."""


RECORDING, PAUSED = "recording", "paused"


def state_of(*, tracking: bool, paused: bool) -> str | None:
    """What a sign shows; None where there is nothing to see."""
    if not tracking:
        return None
    return PAUSED if paused else RECORDING


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of blue, green, red and an empty byte, as screens of 24 bits have them."""

    width: int
    height: int
    pixels: bytes


def picture_of(state: str, *, told: bool) -> Picture:
    """What the sign looks like; under the mouse it tells in words what it stands for."""
    return read_picture(f"{state}-told" if told else state)


def read_picture(name: str) -> Picture:
    """Return a picture that is kept as a portable pixmap (P6, 8 bits)."""
    kind, size, _, raw = (Path(__file__).parent / f"{name}.ppm").read_bytes().split(b"\n", 3)
    assert kind == b"P6"  # noqa: S101 - the files are ours
    width, height = map(int, size.split())
    pixels = bytearray(4 * width * height)
    for place, colour in ((2, 0), (1, 1), (0, 2)):
        pixels[place::4] = raw[colour::3]
    return Picture(width, height, bytes(pixels))
