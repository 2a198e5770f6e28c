"""An agent that tells what a test says, at a device of a person's own; and what is open there."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncSession
from tests.people import client_of

from deskbay.accounts.models import User
from deskbay.database import Database
from deskbay.devices.channel import AgentChannel, Command
from deskbay.devices.models import Device
from deskbay.devices.service import new_device
from deskbay.devices.tokens import issue_token

Json = dict[str, Any]
PATIENCE = 30


def window(x: int = 0, **more: object) -> Json:
    return {"x": x, "y": 30, "width": 600, "height": 400, **more}


def application(name: str = "mousepad", *arguments: str, key: str = "", **more: object) -> Json:
    return {
        "key": key or f"{name}-100",
        "application": name,
        "name": name.capitalize(),
        "exe": f"/usr/bin/{name}",
        "command": [name, *arguments],
        "folder": "/home/ada",
        "windows": [window()],
        **more,
    }


def snapshot(*applications: Json, system: str = "x11", home: str = "/home/ada") -> Json:
    return {
        "taken_at": "2026-01-05T09:00:00Z",
        "system": system,
        "home": home,
        "monitors": [{"x": 0, "y": 0, "width": 1280, "height": 800, "primary": True}],
        "applications": list(applications),
    }


class ScriptedAgent:
    """Reports what the test says. Listens only within `listening`, where it answers `snapshot` unless it is deaf."""

    def __init__(self, app: FastAPI, client: AsyncClient, device: Device) -> None:
        self._app = app
        self.client = client
        self.device_id = device.id
        self.sign_in = str(uuid4())
        self.heard: defaultdict[str, asyncio.Queue[Command]] = defaultdict(asyncio.Queue)
        self.open: Json = snapshot()
        self.is_deaf = False

    async def report(self, *periods: Json, seen: Json | None = None, **more: object) -> Response:
        body = {
            "agent": "1.0",
            "sent_at": self._app.state.clock.now().isoformat(),
            "sign_in": self.sign_in,
            "periods": list(periods),
            "snapshot": seen,
        }
        return await self.client.post("/api/v1/agent/reports", json={**body, **more})

    async def reported(self, *periods: Json, seen: Json | None = None) -> list[str]:
        """Report, and return what became of each period."""
        answer = await self.report(*periods, seen=seen)
        assert answer.status_code == 200, answer.text
        results: list[str] = answer.json()["results"]
        return results

    async def progress(self, run: object, *applications: Json, finished: bool = False) -> Response:
        body = {"applications": list(applications), "finished": finished}
        return await self.client.post(f"/api/v1/agent/restores/{run}", json=body)

    async def hear(self, kind: str) -> Json:
        """Return the data of the next command of a kind."""
        async with asyncio.timeout(PATIENCE):
            return dict((await self.heard[kind].get()).data)

    async def present(self) -> Sequence[Command]:
        """Return what the agent hears when it connects now."""
        database: Database = self._app.state.database
        async with database.read() as db:
            return await self._app.state.messenger.present(db, self.device_id)  # type: ignore[no-any-return]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["ScriptedAgent"]:
        """Listen for commands, as the real agent does on its stream."""
        channel = ListeningChannel(self)
        real: AgentChannel = self._app.state.messenger._channel
        self._app.state.messenger._channel = channel
        messenger = asyncio.create_task(self._app.state.messenger.run())
        await asyncio.sleep(0)
        try:
            yield self
        finally:
            messenger.cancel()
            await asyncio.gather(messenger, *channel.answers, return_exceptions=True)
            self._app.state.messenger._channel = real


class ListeningChannel:
    """A channel at which one agent listens. A `snapshot` is answered with what is open."""

    def __init__(self, agent: ScriptedAgent) -> None:
        self._agent = agent
        self.answers: list[asyncio.Task[Response]] = []

    def is_connected(self, device_id: int) -> bool:
        return device_id == self._agent.device_id

    def connected(self) -> list[int]:
        return [self._agent.device_id]

    async def connected_anywhere(self, _: AsyncSession, device_ids: Collection[int]) -> set[int]:
        return {self._agent.device_id} & set(device_ids)

    def send(self, device_id: int, command: Command) -> bool:
        if device_id != self._agent.device_id:
            return False
        self._agent.heard[command.kind].put_nowait(command)
        if command.kind == "snapshot" and not self._agent.is_deaf:
            path = f"/api/v1/agent/snapshots/{command.data['id']}"
            self.answers.append(asyncio.create_task(self._agent.client.post(path, json=self._agent.open)))
        return True


async def agent_of(app: FastAPI, user: User | None, name: str = "laptop") -> ScriptedAgent:
    """Return an agent at a new device, which is the user's own if there is one."""
    database: Database = app.state.database
    async with database.write() as db:
        device = new_device(app.state.clock, name)
        device.owner_id = user.id if user else None
        token = issue_token(device, app.state.clock)
        db.add(device)
    client = client_of(app)
    client.headers["Authorization"] = f"Bearer {token}"
    return ScriptedAgent(app, client, device)


def period(kind: str, starts: str, ends: str, name: str = "", **more: object) -> Json:
    """Return a period of a day in January, from one time to another."""
    return {
        "id": str(uuid4()),
        "kind": kind,
        "application": name,
        "name": name.capitalize(),
        "starts": f"2026-01-05T{starts}Z",
        "ends": f"2026-01-05T{ends}Z",
        **more,
    }
