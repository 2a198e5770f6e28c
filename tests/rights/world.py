"""A small school: somebody with one thing of each kind, those who may or may not reach it, and what they show."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from tests.desktops.first_start import first_start
from tests.people import People

from deskbay.accounts.api_tokens.schemas import TokenIn
from deskbay.accounts.api_tokens.service import create_token
from deskbay.accounts.models import Login, Role, User
from deskbay.accounts.passkeys.models import Passkey
from deskbay.accounts.rights.models import CustomRole
from deskbay.accounts.rights.scopes import Scope
from deskbay.desktops.models import Desktop, RuntimeRow, State, Template, Wanted
from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.devices.models import Device
from deskbay.devices.tokens import PREFIX
from deskbay.gateway.recordings.models import Recording
from deskbay.kit.secrets import digest
from deskbay.sessions.models import Restore, RestoreState, Save, SaveReason, Session

DEVICE_TOKEN = f"{PREFIX}{'0' * 43}"
LAB_COMPUTER = "pc-1"
CLIENT_NAME = "maths"
VOLUME_NAME = "shelf"
SIGN_IN = UUID(int=7)
RUN = UUID(int=8)


class Who(StrEnum):
    """Somebody who asks, in the order of the columns of the table."""

    NOBODY = "nobody"
    ANOTHER = "another"
    OWNER = "owner"
    GROUP_ADMINISTRATOR = "group administrator"
    ADMINISTRATOR = "administrator"
    DEVICE = "device"
    NARROW_TOKEN = "narrow token"


@dataclass(frozen=True)
class World:
    """What each shows to be let in, and the ids of the owner's things, by the names that paths have for them."""

    bearers: dict[Who, str | None]
    keys: dict[str, object]


