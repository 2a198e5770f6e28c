"""DigitalOcean's API, as far as droplets need it: each call ends in time, and its troubles are told as sentences."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError, HttpResponseError
from pydantic import BaseModel, JsonValue

from deskbay.desktops.runtimes import LaunchError, Unreachable
from deskbay.desktops.runtimes.requests import to_the_end

if TYPE_CHECKING:
    from pydo.aio import Client

CALL_SECONDS = 20.0
PAGE = 200


class Power(StrEnum):
    """What becomes of a droplet."""

    ON = "power_on"
    SHUTDOWN = "shutdown"
    OFF = "power_off"


class Address(BaseModel):
    """An address, and which network it is of."""

    ip_address: str
    type: str


class Networks(BaseModel):
    v4: list[Address] = []


class Droplet(BaseModel):
    """A droplet as DigitalOcean sees it. `status` is new, active, off or archive."""

    id: int
    name: str
    status: str
    networks: Networks = Networks()

    @property
    def address(self) -> str | None:
        """Where it is reached from everywhere, once it has been told."""
        return next((address.ip_address for address in self.networks.v4 if address.type == "public"), None)


class Cloud:
    """The droplets of an account. Every method raises Unreachable when the API gives no answer that helps."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    async def droplets(self, tag: str) -> list[Droplet]:
        """Return all with a tag."""
        found: list[Droplet] = []
        while True:
            async with _answering():
                answer = await self._client.droplets.list(tag_name=tag, per_page=PAGE, page=1 + len(found) // PAGE)
            page = [Droplet.model_validate(droplet) for droplet in answer["droplets"]]
            found += page
            if len(page) < PAGE:
                return found

    async def create(self, wish: dict[str, JsonValue]) -> Droplet:
        """Order a droplet. Raises LaunchError with what speaks against it."""
        return await to_the_end(self._create(wish))

    async def _create(self, wish: dict[str, JsonValue]) -> Droplet:
        async with _answering():
            answer = await self._client.droplets.create(body=wish)
        return Droplet.model_validate(answer["droplet"])

    async def switch(self, droplet: Droplet, power: Power) -> None:
        """Order that a droplet is switched on or off."""
        async with _answering():
            await self._client.droplet_actions.post(droplet.id, body={"type": power.value})

    async def destroy(self, droplet: Droplet) -> None:
        """Destroy a droplet with all that is on it. One that is gone is gone."""
        async with _answering():
            await self._client.droplets.destroy(droplet.id)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except TimeoutError as error:
        raise Unreachable(f"DigitalOcean did not answer in {CALL_SECONDS:g} seconds. Try again later.") from error
    except HttpResponseError as error:
        raise _trouble(error) from error
    except AzureError as error:
        raise Unreachable("DigitalOcean can't be reached. Look at this server's network.") from error


def _trouble(error: HttpResponseError) -> Unreachable | LaunchError:
    status = error.status_code or 0
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Unreachable("DigitalOcean does not take the token: it has ended, or may not do this. Enter another one.")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unreachable("DigitalOcean was asked too often by this account. Try again in some minutes.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable(f"DigitalOcean is in trouble ({status}). Try again later.")
    return LaunchError(f"DigitalOcean refused it: {_words_of(error)}. Correct the runtime, or ask for a higher limit.")


def _words_of(error: HttpResponseError) -> str:
    try:
        return str(json.loads(error.response.text())["message"]).rstrip(".") if error.response else str(error.reason)
    except (ValueError, KeyError, TypeError):
        return str(error.reason)
