"""Signing in by password."""

from http import HTTPStatus

from deskbay.accounts import passwords, service
from deskbay.accounts.attempts import Attempt, Attempts
from deskbay.accounts.models import User
from deskbay.accounts.schemas import SignInIn
from deskbay.database import Database
from deskbay.kit.problems import Problem


async def check_password(database: Database, attempts: Attempts, given: SignInIn, address: str) -> User:
    """Return the user whose password this is.

    It opens transactions of its own, for none may stay open while a password is hashed. An unknown user gets the
    same answer after the same time as a wrong password. Raises Problem 401, or 429 after too many failures.
    """
    password = given.password.get_secret_value()
    async with attempts.turn:
        async with database.read() as db:
            user = await service.find_user(db, given.username)
        name = user.username_key if user else given.username
        async with attempts.guess(Attempt.SIGN_IN, account=name, address=address):
            matches = await passwords.is_password(password, user.password_hash if user else None)
            if user is None or not matches:
                what = "Wrong username or password. Try again."
                raise Problem(HTTPStatus.UNAUTHORIZED, what, kind="wrong-credentials")
    await _renew_hash(database, user, password)
    return user


async def _renew_hash(database: Database, user: User, password: str) -> None:
    if user.password_hash and passwords.is_outdated(user.password_hash):
        renewed = await passwords.hash_password(password)
        async with database.write() as db:
            await service.replace_password_hash(db, user, renewed)


async def is_password_of(attempts: Attempts, user: User, password: str) -> bool:
    """Tell whether somebody who is signed in knows their password. Raises Problem 429 after too many failures.

    Like `check_password` it must not be called within a transaction.
    """
    async with attempts.turn:
        await attempts.refuse(Attempt.PASSWORD, account=user.username_key)
        matches = await passwords.is_password(password, user.password_hash)
        if not matches:
            await attempts.count(Attempt.PASSWORD, account=user.username_key)
        return matches
