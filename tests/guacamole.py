"""A simulator of Guacamole: its sign-in by encrypted JSON, as its manual describes it, and its REST interface.

It takes a ticket apart with its own hands, and refuses what the manual does not name.
"""

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from fastapi import FastAPI, HTTPException, Request
from tests.clock import FrozenClock
from tests.guacamole_rest import PARAMETERS, SimulatedRest, install
from tests.ports import free_port

FIELDS = {"username", "expires", "connections", "singleUse"}
CONNECTION_FIELDS = {"id", "protocol", "parameters", "join"}


class SimulatedGuacamole:
    """Gives tokens to whoever brings a ticket sealed with its key. `sessions` has what each token opens.

    Its administrator gets one for `rest`, by a password.
    """

    def __init__(self, key: str, clock: FrozenClock) -> None:
        self._key = bytes.fromhex(key)
        self._clock = clock
        self.sessions: dict[str, dict[str, Any]] = {}
        self.rest = SimulatedRest()
        self.app = FastAPI()
        self.app.post("/guacamole/api/tokens")(self._sign_in)
        install(self.app, self.rest, "/guacamole/api")

    async def _sign_in(self, request: Request) -> dict[str, object]:
        form = await request.form()
        if set(form) == {"username", "password"}:
            return self.rest.sign_in(str(form["username"]), str(form["password"]))
        if set(form) != {"data"}:
            raise HTTPException(400, "a field that is not known")
        try:
            ticket = self._checked(self._opened(str(form["data"])))
        except ValueError as error:
            raise HTTPException(403, "Permission Denied.") from error
        token = hashlib.sha256(str(form["data"]).encode()).hexdigest().upper()
        self.sessions[token] = ticket
        return {
            "authToken": token,
            "username": ticket["username"],
            "dataSource": "json",
            "availableDataSources": ["json"],
        }

    def _opened(self, sealed: str) -> bytes:
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(bytes(16))).decryptor()
        padded = decryptor.update(b64decode(sealed, validate=True)) + decryptor.finalize()
        signature, document = padded[:32], padded[32 : -padded[-1]]
        if not hmac.compare_digest(signature, hmac.new(self._key, document, hashlib.sha256).digest()):
            raise ValueError("the signature is another's")
        return document

    def _checked(self, document: bytes) -> dict[str, Any]:
        ticket: dict[str, Any] = json.loads(document)
        if set(ticket) - FIELDS or not isinstance(ticket["expires"], int):
            raise ValueError("no such field")
        if ticket["expires"] <= self._clock.now().timestamp() * 1000:
            raise ValueError("too late")
        for connection in ticket["connections"].values():
            known = PARAMETERS[connection["protocol"]]
            values = connection["parameters"]
            if set(connection) - CONNECTION_FIELDS or set(values) - known or not all(map(_is_text, values.values())):
                raise ValueError("no such connection")
        return ticket


def _is_text(value: object) -> bool:
    return isinstance(value, str)


@asynccontextmanager
async def serving(guacamole: SimulatedGuacamole) -> AsyncIterator[str]:
    """Serve it on loopback. Gives its address."""
    config = uvicorn.Config(guacamole.app, port=free_port(), log_config=None)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield f"http://127.0.0.1:{config.port}/guacamole"
    finally:
        await server.shutdown()
