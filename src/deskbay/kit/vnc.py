"""Passwords of VNC servers: RFB's authentication by challenge (RFC 6143, 7.2.2), and the file that servers read."""

import secrets

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

LONGEST_PASSWORD = 8
"""Bytes. VNC servers look at no more."""
_KEY_OF_FILES = bytes([23, 82, 107, 6, 35, 78, 88, 7])
"""Every VNC server's: it hides a password from a glance, from nobody else."""
_REPEATS = 3
"""Three times the same key make of triple DES the plain one, which VNC prescribes."""


def new_password() -> str:
    """Return a random password of 48 bits, the most that VNC servers look at as text."""
    return secrets.token_urlsafe(LONGEST_PASSWORD * 3 // 4)


def answer(password: str, challenge: bytes) -> bytes:
    """Return the answer to a server's challenge of 16 bytes."""
    return _encrypt(_padded(password), challenge)


def password_file(password: str) -> bytes:
    """Return the file from which a VNC server takes a password."""
    return _encrypt(_KEY_OF_FILES, _padded(password))


def _padded(password: str) -> bytes:
    return password.encode()[:LONGEST_PASSWORD].ljust(LONGEST_PASSWORD, b"\0")


def _encrypt(key: bytes, blocks: bytes) -> bytes:
    # Whose DES VNC took first counted the bits of a key from the other end.
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    encryptor = Cipher(TripleDES(mirrored * _REPEATS), modes.ECB()).encryptor()  # noqa: S305 - VNC prescribes it
    return encryptor.update(blocks) + encryptor.finalize()
