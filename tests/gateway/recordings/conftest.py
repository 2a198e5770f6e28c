"""A person with a desktop that is recorded, and an administrator."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.people import People

from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops.models import Template
from deskbay.desktops.service import get_desktop
from deskbay.gateway.entering import Visitor
from deskbay.gateway.recordings.service import Recordings


@pytest.fixture
def recordings(app: FastAPI) -> Recordings:
    made: Recordings = app.state.recordings
    return made


@pytest.fixture
async def grace(people: People) -> User:
    return await people.add("grace", Role.ADMINISTRATOR)


@pytest.fixture
async def visitor(app: FastAPI, ada: User, running: int) -> Visitor:
    """Ada at her desktop, which is recorded."""
    async with app.state.database.write() as db:
        desktop = await get_desktop(db, Rights(ada), running)
        template = await db.get_one(Template, desktop.template_id)
        template.is_recorded = True
    return Visitor(ada, 0, desktop)


@pytest.fixture
async def recorded(recordings: Recordings, visitor: Visitor) -> int:
    """The id of a recording of it that has ended."""
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"what was shown"))
    return 1


@pytest.fixture
async def administrator(people: People, grace: User) -> AsyncClient:
    return await people.program(grace)
