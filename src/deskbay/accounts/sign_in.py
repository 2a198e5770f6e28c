"""Signing in by password: one that is kept here, or one of a directory."""

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from deskbay.accounts import passwords, service
from deskbay.accounts.attempts import Attempt, Attempts
from deskbay.accounts.failures import SignInRefused
from deskbay.accounts.ldap.service import account_of, is_of_directory
from deskbay.accounts.models import User
from deskbay.accounts.schemas import SignInIn
from deskbay.accounts.second_step.service import needed_step
from deskbay.database import Database
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

if TYPE_CHECKING:  # its library is slow to import, and few have a directory
    from deskbay.accounts.ldap.directory import Directory


@dataclass(frozen=True, slots=True)
class PasswordSignIns:
    """Tells whose passwords are right. Like hashing, it must not be called within a transaction."""

    database: Database
    attempts: Attempts
    clock: Clock
    settings: Settings
    directory: "Directory | None"

    async def check(self, given: SignInIn, address: str) -> User:
        """Return the user whose password this is, who may have to take a second step yet.

        An unknown user gets the same answer after the same time as a wrong password, where there is no directory.
        Raises Problem 401, 429 after too many failures, 503 when the directory is away that has to be asked.
        """
        async with self.database.read() as db:
            user = await service.find_user(db, given.username)
            is_elsewhere = self.directory is not None and (
                user is None or user.password_hash is None or await is_of_directory(db, user)
            )
        if self.directory is not None and is_elsewhere:
            found = await self._check_elsewhere(self.directory, given, user, address)
        else:
            found = await self._check_here(given, user, address)
        await self._tell_if_disabled(found)
        return found

    async def check_alone(self, given: SignInIn, address: str) -> User:
        """Return the same for clients that can't ask for a code.

        Accounts that need one are refused and counted as with a wrong password: who has guessed it learns nothing.
        """
        user = await self.check(given, address)
        async with self.attempts.guess(Attempt.SIGN_IN, account=user.username_key, address=address):
            async with self.database.read() as db:
                try:
                    step = await needed_step(db, self.settings, user)
                except Problem as problem:
                    raise _wrong() from problem
            if step is not None:
                raise _wrong()
        return user

    async def _check_here(self, given: SignInIn, user: User | None, address: str) -> User:
        password = given.password.get_secret_value()
        name = user.username_key if user else given.username
        async with self.attempts.turn, self.attempts.guess(Attempt.SIGN_IN, account=name, address=address):
            matches = await passwords.is_password(password, user.password_hash if user else None)
            if user is None or not matches:
                raise _wrong()
        await self._renew_hash(user, password)
        return user

    async def _check_elsewhere(self, directory: "Directory", given: SignInIn, user: User | None, address: str) -> User:
        """Ask the directory, which may take long: without a turn, so that nobody else waits for it."""
        whose = {"account": user.username_key if user else given.username, "address": address}
        await self.attempts.count(Attempt.SIGN_IN, **whose)
        name = user.username if user and "@" in given.username else given.username
        person = await directory.find(name, given.password.get_secret_value())
        if person is None:
            wrong = _wrong()
            await self.attempts.tell(Attempt.SIGN_IN, whose["account"], wrong.kind)
            raise wrong
        await self.attempts.forgive(Attempt.SIGN_IN, **whose)
        async with self.attempts.told(Attempt.SIGN_IN, account=whose["account"]), self.database.write() as db:
            return await account_of(db, self.clock, directory.config, person)

    async def _tell_if_disabled(self, user: User) -> None:
        """Have the audit tell that somebody may not come in; who lets people in refuses them."""
        with suppress(SignInRefused):
            async with self.attempts.told(Attempt.SIGN_IN):
                service.refuse_disabled(user)

    async def _renew_hash(self, user: User, password: str) -> None:
        if user.password_hash and passwords.is_outdated(user.password_hash):
            renewed = await passwords.hash_password(password)
            async with self.database.write() as db:
                await service.replace_password_hash(db, user, renewed)


def _wrong() -> Problem:
    what = "Wrong username or password. Try again."
    return Problem(HTTPStatus.UNAUTHORIZED, what, kind="wrong-credentials")


async def is_password_of(attempts: Attempts, user: User, password: str) -> bool:
    """Tell whether somebody who is signed in knows their password. Raises Problem 429 after too many failures.

    It must not be called within a transaction.
    """
    async with attempts.turn:
        await attempts.refuse(Attempt.PASSWORD, account=user.username_key)
        matches = await passwords.is_password(password, user.password_hash)
        if not matches:
            await attempts.count(Attempt.PASSWORD, account=user.username_key, why="wrong-password")
        return matches


async def _sign_ins(connection: HTTPConnection) -> PasswordSignIns:
    state = connection.app.state
    return PasswordSignIns(state.database, state.attempts, state.clock, state.settings, state.directory)


PasswordSignInsOfApp = Annotated[PasswordSignIns, Depends(_sign_ins)]
