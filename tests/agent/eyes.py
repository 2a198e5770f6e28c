"""Somebody in front of a screen, who sees colours and has a mouse."""

import struct

import xcffib
import xcffib.xproto
import xcffib.xtest

PRESS, RELEASE, MOTION = 4, 5, 6
"""As X numbers events."""
RED = (224, 49, 49)
"""Of the sign that tells that it is recorded what is used."""


class Screen:
    """A screen that can be looked at, and its mouse."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._connection = xcffib.connect(display)
        self._core = xcffib.xproto.xprotoExtension(self._connection)
        self._root = self._connection.get_setup().roots[0].root

    def colour(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green and blue of a point."""
        form = xcffib.xproto.ImageFormat.ZPixmap
        raw = self._core.GetImage(form, self._root, x, y, 1, 1, 0xFFFFFFFF).reply().data.raw
        blue, green, red, _ = struct.unpack("4B", raw[:4])
        return red, green, blue

    def mouse(self, x: int, y: int, *, click: bool = False) -> None:
        for event in (MOTION, PRESS, RELEASE) if click else (MOTION,):
            self._connection(xcffib.xtest.key).FakeInput(event, int(event != MOTION), 0, self._root, x, y, 0)
        self._connection.flush()

    def close(self) -> None:
        self._connection.disconnect()
