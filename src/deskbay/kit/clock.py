"""The one source of time."""

from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection


class Clock(Protocol):
    """Tells the time as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def _clock(connection: HTTPConnection) -> Clock:
    clock: Clock = connection.app.state.clock
    return clock


ClockOfApp = Annotated[Clock, Depends(_clock)]
