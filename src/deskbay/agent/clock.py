"""Time on a device, whose clock may be set back or forward at any moment, and which may sleep."""

import time
from typing import Protocol

from deskbay.agent import system


class Clock(Protocol):
    """Two clocks: one that only ever goes on, also while the device sleeps, and the one that the device shows."""

    @property
    def boot(self) -> str:
        """Names the time since the device was started: `elapsed` of another boot means nothing in this one."""

    def elapsed(self) -> int:
        """Milliseconds since the device was started, whatever anyone sets the time to."""

    def shown(self) -> int:
        """Milliseconds since 1970 by the device's clock, right or wrong."""


class DeviceClock:
    """The clocks of this device."""

    def __init__(self) -> None:
        self._boot = system.boot_of(self.shown() - self.elapsed())

    @property
    def boot(self) -> str:
        return self._boot

    def elapsed(self) -> int:
        return system.elapsed()

    def shown(self) -> int:
        return time.time_ns() // 1_000_000
