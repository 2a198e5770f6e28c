"""The rules on links in mails."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.mail.languages import MailLanguage, mail_language
from deskbay.accounts.mail.postman import Postman
from deskbay.accounts.models import MailLink, MailPurpose, User
from deskbay.accounts.profile.service import refuse_kept_elsewhere
from deskbay.accounts.service import changes_row, end_every_login, find_user
from deskbay.database import Database
from deskbay.kit.clock import Clock
from deskbay.kit.secrets import digest, new_secret

LIFETIMES = {MailPurpose.VERIFY_ADDRESS: timedelta(days=1), MailPurpose.RESET_PASSWORD: timedelta(minutes=30)}
PAGES = {MailPurpose.VERIFY_ADDRESS: "/verify", MailPurpose.RESET_PASSWORD: "/new-password"}
MOST_AN_HOUR = 3

PathOf = Callable[[str, str], str]
"""Gives the path that a link has, of an address and a secret."""


async def send_link(  # noqa: PLR0917 - who, by what, and what for
    database: Database,
    clock: Clock,
    postman: Postman,
    user_id: int,
    purpose: MailPurpose,
    browser: MailLanguage,
    path_of: PathOf | None = None,
) -> None:
    """Send a link to the user's address, to our own page unless another path is told.

    The mail is in the user's language, or in the browser's where they have chosen none.
    It sends nothing when they have no address, are disabled, or got three within the hour.
    """
    async with database.write() as db:
        user = await db.get_one(User, user_id)
        secret = await _create_link(db, clock, user, purpose)
    if secret is not None and user.email is not None:
        path = path_of(user.email, secret) if path_of else f"{PAGES[purpose]}#{secret}"
        language = mail_language(user.language) if user.language else browser
        await postman.send(purpose, language, user, user.email, path)


async def send_reset(database: Database, clock: Clock, postman: Postman, email: str, browser: MailLanguage) -> None:
    """Send a link for another password to an address, if it belongs to anybody."""
    async with database.read() as db:
        user = await find_user(db, email)
    if user is not None:
        await send_link(database, clock, postman, user.id, MailPurpose.RESET_PASSWORD, browser)


async def use_link(db: AsyncSession, clock: Clock, purpose: MailPurpose, secret: str) -> User | None:
    """Return whose link it is and use it up; None when it isn't good, or the address is another one meanwhile."""
    good = (MailLink.digest == digest(secret)) & (MailLink.purpose == purpose) & (MailLink.expires_at > clock.now())
    link = await db.scalar(select(MailLink).where(good).options(joinedload(MailLink.user)))
    if link is None or not await changes_row(db, delete(MailLink).where(MailLink.id == link.id)):
        return None
    user: User = link.user
    return user if user.email == link.email and _may_use(user, purpose) else None


def _may_use(user: User, purpose: MailPurpose) -> bool:
    confirms = purpose is MailPurpose.VERIFY_ADDRESS and user.unconfirmed_until is not None
    return user.disabled_at is None or confirms


async def verify_address(db: AsyncSession, clock: Clock, secret: str) -> User | None:
    """Return whose address is verified by a link, which is used up; None when it isn't good.

    An account that waited for this is open from now on.
    """
    user = await use_link(db, clock, MailPurpose.VERIFY_ADDRESS, secret)
    if user is None:
        return None
    user.email_verified_at = clock.now()
    if user.unconfirmed_until is not None:
        user.disabled_at = user.unconfirmed_until = None
    return user


async def take_password(db: AsyncSession, clock: Clock, user: User, password_hash: str) -> None:
    """Give a user another password, by way of their mail: the address is verified by that. They are out everywhere.

    Raises Problem 409 for people whose password a directory keeps.
    """
    await refuse_kept_elsewhere(db, user)
    user.password_hash = password_hash
    user.email_verified_at = user.email_verified_at or clock.now()
    await db.execute(delete(MailLink).where(MailLink.user_id == user.id))
    await end_every_login(db, clock, user)


async def _create_link(db: AsyncSession, clock: Clock, user: User, purpose: MailPurpose) -> str | None:
    now = clock.now()
    theirs = (MailLink.user_id == user.id) & (MailLink.purpose == purpose)
    await db.execute(delete(MailLink).where(theirs, MailLink.created_at <= now - timedelta(days=1)))
    lately = select(func.count()).select_from(MailLink).where(theirs, MailLink.created_at > now - timedelta(hours=1))
    if user.email is None or not _may_use(user, purpose) or (await db.scalar(lately) or 0) >= MOST_AN_HOUR:
        return None
    secret = new_secret()
    link = MailLink(user_id=user.id, purpose=purpose, email=user.email, digest=digest(secret), created_at=now)
    link.expires_at = now + LIFETIMES[purpose]
    db.add(link)
    return secret
