"""The door for agents: what is answered there, and what a server finds that was started again."""

import os
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from deskbay.gateway.door import SOCKET, AgentsOnly, listen_at_door
from deskbay.kit.refusals import Refusal


@pytest.fixture
async def through_door(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(AgentsOnly(app)), base_url="http://deskbay") as client:
        yield client


async def test_agents_are_answered(through_door: AsyncClient) -> None:
    refused = await through_door.get("/api/v1/agent/events")
    assert (refused.status_code, refused.json()["type"]) == (401, "no-device-token")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/health",
        "/api/v1/about",
        "/api/v1/auth/me",
        "/api/v1/agent",
        "/api/v1/agents/events",
        "//api/v1/agent/events",
        "/api/v1/pings",
    ],
)
async def test_nothing_else_is(through_door: AsyncClient, path: str) -> None:
    answer = await through_door.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_everyone_may_knock_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        listener = listen_at_door(tmp_path)
    finally:
        os.umask(before)
    with listener:
        assert stat.S_IMODE((tmp_path / "agents").stat().st_mode) == 0o711
        assert stat.S_IMODE((tmp_path / "agents" / SOCKET).stat().st_mode) == 0o666


def test_a_server_that_died_leaves_no_obstacle(tmp_path: Path) -> None:
    listen_at_door(tmp_path).close()
    with listen_at_door(tmp_path), socket.socket(socket.AF_UNIX) as agent:
        agent.connect(str(tmp_path / "agents" / SOCKET))


def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 30)
    with listen_at_door(data):
        assert len(str(data / "agents" / SOCKET)) > 107
        assert (data / "agents" / SOCKET).is_socket()


def test_where_no_socket_can_be_made_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "agents").write_text("in the way")
    with pytest.raises(Refusal, match=r"can't be made: File exists.*--data"):
        listen_at_door(tmp_path)
