"""Which device is asking, and whether it may."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from deskbay.accounts.access import Declaration
from deskbay.accounts.rights.scopes import Scope
from deskbay.devices.tokens import DeviceTokens, no_device


@dataclass(frozen=True, slots=True)
class ByDevice(Declaration):
    """Says that a route is for devices, each by its own token and for itself; a dependency that gives the device's id.

    `scope` is what it does there. Problem 401 for everyone else, people and their API tokens among them.
    """

    scope: Scope

    async def __call__(self, connection: HTTPConnection) -> int:
        tokens: DeviceTokens = connection.app.state.device_tokens
        device_id = await tokens.device_of(connection.headers.get("authorization"))
        if device_id is None:
            raise no_device()
        return device_id