class Builder:
    """Fills an application's database."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self._clock = app.state.clock
        self._people = People(app, stack)
        self._database = app.state.database
        self._recordings = app.state.recordings
        self.keys: dict[str, object] = {"provider": "school", "file": "none.whl", "code": "1", "email": "a@example.org"}

    async def build(self) -> World:
        await first_start(self._database)
        ada, bob, tina = [await self._people.add(name) for name in ("ada", "bob", "tina")]
        grace = await self._people.add("grace", Role.ADMINISTRATOR)
        clients = [await self._people.program(person) for person in (ada, bob, tina, grace)]
        await self._by_administrator(clients[3], ada, tina)
        await self._by_owner(clients[0])
        for client in clients:
            (await client.get("/device")).raise_for_status()  # so that each has one, as clients of CloudDesk do
        async with self._database.write() as db:
            await self._in_the_database(db, ada)
            narrow = await self._narrow_token(db, ada)
        bearers = [_bearer(client) for client in clients]
        shown = [None, bearers[1], bearers[0], bearers[2], bearers[3], DEVICE_TOKEN, narrow]
        return World(dict(zip(Who, shown, strict=True)), self.keys)

    async def _by_administrator(self, grace: AsyncClient, ada: User, tina: User) -> None:
        self.keys |= {"user_id": ada.id, "username": ada.username}
        room = await _made(grace, "/api/v1/rooms", {"name": "B-101", "rows": 5, "columns": 6})
        group = await _made(grace, "/api/v1/groups", {"name": "Class 7b"})
        members = [{"user_id": ada.id}, {"user_id": tina.id, "is_administrator": True}]
        (await grace.post(f"/api/v1/groups/{group['id']}/members", json={"members": members})).raise_for_status()
        inner = await _made(grace, "/api/v1/groups", {"name": "Readers"})
        await _made(grace, "/api/v1/devices", {"name": LAB_COMPUTER, "room_id": room["id"]})
        said = {"text": "Closed on Friday.", "starts_at": "2026-01-01T00:00:00Z"}
        announcement = await _made(grace, "/api/v1/announcements", said)
        allowance = await _made(grace, "/api/v1/allowances", {"user_id": ada.id, "desktops": 5})
        self.keys |= {
            "room_id": room["id"],
            "group_id": group["id"],
            "nested_id": inner["id"],
            "announcement_id": announcement["id"],
            "allowance_id": allowance["id"],
        }

    async def _by_owner(self, ada: AsyncClient) -> None:
        desktop = await _made(ada, "/api/v1/desktops", {"template": "desktop", "name": CLIENT_NAME})
        volume = await _made(ada, "/api/v1/volumes", {"name": VOLUME_NAME, "size_mb": 100})
        token = await _made(ada, "/api/v1/tokens", {"name": "Backups", "scopes": ["desktops:read"]})
        self.keys |= {"desktop_id": desktop["id"], "volume_id": volume["id"], "token_id": token["id"]}

    async def _in_the_database(self, db: AsyncSession, ada: User) -> None:
        now, at_rest = self._clock.now(), {"state": State.STOPPED, "wanted": Wanted.STOPPED}
        await db.execute(update(Desktop).values(at_rest))
        desktop = (await db.scalars(select(Desktop))).one()
        await db.execute(update(Login).values(proven_at=now))
        device = await db.get_one(Device, desktop.device_id)
        device.token_digest, device.token_issued_at = digest(DEVICE_TOKEN), now
        lab_computer = (await db.scalars(select(Device).where(Device.name == LAB_COMPUTER))).one()
        runtime = (await db.scalars(select(RuntimeRow))).one()
        template = (await db.scalars(select(Template).where(Template.slug == "desktop"))).one()
        session = Session(
            user_id=ada.id,
            device_id=device.id,
            name="Thesis",
            slug="thesis",
            name_key="thesis",
            slug_key="thesis",
            description="",
            active_on=device.id,
            is_tracking=False,
            created_at=now,
        )
        login = (await db.scalars(select(Login).where(Login.user_id == ada.id))).first()
        db.add(session)
        await db.flush()
        save = Save(
            session_id=session.id,
            saved_at=now,
            reason=SaveReason.SAVED,
            digest="0",
            applications=0,
            content=EMPTY,
        )
        restore = Restore(
            run=RUN,
            session_id=session.id,
            user_id=ada.id,
            device_id=device.id,
            state=RestoreState.FINISHED,
            requested_at=now,
            finished_at=now,
        )
        recording = Recording(
            uuid=uuid4(),
            desktop_id=desktop.id,
            template_id=template.id,
            owner_id=ada.id,
            viewer_id=ada.id,
            protocol=DisplayProtocol.VNC,
            began_at=now,
            seen_at=now,
            ended_at=now,
        )
        passkey = Passkey(
            user_id=ada.id, key="1", credential_id="AA", public_key="AA", signatures=0, name="Key", created_at=now
        )
        role = CustomRole(name="Helpers", rights="desktops:read!all", created_at=now)
        db.add_all([save, restore, recording, passkey, role])
        await db.flush()
        film = self._recordings.path_of(recording)
        film.parent.mkdir(parents=True, exist_ok=True)
        film.write_bytes(b"")
        self.keys |= {
            "device_id": device.id,
            "lab_id": lab_computer.id,
            "runtime_id": runtime.id,
            "template_id": template.id,
            "config_id": template.id,
            "session_id": session.id,
            "slug": session.slug,
            "save_id": save.id,
            "run": RUN,
            "recording_id": recording.id,
            "passkey_id": passkey.id,
            "role_id": role.id,
            "login_id": login.id if login else 0,
            "connection_id": desktop.id,
            "pvc_id": self.keys["volume_id"],
            "name": CLIENT_NAME,
            "snapshot_id": uuid4(),
        }

    async def _narrow_token(self, db: AsyncSession, ada: User) -> str:
        wish = TokenIn(name="Narrow", scopes={Scope.DESKTOPS_READ})
        owner = await db.get_one(User, ada.id)
        _, secret = await create_token(db, self._clock, owner, owner, wish)
        return secret


EMPTY = '{"taken_at": "2026-01-01T00:00:00Z", "system": "x11", "home": "/home/ada", "applications": []}'


async def _made(client: AsyncClient, path: str, wish: Mapping[str, object]) -> dict[str, object]:
    answer = await client.post(path, json=wish)
    assert answer.is_success, f"{path}: {answer.text}"
    made: dict[str, object] = answer.json()
    return made


def _bearer(client: AsyncClient) -> str:
    return client.headers["Authorization"].removeprefix("Bearer ")
