"""What becomes of recordings: in the folder, and in the database."""

import asyncio
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from tests.clock import FrozenClock
from tests.gateway.doubles import PATIENCE, until

from deskbay.accounts.models import User
from deskbay.desktops.models import Template
from deskbay.gateway.entering import Visitor
from deskbay.gateway.recordings import service
from deskbay.gateway.recordings.models import Recording, RecordingEnd
from deskbay.gateway.recordings.service import Recordings
from deskbay.kit.paging import Page
from deskbay.settings import Settings


async def rows(app: FastAPI) -> Sequence[Recording]:
    async with app.state.database.read() as db:
        wanted = select(Recording).options(joinedload(Recording.viewer), joinedload(Recording.owner))
        return list(await db.scalars(wanted))


async def once(app: FastAPI, is_so: Callable[[Recording], bool]) -> Recording:
    """The only recording, when it has come so far."""
    async with asyncio.timeout(PATIENCE):
        while not is_so((await rows(app))[0]):  # noqa: ASYNC110 - it is a database that changes
            await asyncio.sleep(0.02)
    return (await rows(app))[0]


def files(settings: Settings) -> list[Path]:
    return sorted((settings.data / "recordings").glob("*"))


def rights(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


async def test_a_recording_from_its_beginning_to_its_end(
    app: FastAPI, settings: Settings, clock: FrozenClock, recordings: Recordings, visitor: Visitor
) -> None:
    began = clock.now()
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"shown"))
        (row,) = await rows(app)
        assert (row.ended_at, row.end) == (None, None)
        clock.advance(minutes=3)
    (row,) = await rows(app)
    assert (row.began_at, row.ended_at, row.end) == (began, clock.now(), RecordingEnd.LEFT)
    assert (row.viewer.username, row.owner.username) == ("ada", "ada")
    (file,) = files(settings)
    assert (file.name, file.stat().st_size) == (row.uuid.hex, row.bytes)
    assert b"shown" in file.read_bytes()
    assert (rights(file), rights(file.parent)) == ("0o600", "0o700")


async def test_a_desktop_that_is_not_recorded(
    app: FastAPI, settings: Settings, recordings: Recordings, visitor: Visitor
) -> None:
    visitor.desktop.template.is_recorded = False
    async with recordings.of(visitor) as witness:
        assert witness is None
    assert not await rows(app)
    assert not files(settings)


async def test_a_connection_that_showed_nothing_is_forgotten(
    app: FastAPI, settings: Settings, recordings: Recordings, visitor: Visitor
) -> None:
    async with recordings.of(visitor):
        pass
    assert not await rows(app)
    assert not files(settings)


async def test_a_folder_that_can_not_be_made_lets_the_desktop_go_on(
    app: FastAPI, settings: Settings, recordings: Recordings, visitor: Visitor
) -> None:
    (settings.data / "recordings").write_text("in the way")
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"shown"))
    (row,) = await rows(app)
    assert (row.end, row.bytes) == (RecordingEnd.DISK_FAILED, 0)


async def test_the_database_hears_of_it_while_it_goes_on(
    app: FastAPI, recordings: Recordings, visitor: Visitor, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "TELL_SECONDS", 0.05)
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"shown"))
        clock.advance(minutes=1)
        row = await once(app, lambda row: row.seen_at == clock.now() and row.bytes > 0)
        assert row.ended_at is None


async def test_one_that_stopped_for_the_disk_says_so_at_once(
    app: FastAPI, settings: Settings, recordings: Recordings, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "TELL_SECONDS", 0.05)
    (settings.data / "recordings").write_text("in the way")
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"shown"))
        await once(app, lambda row: row.end is RecordingEnd.DISK_FAILED)


async def test_each_connection_has_its_own(
    app: FastAPI, settings: Settings, recordings: Recordings, visitor: Visitor, grace: User
) -> None:
    other = Visitor(grace, 0, visitor.desktop)
    async with recordings.of(visitor) as hers, recordings.of(other) as graces:
        for witness in (hers, graces):
            assert witness is not None
            witness(memoryview(b"shown"))
        await until(lambda: len(files(settings)) == 2)
    assert [row.viewer.username for row in await rows(app)] == ["ada", "grace"]
    assert {row.owner.username for row in await rows(app)} == {"ada"}


async def test_deleting_takes_the_file_too(
    app: FastAPI, settings: Settings, recordings: Recordings, recorded: int
) -> None:
    async with app.state.database.write() as db:
        await recordings.delete(db, await db.get_one(Recording, recorded))
    assert not await rows(app)
    assert not files(settings)


async def test_who_was_recorded_stays_told_when_the_template_goes_off_record(
    app: FastAPI, recorded: int, ada: User
) -> None:
    async with app.state.database.write() as db:
        recording = await db.get_one(Recording, recorded)
        (await db.get_one(Template, recording.template_id)).is_recorded = False
    async with app.state.database.read() as db:
        found, cursor = await service.list_recordings(db, Page(), Recording.owner_id == ada.id)
    assert ([one.id for one in found], cursor) == ([recorded], None)
