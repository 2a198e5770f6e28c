"""Which device is asking, and whether it may."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from deskbay.accounts.access import Declaration
from deskbay.accounts.rights.built_in import DEVICE
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.devices.tokens import DeviceTokens, no_device


@dataclass(frozen=True, slots=True)
class ByDevice(Declaration):
    """Says that a route is for devices, each by its own token and for itself; a dependency that gives the device's id.

    `scope` is what it does there, one of those that the role DEVICE lets it do to what is its own: a ValueError where
    it doesn't. Problem 401 for everyone else, people and their API tokens among them.
    """

    scope: Scope

    def __post_init__(self) -> None:
        if DEVICE.rights.get(self.scope) is not Reach.OWN:
            raise ValueError(f"The role {DEVICE.name} does not let devices do {self.scope}!{Reach.OWN}.")

    async def __call__(self, connection: HTTPConnection) -> int:
        tokens: DeviceTokens = connection.app.state.device_tokens
        device_id = await tokens.device_of(connection.headers.get("authorization"))
        if device_id is None:
            raise no_device()
        return device_id
