"""Ada, who consents to being tracked, and the agent on her laptop."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.people import People
from tests.sessions.doubles import ScriptedAgent, agent_of

from deskbay.accounts.models import User

SESSIONS = "/api/v1/sessions"


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def agent(app: FastAPI, ada: User) -> ScriptedAgent:
    return await agent_of(app, ada)


@pytest.fixture
async def reader(people: People, ada: User) -> AsyncClient:
    """Ada's program, who has said nothing to being tracked."""
    return await people.program(ada)


@pytest.fixture
async def ada_client(reader: AsyncClient) -> AsyncClient:
    """Ada's program, once she has consented."""
    answer = await reader.put("/api/v1/tracking", json={"consent": True})
    assert answer.status_code == 200, answer.text
    return reader
