"""Signing in by password."""

from http import HTTPStatus

from deskbay.accounts import passwords, service
from deskbay.accounts.attempts import FailedSignIns, network_of
from deskbay.accounts.models import User
from deskbay.accounts.schemas import SignInIn
from deskbay.database import Database
from deskbay.kit.problems import Problem


async def check_password(database: Database, failed: FailedSignIns, given: SignInIn, address: str) -> User:
    """Return the user whose password this is.

    It opens transactions of its own, for none may stay open while a password is hashed. An unknown user gets the
    same answer after the same time as a wrong password. Raises Problem 401, or 429 after too many failures.
    """
    password = given.password.get_secret_value()
    keys = (f"account {given.username.lower()}", f"address {network_of(address)}")
    async with failed.turn:
        failed.refuse_too_many(*keys)
        async with database.read() as db:
            user = await service.find_user(db, given.username)
        matches = await passwords.is_password(password, user.password_hash if user else None)
        if user is None or not matches:
            failed.record(*keys)
            raise Problem(HTTPStatus.UNAUTHORIZED, "Wrong username or password. Try again.", kind="wrong-credentials")
    await _renew_hash(database, user, password)
    return user


async def _renew_hash(database: Database, user: User, password: str) -> None:
    if user.password_hash and passwords.is_outdated(user.password_hash):
        renewed = await passwords.hash_password(password)
        async with database.write() as db:
            await service.replace_password_hash(db, user, renewed)


async def is_password_of(failed: FailedSignIns, user: User, password: str) -> bool:
    """Tell whether somebody who is signed in knows their password. Raises Problem 429 after too many failures.

    Like `check_password` it must not be called within a transaction.
    """
    key = f"account {user.username_key}"
    async with failed.turn:
        failed.refuse_too_many(key)
        matches = await passwords.is_password(password, user.password_hash)
        if not matches:
            failed.record(key)
        return matches
