"""A double of a device with passkeys: keys of its own, and signatures as Web Authentication has them (level 3)."""

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from os import urandom

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import JsonValue

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Fields = dict[str, str]


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """Makes a passkey for a person and uses it. What is untrue about it can be set."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    signatures: int = 0
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    owner: bytes = b""

    def make(self, options: dict[str, JsonValue]) -> dict[str, object]:
        """Answer `navigator.credentials.create`."""
        user = options["user"]
        assert isinstance(user, dict)
        self.owner = bytes_of(str(user["id"]))
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._public_key()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED) + attested}
        client_data = self._client_data("webauthn.create", options)
        return self._answer(
            {"clientDataJSON": text_of(client_data), "attestationObject": text_of(cbor2.dumps(statement))}
        )

    def use(self, options: dict[str, JsonValue]) -> dict[str, object]:
        """Answer `navigator.credentials.get`."""
        self.signatures += self.counts
        data, client_data = self._data(self.flags), self._client_data("webauthn.get", options)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": text_of(client_data),
                "authenticatorData": text_of(data),
                "signature": text_of(signature),
                "userHandle": text_of(self.owner),
            }
        )

    def _answer(self, response: Fields) -> dict[str, object]:
        name = text_of(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _client_data(self, kind: str, options: dict[str, JsonValue]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int) -> bytes:
        return sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.signatures)

    def _public_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
