"""The session manager's dashboard, which names everyone who is there in one answer: there may be 50,000."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
END = b',"end_date_time":"'
UUID_BYTES, TIME_BYTES = 16, 8
STAMP_BYTES = UUID_BYTES + TIME_BYTES
# Numbers of transactions begin anew after two thousand millions: none can be as many in this time.
LONGEST_SINCE = timedelta(hours=1)
# A row has the number of the transaction that wrote it: what was not seen last time is of one that was running then, or
# of a later one.
CHANGED = text("""
SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS xid) AS text), count(*) FILTER (WHERE there),
    string_agg(stamp, '') FILTER (WHERE there AND changed), string_agg(ends, ',') FILTER (WHERE there AND changed),
    string_agg(stamp, '') FILTER (WHERE NOT there)
FROM (
    SELECT uuid_send(uuid) || timestamptz_send(started_at) AS stamp, ends_at::text AS ends, ends_at >= :now AS there,
        coalesce(age(xmin) <= (SELECT age(CAST(CAST(:running AS text) AS xid))), true) AS changed
    FROM sign_ins WHERE ends_hour >= :hour AND ends_at >= :since
) one""")


@dataclass(frozen=True)
class Look:
    """When it looked, and the oldest transaction that was running then; none looks at everyone."""

    at: datetime
    running: str | None


class Dashboard:
    """Writes it. On PostgreSQL it remembers each session as it was written, and asks for what has changed since.

    Nothing that it remembers can be out of date: what it asks for sees one moment, a row that was written since is
    known by its transaction, and the audit tells when anyone has a new name. What is written into the database by hand
    is not in the audit: servers have to be started anew after it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._names = Watch(User.username, Device.name)
        self._there: dict[bytes, bytes] = {}
        self._last: Look | None = None
        self._turn = asyncio.Lock()

    async def written(self) -> bytes:
        """Return the answer's body."""
        if self._database.direct is None:
            now = self._clock.now()
            async with self._database.read() as db:
                return _body([begun(one) + ended(one.ends_at) for one in await all_online(db, now)])
        async with self._turn, self._database.read() as db:
            await db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            await self._look(db, self._clock.now())
            return _body(self._there.values())

    async def _look(self, db: AsyncSession, now: datetime) -> None:
        # Whoever is stopped on the way leaves nothing that is taken for whole.
        last, self._last = self._last, None
        names_changed = await self._names.has_changed(db)
        if names_changed or last is None or not last.at <= now <= last.at + LONGEST_SINCE:
            await self._look_anew(db, now)
        elif await self._look_since(db, now, last) != len(self._there):
            # Somebody was erased, or is known by now to have gone before it looked last.
            await self._look_anew(db, now)

    async def _look_anew(self, db: AsyncSession, now: datetime) -> None:
        self._there = {}
        await self._look_since(db, now, Look(now, None))

    async def _look_since(self, db: AsyncSession, now: datetime, last: Look) -> int:
        """Take over what has changed since; return how many are there."""
        asked = {"now": now, "hour": hour_of(last.at), "since": last.at, "running": last.running}
        running, there, changed, ends, gone = (await db.execute(CHANGED, asked)).one()
        for stamp in _stamps(gone):
            self._there.pop(stamp, None)
        await self._write(db, now, dict(zip(_stamps(changed), _ends(ends), strict=True)))
        self._last = Look(now, running)
        return int(there)

    async def _write(self, db: AsyncSession, now: datetime, ends: dict[bytes, bytes]) -> None:
        unknown = {stamp[:UUID_BYTES]: stamp for stamp in ends if stamp not in self._there}
        if unknown:
            uuids = literal([UUID(bytes=uuid) for uuid in unknown], ARRAY(SignIn.uuid.type))
            everyone = await all_online(db, now, SignIn.uuid == any_(uuids))
            self._there |= {unknown[one.uuid.bytes]: begun(one) for one in everyone}
        self._there |= {stamp: _begun(self._there[stamp]) + end for stamp, end in ends.items()}


def begun(one: Online) -> bytes:
    """Return all of a session but its end, with a comma before it."""
    told = {
        "id": one.uuid,
        "comp_name": one.device,
        "ip_addr": one.address or "",
        "login": one.username,
        "start_date_time": one.started_at,
    }
    return b"," + msgspec.json.encode(told)[:-1] + END


def ended(at: datetime) -> bytes:
    return at.isoformat().replace("+00:00", 'Z"}').encode()


def _begun(session: bytes) -> bytes:
    """Return all of it but its end. What people are called can't look like the member's name: quotes are escaped."""
    return session[: session.rindex(END) + len(END)]


def _stamps(joined: bytes | None) -> list[bytes]:
    return [joined[at : at + STAMP_BYTES] for at in range(0, len(joined), STAMP_BYTES)] if joined else []


def _ends(joined: str | None) -> list[bytes]:
    """Take apart times as the database writes them, in UTC: 2026-01-05 09:00:00.5+00."""
    return joined.replace(" ", "T").replace("+00", 'Z"}').encode().split(b",") if joined else []


def _body(sessions: Iterable[bytes]) -> bytes:
    return HEAD + b"".join(sessions).removeprefix(b",") + TAIL
