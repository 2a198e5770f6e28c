"""A clock that stands still until it is told to go on."""

from datetime import UTC, datetime, timedelta


class FrozenClock:
    """Tells the same time until `advance` is called."""

    def __init__(self, time: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def advance(self, **distance: float) -> None:
        self.time += timedelta(**distance)
