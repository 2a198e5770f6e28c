"""Tokens of devices: one for each, told once, stored as a digest."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends
from sqlalchemy import select
from starlette.requests import HTTPConnection

from deskbay.database import Database
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.secrets import digest, new_secret

PREFIX = "dd_"
REMEMBERED = timedelta(seconds=5)
MOST_REMEMBERED = 200_000


def issue_token(device: Device, clock: Clock) -> str:
    """Give the device a new token; the one that it had is good for nothing any more."""
    token = PREFIX + new_secret()
    device.token_digest = digest(token)
    device.token_issued_at = clock.now()
    device.revoked_at = None
    return token


def revoke_token(device: Device, clock: Clock) -> None:
    """Make the device's token good for nothing."""
    device.token_digest = None
    device.revoked_at = clock.now()


class DeviceTokens:
    """Finds the device of a token, and remembers it for some seconds, so that not each ping asks the database.

    A token that was revoked is refused after these seconds at the latest.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[int, datetime]] = {}

    async def device_of(self, authorization: str | None) -> int | None:
        """Return the id of the device that an Authorization header belongs to."""
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token.startswith(PREFIX):
            return None
        key = digest(token)
        known = self._known.get(key)
        if known and self._clock.now() < known[1] + REMEMBERED:
            return known[0]
        return await self._look_up(key)

    async def _look_up(self, key: str) -> int | None:
        self._known.pop(key, None)
        async with self._database.read() as db:
            device_id: int | None = await db.scalar(select(Device.id).where(Device.token_digest == key))
        if device_id is not None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = device_id, self._clock.now()
        return device_id


async def _tokens(connection: HTTPConnection) -> DeviceTokens:
    tokens: DeviceTokens = connection.app.state.device_tokens
    return tokens


TokensOfApp = Annotated[DeviceTokens, Depends(_tokens)]
