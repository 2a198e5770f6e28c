"""Time on a device, whose clock may be set back or forward at any moment, and which may sleep."""

import time
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


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
        self._steady = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        self._boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else str(self.shown() - self.elapsed())

    @property
    def boot(self) -> str:
        return self._boot

    def elapsed(self) -> int:
        return time.clock_gettime_ns(self._steady) // 1_000_000

    def shown(self) -> int:
        return time.time_ns() // 1_000_000
