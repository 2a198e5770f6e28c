"""Thumbnails of running desktops, taken at most every other second however many ask."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

from deskbay.desktops.runtimes import Display
from deskbay.gateway.displays import is_vnc
from deskbay.gateway.handshake import RfbError
from deskbay.gateway.rfb import thumbnail
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem

FRESH = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture as WebP, and its entity tag."""

    image: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class _Taken:
    at: datetime
    picture: asyncio.Task[Thumbnail]


class Thumbnails:
    """Takes pictures, and gives one that is fresh to everyone who asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: dict[tuple[Display, int], _Taken] = {}

    async def get(self, display: Display, width: int) -> Thumbnail:
        """Return a picture at most `width` pixels wide. Raises Problem 503 when the desktop gives none."""
        self._drop_old()
        taken = self._taken.get((display, width))
        if taken is None:
            taken = _Taken(self._clock.now(), asyncio.create_task(_take(display, width)))
            self._taken[display, width] = taken
        try:
            return await asyncio.shield(taken.picture)
        except RfbError as error:
            detail = "The desktop gives no picture just now. Try again in a moment."
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, kind="no-picture") from error

    def _drop_old(self) -> None:
        oldest = self._clock.now() - FRESH
        self._taken = {key: taken for key, taken in self._taken.items() if taken.at > oldest}


async def _take(display: Display, width: int) -> Thumbnail:
    if not is_vnc(display):
        raise RfbError("It is not shown by VNC.")
    image = await thumbnail(display, width)
    return Thumbnail(image, f'"{sha256(image).hexdigest()[:32]}"')
