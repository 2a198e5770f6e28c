"""Guacamole's sign-in by encrypted JSON (its extension guacamole-auth-json): who comes, until when, and to what."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from deskbay.desktops.models import Clipboard
from deskbay.desktops.runtimes import TcpDisplay
from deskbay.gateway.guacd.handshake import limits_of

BLOCK_BITS = 128
NO_VECTOR = bytes(16)
"""Guacamole prescribes it: what comes first is the signature, which is never the same twice."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as Guacamole describes them: names of parameters in kebab-case, all values text."""

    protocol: str
    parameters: Mapping[str, str]

    @classmethod
    def to(cls, display: TcpDisplay, clipboard: Clipboard) -> "Connection":
        """Return the connection to a display, which holds its clipboard to a policy."""
        known = {"hostname": display.host, "port": str(display.port)}
        asked = {"username": display.username, "password": display.password}
        given = {name: value for name, value in asked.items() if value is not None}
        return cls(display.protocol.value, {**known, **given, **limits_of(clipboard)})


def ticket_json(username: str, expires_at: datetime, connections: Mapping[str, Connection]) -> bytes:
    """Return what is signed and encrypted."""
    document = {
        "username": username,
        "expires": int(expires_at.timestamp() * 1000),
        "connections": {
            name: {"protocol": connection.protocol, "parameters": dict(connection.parameters)}
            for name, connection in connections.items()
        },
    }
    return json.dumps(document, separators=(",", ":")).encode()


def seal(key: bytes, document: bytes) -> str:
    """Sign and encrypt with the key of 16 bytes that Guacamole has, too; as base64."""
    signature = hmac.new(key, document, hashlib.sha256).digest()
    padder = PKCS7(BLOCK_BITS).padder()
    padded = padder.update(signature + document) + padder.finalize()
    encryptor = Cipher(algorithms.AES128(key), modes.CBC(NO_VECTOR)).encryptor()
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
