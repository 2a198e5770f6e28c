"""A database is made, brought up to date, or refused."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from deskbay.database import create_engine
from deskbay.database.complaints import explained
from deskbay.database.migrations import SCRIPTS, migrate, pending_since

LARGEST_CHECKED_BYTES = 256 * 2**20
"""A larger SQLite file is not read from end to end at each start: that would take seconds."""


async def upgrade(address: str, scripts: Path = SCRIPTS) -> None:
    """Make the database of an SQLAlchemy address, or bring it up to date.

    An SQLite file can be read by its owner alone, is checked for damage, and is copied to `<file>.<old revision>`
    before it is changed. Raises Refusal, having changed nothing; only MariaDB keeps the changes of tables that
    were made before one failed.
    """
    with explained(address), _sqlite_file(address) as file:
        engine = create_engine(address)
        try:
            if file:
                await asyncio.to_thread(_refuse_damaged, file)
            revision = await pending_since(engine, scripts)
            if file and revision:
                await asyncio.to_thread(_copy, file, file.with_name(f"{file.name}.{revision}"))
            await migrate(engine, scripts)
        finally:
            await engine.dispose()


@contextmanager
def _sqlite_file(address: str) -> Iterator[Path | None]:
    """Yield the file of an SQLite database, made when it is missing and then taken away again on an error."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        yield None
        return
    file = Path(str(url.database))
    is_new = not file.exists()
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        yield file
    except BaseException:
        for made in (file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))) if is_new else ():
            made.unlink(missing_ok=True)
        raise


def _refuse_damaged(file: Path) -> None:
    if file.stat().st_size > LARGEST_CHECKED_BYTES:
        return
    with closing(sqlite3.connect(file)) as database:
        (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"malformed: {verdict}")


def _copy(file: Path, copy: Path) -> None:
    draft = copy.with_name(f"{copy.name}.draft")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)
