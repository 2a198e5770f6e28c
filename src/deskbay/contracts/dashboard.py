"""The session manager's dashboard, which names everyone who is there in one answer: there may be 50,000."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

import msgspec
from sqlalchemy import any_, literal, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.activity.models import SignIn
from deskbay.activity.pings import hour_of
from deskbay.activity.sign_ins import Online, all_online
from deskbay.database import Database
from deskbay.database.audit.watch import Watch
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock

HEAD, TAIL = b'{"message":"Success","data":[', b"]}"
UUID_BYTES, TIME_BYTES = 16, 8
STAMP_BYTES = UUID_BYTES + TIME_BYTES
THERE = text("""
SELECT string_agg(uuid_send(uuid) || timestamptz_send(started_at), ''), string_agg(ends_at::text, ',')
FROM sign_ins WHERE ends_hour >= :hour AND ends_at >= :now""")


class Dashboard:
    """Writes it. On PostgreSQL it remembers all of each session but the end: most of it is the same a minute later.

    Nothing that it remembers can be out of date: what it asks for sees one moment, a session is remembered by its id
    and start together, and the audit tells when anyone has a new name. What is written into the database by hand is not
    in the audit: servers have to be started anew after it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._names = Watch(User.username, Device.name)
        self._begun: dict[bytes, bytes] = {}
        self._turn = asyncio.Lock()

    async def written(self) -> bytes:
        """Return the answer's body."""
        now = self._clock.now()
        if self._database.direct is None:
            async with self._database.read() as db:
                everyone = await all_online(db, now)
            return _body([begun(one) for one in everyone], [ended(one.ends_at) for one in everyone])
        async with self._turn, self._database.read() as db:
            await db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            return await self._of_postgresql(db, now)

    async def _of_postgresql(self, db: AsyncSession, now: datetime) -> bytes:
        if await self._names.has_changed(db):
            self._begun = {}
        stamps, ends = (await db.execute(THERE, {"hour": hour_of(now), "now": now})).one()
        there = [stamps[at : at + STAMP_BYTES] for at in range(0, len(stamps or b""), STAMP_BYTES)]
        await self._remember(db, now, there)
        # As the database writes them, in UTC: 2026-01-05 09:00:00.5+00
        ended = (ends or "").replace(" ", "T").replace("+00", 'Z"}').encode().split(b",") if there else []
        return _body([self._begun[stamp] for stamp in there], ended)

    async def _remember(self, db: AsyncSession, now: datetime, there: Sequence[bytes]) -> None:
        """Look up whom nothing is known of, and forget who has gone when they are as many as are there."""
        if len(self._begun) > 2 * len(there):
            self._begun = {stamp: self._begun[stamp] for stamp in there if stamp in self._begun}
        new = {stamp[:UUID_BYTES]: stamp for stamp in there if stamp not in self._begun}
        if new:
            uuids = literal([UUID(bytes=uuid) for uuid in new], ARRAY(SignIn.uuid.type))
            everyone = await all_online(db, now, SignIn.uuid == any_(uuids))
            self._begun |= {new[one.uuid.bytes]: begun(one) for one in everyone}


def begun(one: Online) -> bytes:
    """Return all of a session but its end, with a comma before it."""
    told = {
        "id": one.uuid,
        "comp_name": one.device,
        "ip_addr": one.address or "",
        "login": one.username,
        "start_date_time": one.started_at,
    }
    return b"," + msgspec.json.encode(told)[:-1] + b',"end_date_time":"'


def ended(at: datetime) -> bytes:
    return at.isoformat().replace("+00:00", 'Z"}').encode()


def _body(begun: Sequence[bytes], ended: Sequence[bytes]) -> bytes:
    pieces = [HEAD, *chain.from_iterable(zip(begun, ended, strict=True)), TAIL]
    pieces[1] = pieces[1].removeprefix(b",")
    return b"".join(pieces)
