"""Asks a route until its answer begins, so that streams without an end are asked as well."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI

HOST = "127.0.0.1:8000"
SWITCHED = 101
GOING_AWAY = 1001
OF_A_SOCKET = {"subprotocols": ["binary"], "extensions": {"websocket.http.response": {}}}
PATIENCE = 60.0


@dataclass(frozen=True)
class Question:
    """A request: its query, and a body that is JSON, a form or a text."""

    query: Mapping[str, object] = field(default_factory=dict)
    body: object = None
    form: Mapping[str, str] | None = None
    text: str | None = None

    @property
    def content(self) -> tuple[str, bytes]:
        if self.form is not None:
            return "application/x-www-form-urlencoded", urlencode(self.form).encode()
        if self.text is not None:
            return "text/csv", self.text.encode()
        return "application/json", b"" if self.body is None else json.dumps(self.body).encode()


async def status_of(app: FastAPI, method: str, path: str, question: Question, bearer: str | None) -> int:
    """Return the status with which an answer begins; 101 for a WebSocket that is accepted."""
    kind, body = question.content
    headers = [(b"host", HOST.encode()), (b"content-type", kind.encode())]
    if bearer:
        headers.append((b"authorization", f"Bearer {bearer}".encode()))
    is_socket = method == "WebSocket"
    scope: MutableMapping[str, Any] = {
        "type": "websocket" if is_socket else "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws" if is_socket else "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": urlencode(question.query, doseq=True).encode(),
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
        **(
            {"subprotocols": ["binary"], "extensions": {"websocket.http.response": {}}}
            if is_socket
            else {"method": method}
        ),
    }
    begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    sent = (
        [{"type": "websocket.connect"}] if is_socket else [{"type": "http.request", "body": body, "more_body": False}]
    )

    async def receive() -> MutableMapping[str, Any]:
        if sent:
            return sent.pop()
        await asyncio.wait({begun})
        return {"type": "websocket.disconnect", "code": GOING_AWAY} if is_socket else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if not begun.done() and (status := _status_in(message)) is not None:
            begun.set_result(status)

    asked = asyncio.create_task(app(scope, receive, send))
    await asyncio.wait_for(asked, PATIENCE)
    return begun.result()


def _status_in(message: Mapping[str, Any]) -> int | None:
    match message["type"]:
        case "http.response.start" | "websocket.http.response.start":
            return int(message["status"])
        case "websocket.accept":
            return SWITCHED
        case _:
            return None
