"""The peer that anyone would write first: FastAPI, asyncpg, one INSERT for each ping."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
import uvicorn
from fastapi import FastAPI, Request
from pydantic import BaseModel


class Ping(BaseModel):
    session_id: UUID
    session_type: str
    login: str
    next_ping_sec: int
    date_time: datetime | None = None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["PLAIN_DATABASE"], min_size=10, max_size=10) as pool:
        await pool.execute(
            "CREATE TABLE IF NOT EXISTS pings (id bigserial PRIMARY KEY, session_id uuid, session_type text,"
            " login text, at timestamptz, until_seconds integer)"
        )
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/api/session-manager/activity", status_code=HTTPStatus.CREATED)
async def store(ping: Ping, request: Request) -> dict[str, str]:
    await request.app.state.pool.execute(
        "INSERT INTO pings (session_id, session_type, login, at, until_seconds) VALUES ($1, $2, $3, $4, $5)",
        ping.session_id,
        ping.session_type,
        ping.login,
        ping.date_time or datetime.now(UTC),
        ping.next_ping_sec,
    )
    return {"message": "Created"}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PLAIN_PORT"]), loop="uvloop", http="httptools", access_log=False)
