"""Tokens of devices: one for each, told once, stored as a digest."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from sqlalchemy import select
from starlette.requests import HTTPConnection

from deskbay.database import Database
from deskbay.database.audit.circumstances import Actor, ActorKind, act_as
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

PREFIX = "dd_"
REMEMBERED = timedelta(seconds=5)
MOST_REMEMBERED = 200_000


def new_token() -> str:
    return PREFIX + new_secret()


def issue_token(device: Device, clock: Clock) -> str:
    """Give the device a new token; the one that it had is good for nothing any more."""
    token = new_token()
    device.token_digest = digest(token)
    device.token_issued_at = clock.now()
    device.revoked_at = None
    return token


def revoke_token(device: Device, clock: Clock) -> None:
    """Make the device's token good for nothing."""
    device.token_digest = None
    device.revoked_at = clock.now()


def token_in(authorization: str | None) -> str:
    """Return the token of an Authorization header; nothing where it has none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def no_device() -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "Send the device's token as Authorization: Bearer …. Where it is lost or revoked, pair or enrol it anew.",
        kind="no-device-token",
        headers={"WWW-Authenticate": "Bearer"},
    )


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
        token = token_in(authorization)
        if not token.startswith(PREFIX):
            return None
        key = digest(token)
        device_id = self._recall(key) or await self._look_up(key)
        if device_id is not None:
            act_as(Actor(ActorKind.DEVICE, device_id))
        return device_id

    def remembered(self, authorization: str) -> int | None:
        """Return the id as far as it is remembered."""
        return self._recall(digest(token_in(authorization)))

    def _recall(self, key: str) -> int | None:
        known = self._known.get(key)
        return known[0] if known and self._clock.now() < known[1] + REMEMBERED else None

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
