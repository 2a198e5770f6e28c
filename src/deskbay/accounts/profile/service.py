"""The rules on what people change of their own accounts."""

from collections.abc import Sequence
from http import HTTPStatus

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.attempts import Attempts
from deskbay.accounts.ldap.service import is_of_directory
from deskbay.accounts.models import Identity, Login, User
from deskbay.accounts.profile.schemas import ProfileIn
from deskbay.accounts.service import end_login
from deskbay.accounts.sign_in import is_password_of
from deskbay.database.unique import unless_taken
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem


async def change_profile(db: AsyncSession, user: User, wish: ProfileIn) -> None:
    """Make of an account what is wished. A new address has to be verified anew.

    Raises Problem 409 when it is taken, or a directory keeps theirs.
    """
    if "email" in wish.model_fields_set and wish.email != user.email and await is_of_directory(db, user):
        what = "Your e-mail address is kept in the directory of your school or firm. Change it there."
        raise Problem(HTTPStatus.CONFLICT, what, kind="kept-elsewhere")
    for name in wish.model_fields_set - {"password"}:
        if name == "email" and user.email != wish.email:
            user.email_verified_at = None
        setattr(user, name, getattr(wish, name))
    async with unless_taken(db, f"The e-mail address {wish.email} belongs to another account. Take another."):
        db.add(user)


async def check_own_password(attempts: Attempts, user: User, given: SecretStr | None) -> None:
    """Raise Problem 403 unless it is the user's password, 429 after too many failures. Without one all is well."""
    if user.password_hash is None:
        return
    if not await is_password_of(attempts, user, given.get_secret_value() if given else ""):
        raise Problem(HTTPStatus.FORBIDDEN, "That is not your password. Try again.", kind="wrong-password")


async def refuse_kept_elsewhere(db: AsyncSession, user: User) -> None:
    """Raise Problem 409 for people whose password a directory keeps: one of ours would not count."""
    if await is_of_directory(db, user):
        what = "Your password is kept in the directory of your school or firm. Change it there."
        raise Problem(HTTPStatus.CONFLICT, what, kind="kept-elsewhere")


async def list_logins(db: AsyncSession, clock: Clock, user: User) -> Sequence[Login]:
    """Return where a user is signed in, last seen first."""
    going_on = (Login.user_id == user.id) & Login.ended_at.is_(None) & (Login.expires_at > clock.now())
    return (await db.scalars(select(Login).where(going_on).order_by(Login.seen_at.desc(), Login.id.desc()))).all()


async def end_own_login(db: AsyncSession, clock: Clock, user: User, login_id: int) -> None:
    """Sign a user out somewhere. Raises Problem 404 when they are not signed in there."""
    if login_id not in {login.id for login in await list_logins(db, clock, user)}:
        what = "You are not signed in there any more. GET /api/v1/profile/sign-ins lists where you are."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-sign-in")
    await end_login(db, clock, login_id)


async def end_other_logins(db: AsyncSession, clock: Clock, user: User, login_id: int) -> None:
    """Sign a user out everywhere but there."""
    for login in await list_logins(db, clock, user):
        if login.id != login_id:
            await end_login(db, clock, login.id)


async def issuers_of(db: AsyncSession, user: User) -> set[str]:
    """Return the issuers at which a user is known."""
    return set(await db.scalars(select(Identity.issuer).where(Identity.user_id == user.id)))
