"""Passwords that people take: long enough, not known from break-ins, no word of the place, and kept as a hash."""

import asyncio
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from deskbay.accounts.breached import is_breached
from deskbay.accounts.passwords import hash_password
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

KNOWN = "This password is known from break-ins elsewhere, and is tried first. Take another: several words are best."
NEAR = "Everybody here thinks of this password: it is what the place is called. Take another: several words are best."
PRODUCT = "deskbay"

log = structlog.get_logger(__name__)


class NewPasswords:
    """Takes new passwords, with the file of hashes that is set, if any."""

    def __init__(self, settings: Settings) -> None:
        self._breached = settings.breached_passwords
        self._words = {PRODUCT, *(settings.public_host or PRODUCT).split(".")}

    async def hash(self, password: str) -> str:
        """Return what is stored in place of a password.

        Raises Problem 422 for one that is known from break-ins, or a word of the place with digits and signs around it.
        """
        if _letters(password) in self._words:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, NEAR, kind="word-of-the-place")
        if await asyncio.to_thread(self._is_known, password):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, KNOWN, kind="known-password")
        return await hash_password(password)

    def _is_known(self, password: str) -> bool:
        try:
            return is_breached(password, self._breached)
        except OSError as error:
            log.exception("the file of breached passwords can't be read", file=str(self._breached))
            what = "New passwords can't be checked right now, so none is taken. Ask an administrator to read the log."
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, kind="no-password-list") from error


def _letters(password: str) -> str:
    """Return a password's letters: what is left of it once digits and signs are tried."""
    return "".join(letter for letter in password.lower() if letter.isalpha())


async def _new_passwords(connection: HTTPConnection) -> NewPasswords:
    new_passwords: NewPasswords = connection.app.state.new_passwords
    return new_passwords


NewPasswordsOfApp = Annotated[NewPasswords, Depends(_new_passwords)]
