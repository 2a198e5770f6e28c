"""100,000 computers that ping once a minute: what the server and PostgreSQL use of a core, and how long answers take.

Each has a person and a sign-in that began a minute ago. Their pings are spread evenly and sent when they are due,
whether or not the ones before are answered; an answer's time counts from when its ping was due.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from benchmarks.pings.contenders import Contender, cpu_seconds, deskbay, ping_of
from benchmarks.pings.postgresql import Server
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

COMPUTERS = 100_000
EVERY_SECONDS = 60
MOST_CPU = 0.5
PEOPLE = """
INSERT INTO users (uuid, username, username_key, role, created_at)
SELECT gen_random_uuid(), 'person_' || n, 'person_' || n, 'user', now() FROM generate_series(1, :count) n"""
DEVICES = """
INSERT INTO devices (uuid, name, name_key, enrolled_at)
SELECT gen_random_uuid(), 'computer-' || n, 'computer-' || n, now() FROM generate_series(1, :count) n"""
SIGN_INS = """
INSERT INTO sign_ins
    (uuid, user_id, device_id, started_at, ends_at, ends_hour, last_ping_at, clock_offset_ms, recent_pings)
SELECT gen_random_uuid(), users.id, devices.id, begun, later, date_trunc('hour', later), begun, 0, ''
FROM users
JOIN devices ON devices.name = replace(users.username, 'person_', 'computer-'),
    (SELECT now() - interval '1 minute' AS begun, now() AS later) times"""
INTERVALS = """
INSERT INTO activity (day, user_id, device_id, sign_in_id, kind, name, starts, ends, reaches)
SELECT (started_at AT TIME ZONE 'UTC')::date, user_id, device_id, id, 'presence', '', starts, starts + 60000000,
    starts + 90000000
FROM (SELECT *, (extract(epoch FROM started_at) * 1000000)::bigint AS starts FROM sign_ins WHERE recent_pings = '') new
WHERE user_id IN (SELECT id FROM users WHERE username LIKE 'person_%')"""
WHO = "SELECT sign_ins.uuid, username FROM sign_ins JOIN users ON users.id = user_id WHERE username LIKE 'person_%'"


@dataclass(frozen=True)
class Measured:
    """Pings a second, how many were refused, answer times, and parts of a core."""

    per_second: float
    refused: int
    p50_ms: float
    p99_ms: float
    server_cpu: float
    database_cpu: float


@contextmanager
def computers(postgresql: Server, name: str, folder: Path, port: int) -> Iterator[Contender]:
    with deskbay(postgresql, name, folder, port) as contender:
        signed_in = asyncio.run(_sign_in(postgresql.sqlalchemy(name)))
        yield replace(contender, requests=[ping_of(str(session), login) for session, login in signed_in])


async def _sign_in(url: str) -> list[tuple[UUID, str]]:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in (PEOPLE, DEVICES):
            await connection.execute(text(statement), {"count": COMPUTERS})
        for statement in ("ANALYZE", SIGN_INS, INTERVALS, "VACUUM ANALYZE"):
            await connection.execute(text(statement))
        rows = [(uuid, login) for uuid, login in await connection.execute(text(WHO))]
    await engine.dispose()
    assert len(rows) == COMPUTERS
    return rows


def measure(contender: Contender) -> Measured:
    """Let every computer ping once."""
    assert contender.database
    lines = "\n".join(json.dumps(request) for request in contender.requests)
    rate = COMPUTERS / EVERY_SECONDS
    command = [sys.executable, "-m", "benchmarks.pings.load", f"127.0.0.1:{contender.port}", str(rate)]
    server, database = cpu_seconds(contender.process), cpu_seconds(contender.database)
    output = subprocess.run(command, input=lines, text=True, capture_output=True, check=True).stdout
    figures = json.loads(output)
    return Measured(
        len(contender.requests) / figures["seconds"],
        figures["refused"],
        figures["p50_ms"],
        figures["p99_ms"],
        (cpu_seconds(contender.process) - server) / figures["seconds"],
        (cpu_seconds(contender.database) - database) / figures["seconds"],
    )
