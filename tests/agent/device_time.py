"""The clocks of a device that stand still until they are told to go on."""

START = 1_767_603_600_000
"""5 January 2026, 9:00 UTC, in milliseconds."""


class DeviceTime:
    """`advance` is time that passes, `set` is somebody who sets the clock, `restart` is another boot."""

    def __init__(self) -> None:
        self.boot = "first"
        self._elapsed = 5000
        self._shown = START

    def elapsed(self) -> int:
        return self._elapsed

    def shown(self) -> int:
        return self._shown

    def advance(self, seconds: float) -> None:
        self._elapsed += round(seconds * 1000)
        self._shown += round(seconds * 1000)

    def set(self, seconds: float) -> None:
        """Set the clock forward, or back."""
        self._shown += round(seconds * 1000)

    def restart(self, seconds: float) -> None:
        """Be off for so long, and start again."""
        self.boot, self._elapsed = f"after {self.boot}", 3000
        self._shown += round(seconds * 1000)
