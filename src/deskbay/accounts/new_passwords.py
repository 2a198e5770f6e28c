"""Passwords that people take: long enough, not known from break-ins, and kept as a hash."""

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from deskbay.accounts.breached import is_breached
from deskbay.accounts.passwords import hash_password
from deskbay.kit.problems import Problem

KNOWN = "This password is known from break-ins elsewhere, and is tried first. Take another: several words are best."

log = structlog.get_logger(__name__)


class NewPasswords:
    """Takes new passwords, with the file of hashes that is set, if any."""

    def __init__(self, breached: Path | None) -> None:
        self._breached = breached

    async def hash(self, password: str) -> str:
        """Return what is stored in place of a password. Raises Problem 422 for one that is known from break-ins."""
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


async def _new_passwords(connection: HTTPConnection) -> NewPasswords:
    new_passwords: NewPasswords = connection.app.state.new_passwords
    return new_passwords


NewPasswordsOfApp = Annotated[NewPasswords, Depends(_new_passwords)]
