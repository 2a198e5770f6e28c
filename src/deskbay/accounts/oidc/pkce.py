"""What binds the steps of a sign-in to each other (RFC 7636). Nothing of it has to be stored."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bindings:
    """The nonce and the code verifier that belong to a state: only who has the server's key can tell them."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def of(cls, state: str, key: str) -> "Bindings":
        return cls(*(_text(hmac.digest(key.encode(), f"oidc {part} {state}".encode(), "sha256")) for part in PARTS))


PARTS = ("nonce", "verifier")


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a code verifier."""
    return _text(hashlib.sha256(verifier.encode()).digest())


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
