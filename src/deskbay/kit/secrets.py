"""Random secrets, and the form in which they are kept."""

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    """Return 256 random bits as URL-safe text, 43 characters long."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret in hex: what is stored in its place.

    Only for secrets of full entropy; passwords go through Argon2.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
