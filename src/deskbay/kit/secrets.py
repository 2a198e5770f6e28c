"""Random secrets, the form in which they are stored, and the key that the server signs with."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deskbay.kit.refusals import Refusal

SECRET_BYTES = 32
KEY_LENGTH = 43
OTHERS = 0o077
ANEW = "Delete it and start again: a new one is made, and everyone has to sign in anew."


def new_secret() -> str:
    """Return 256 random bits as URL-safe text, 43 characters long."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret in hex: what is stored in its place.

    Only for secrets of full entropy; passwords go through Argon2.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def kept_secret(path: Path) -> str:
    """Return the secret in a file that only its owner may read. Where there is no file, one is made.

    Raises Refusal when the file can't be made or read, when others may read it, or when it is too short.
    """
    return kept_text(path, new_secret, ANEW)


def kept_text(path: Path, make: Callable[[], str], remedy: str) -> str:
    """Return what a file has that only its owner may read, or what `make` gave where there was none.

    Raises Refusal, with the remedy, when the file can't be made or read, when others may read it, or when it is shorter
    than a secret.
    """
    try:
        if not path.exists():
            with _draft_of(path, make()) as draft, suppress(FileExistsError):
                os.link(draft, path)  # else another process was quicker: its secret is the one
        mode = path.stat().st_mode
        text = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        what = f"The secret key {path} can't be used ({error})."
        raise Refusal(f"{what} Give it and its folder to the user who runs Deskbay.", kind="secret-key") from error
    if mode & OTHERS:
        raise Refusal(f"The secret key {path} can be read by others. {remedy}", kind="secret-key")
    if len(text) < KEY_LENGTH:
        raise Refusal(f"The secret key {path} is shorter than {KEY_LENGTH} characters. {remedy}", kind="secret-key")
    return text


def replace_text(path: Path, text: str) -> None:
    """Put text in place of a file that only its owner may read, in one step."""
    with _draft_of(path, text) as draft:
        draft.replace(path)


@contextmanager
def _draft_of(path: Path, text: str) -> Iterator[Path]:
    """A file beside another, on disk, gone afterwards unless it was moved."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
