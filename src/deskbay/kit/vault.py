"""Secrets at rest: sealed before they are written to the database, opened where they are used."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from fastapi import Depends
from starlette.requests import HTTPConnection

from deskbay.kit.refusals import Refusal
from deskbay.kit.secrets import kept_text, replace_text

LOST = "Put back the one that was there: without it the secrets in the database have to be entered anew."


class WrongKey(Exception):
    """A secret was sealed with a key that this server does not have."""


def new_key() -> str:
    """Return a random key: 32 bytes as URL-safe text."""
    return Fernet.generate_key().decode()


class Vault:
    """Seals with the first of its keys, and opens with each: the newest comes first. ValueError for what is no key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._ring = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secret: str) -> str:
        """Return text that tells nothing to who has no key, and can't be changed unnoticed."""
        return self._ring.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed. Raises WrongKey."""
        try:
            return self._ring.decrypt(sealed).decode()
        except InvalidToken as error:
            raise WrongKey(f"A secret was sealed with another key. {LOST}") from error

    def reseal(self, sealed: str) -> str:
        """Return it sealed with the newest key. Raises WrongKey."""
        try:
            return self._ring.rotate(sealed).decode()
        except InvalidToken as error:
            raise WrongKey(f"A secret was sealed with another key. {LOST}") from error


def kept_keys(path: Path) -> list[str]:
    """Return the keys in a file that only its owner may read, a line each, newest first; made with one where it lacks.

    Raises Refusal when the file can't be made, read or understood.
    """
    keys = kept_text(path, new_key, LOST).split()
    try:
        Vault(keys)
    except ValueError as error:
        raise Refusal(f"The file {path} has a line that is no key. {LOST}", kind="secret-key") from error
    return keys


def keep_keys(path: Path, keys: Sequence[str]) -> None:
    """Put keys in place of those in a file, in one step."""
    replace_text(path, "".join(f"{key}\n" for key in keys))


async def _vault(connection: HTTPConnection) -> Vault:
    vault: Vault = connection.app.state.vault
    return vault


VaultOfApp = Annotated[Vault, Depends(_vault)]
