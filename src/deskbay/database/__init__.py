"""The engine, and transactions that tell their events once they are committed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated

from fastapi import Depends
from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from starlette.requests import HTTPConnection

from deskbay.database.audit import chain
from deskbay.database.audit.circumstances import circumstances
from deskbay.database.audit.happenings import gathered
from deskbay.database.audit.recorder import AuditedSession, happenings_of
from deskbay.database.direct import Direct
from deskbay.database.only_server import OnlyServer
from deskbay.database.replicas import Replicas
from deskbay.database.sqlite import SqliteConnection
from deskbay.kit.clock import Clock, SystemClock
from deskbay.kit.events import Event, EventBus

BUSY_SECONDS = 30
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
EVENTS = "events"


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer midway fails at once if another wrote meanwhile, so writers say it at the start.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def create_engine(url: str) -> AsyncEngine:
    """Return the engine for an SQLAlchemy address of SQLite, PostgreSQL or MariaDB."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_async_engine(url, async_creator=partial(SqliteConnection, str(address.database)))
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    texts_of_times = {"server_settings": {"timezone": "UTC", "datestyle": "ISO"}}
    connect_args = texts_of_times if address.get_backend_name() == "postgresql" else {}
    return create_async_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=connect_args)


class Database:
    """Opens transactions, puts what they change into the audit, and publishes what they emitted once it is on disk.

    Only servers on PostgreSQL hear each other, as `replicas`; on MariaDB there is an `only_server`.
    """

    def __init__(self, engine: AsyncEngine, bus: EventBus, clock: Clock | None = None) -> None:
        self.engine = engine
        self.bus = bus
        self.clock = clock or SystemClock()
        is_shared = engine.dialect.name == "postgresql"
        self.direct = Direct(engine) if is_shared else None
        self.replicas = Replicas(engine, bus) if is_shared else None
        self.only_server = OnlyServer(engine) if engine.dialect.name in {"mysql", "mariadb"} else None
        audited = async_sessionmaker(sync_session_class=AuditedSession, expire_on_commit=False)
        self._writer = partial(audited, bind=engine)
        self._reader = partial(audited, bind=engine.execution_options(writes=False))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that is committed at the end, and rolled back on an error."""
        async with self._writer() as db:
            async with db.begin():
                yield db
                await self._audit(db)
                events: list[Event] = db.info.pop(EVENTS, [])
                if self.replicas is not None and events:
                    await self.replicas.tell(db, events)
            for emitted in events:
                self.bus.publish(emitted)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that only reads."""
        async with self._reader() as db, db.begin():
            yield db
            await db.flush()
            if happenings_of(db.sync_session):
                raise RuntimeError("A transaction that only reads has changed something: it would not be in the audit.")

    async def _audit(self, db: AsyncSession) -> None:
        await db.flush()
        happenings = gathered(happenings_of(db.sync_session))
        if happenings:
            await chain.append(db, happenings, circumstances(), self.clock.now())

    async def close(self) -> None:
        if self.direct is not None:
            await self.direct.close()
        await self.engine.dispose()


def emit(db: AsyncSession, emitted: Event) -> None:
    """Publish an event when the transaction has been committed."""
    db.info.setdefault(EVENTS, []).append(emitted)


async def _database(connection: HTTPConnection) -> Database:
    database: Database = connection.app.state.database
    return database


DatabaseOfApp = Annotated[Database, Depends(_database)]


async def _transaction(connection: HTTPConnection, database: DatabaseOfApp) -> AsyncIterator[AsyncSession]:
    safe = connection.scope.get("method", "GET") in SAFE_METHODS
    async with database.read() if safe else database.write() as db:
        yield db


Transaction = Annotated[AsyncSession, Depends(_transaction, scope="function")]
"""The request's one transaction: committed before the answer is sent."""
