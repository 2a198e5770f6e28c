"""The server's API, as far as the commands need it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self, TypeVar
from urllib.parse import urlencode

from httpx import AsyncClient, Response, TransportError

from deskbay.cli.data_folder import no_server
from deskbay.cli.failures import Failure
from deskbay.desktops.models import State
from deskbay.desktops.schemas import DesktopList, DesktopOut, LogOut

POLL_SECONDS = 0.05
DESKTOPS = "/api/v1/desktops"


class Page(Protocol):
    """A part of a list."""

    next_cursor: int | None

    @classmethod
    def model_validate_json(cls, json_data: bytes) -> Self: ...


Kind = TypeVar("Kind", bound=Page)


class Client:
    """Asks the server for things. Every method raises Failure with what the server says against it."""

    def __init__(self, http: AsyncClient, data: Path, *, sees_all: bool) -> None:
        self._http = http
        self._data = data
        self._sees_all = sees_all

    async def launch(self, template: str, session_id: int | None = None) -> DesktopOut:
        wish = {"template": template, "session_id": session_id}
        return DesktopOut.model_validate_json(await self.ask("POST", DESKTOPS, wish))

    async def start(self, desktop: int) -> DesktopOut:
        return DesktopOut.model_validate_json(await self.ask("POST", f"{DESKTOPS}/{desktop}/start"))

    async def stop(self, desktop: int) -> DesktopOut:
        return DesktopOut.model_validate_json(await self.ask("POST", f"{DESKTOPS}/{desktop}/stop"))

    async def extend(self, desktop: int, until: datetime) -> DesktopOut:
        wish = {"until": until.isoformat()}
        return DesktopOut.model_validate_json(await self.ask("POST", f"{DESKTOPS}/{desktop}/extend", wish))

    async def delete(self, desktop: int) -> None:
        await self.ask("DELETE", f"{DESKTOPS}/{desktop}")

    async def get(self, desktop: int) -> DesktopOut:
        return DesktopOut.model_validate_json(await self.ask("GET", f"{DESKTOPS}/{desktop}"))

    async def log(self, desktop: int) -> list[str]:
        return LogOut.model_validate_json(await self.ask("GET", f"{DESKTOPS}/{desktop}/log")).lines

    async def desktops(self, *, own: bool = False) -> list[DesktopOut]:
        """Return the desktops, newest first: the user's own, or for an administrator everyone's."""
        everyones = "true" if self._sees_all and not own else "false"
        return [one async for page in self.pages(DesktopList, DESKTOPS, all=everyones) for one in page.items]

    async def pages(self, kind: type[Kind], path: str, **query: str | int) -> AsyncIterator[Kind]:
        """Yield every page of a list."""
        while True:
            page = kind.model_validate_json(await self.ask("GET", f"{path}?{urlencode(query)}"))
            yield page
            if page.next_cursor is None:
                return
            query["cursor"] = page.next_cursor

    async def follow(self, desktop: int) -> AsyncIterator[DesktopOut]:
        """Yield a desktop again and again until it runs, is stopped or has failed, and then for the last time."""
        while True:
            now = await self.get(desktop)
            yield now
            if now.state is State.FAILED or now.state.value == now.wanted.value:
                return
            await asyncio.sleep(POLL_SECONDS)

    async def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> bytes:
        """Return what the server answers."""
        try:
            response = await self._http.request(method, path, json=body)
        except TransportError as error:
            raise no_server(self._data) from error
        if response.is_error:
            raise _refused(response)
        return response.content


def _refused(response: Response) -> Failure:
    problem = response.json() if "json" in response.headers.get("content-type", "") else {}
    return Failure(
        problem.get("detail", f"The server answered {response.status_code}. Its log says why."),
        kind=problem.get("type", "about:blank"),
        title=problem.get("title", response.reason_phrase),
        status=response.status_code,
    )
