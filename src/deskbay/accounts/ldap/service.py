"""The rules on people of a directory: whose account theirs is."""

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts import service as accounts
from deskbay.accounts.ldap.person import Person
from deskbay.accounts.models import ApiToken, Identity, Role, User
from deskbay.accounts.oidc import groups
from deskbay.accounts.oidc.service import add_identity, key_of
from deskbay.accounts.schemas import Email, FullName, NewUser
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.sign_in_places import LdapDirectory

if TYPE_CHECKING:  # its library is slow to import, and few have a directory
    from deskbay.accounts.ldap.directory import Directory

EMAILS: TypeAdapter[str] = TypeAdapter(Email)
FULL_NAMES: TypeAdapter[str] = TypeAdapter(FullName)
ISSUERS = re.compile(r"^ldaps?://")


def open_directory(config: LdapDirectory) -> "Directory":
    """Return a directory to ask."""
    from deskbay.accounts.ldap.directory import Directory

    return Directory(config)


def issuer_of(config: LdapDirectory) -> str:
    """Return what a directory is called in identities: its address and the part that is searched."""
    return f"{config.url.rstrip('/')}/{config.base}"


async def is_of_directory(db: AsyncSession, user: User) -> bool:
    """Tell whether a directory keeps a user's password."""
    issuers = await db.scalars(select(Identity.issuer).where(Identity.user_id == user.id))
    return any(ISSUERS.match(issuer) for issuer in issuers)


async def account_of(db: AsyncSession, clock: Clock, config: LdapDirectory, person: Person) -> User:
    """Return the account of somebody whom the directory knows, made if that is set; with their name, mail and groups.

    Raises Problem 403 for people without an account.
    """
    known = select(Identity).where(Identity.key == key_of(issuer_of(config), person.id))
    identity = await db.scalar(known.options(joinedload(Identity.user)))
    user: User = identity.user if identity else await _first_sign_in(db, clock, config, person)
    await _take_over(db, clock, user, person)
    await groups.follow(db, user, config.groups, person.groups)
    return user


async def _first_sign_in(db: AsyncSession, clock: Clock, config: LdapDirectory, person: Person) -> User:
    user = await accounts.find_user(db, person.username)
    if user is not None and not await _waits_for_them(db, user):
        what = f"The user name {user.username} belongs to another account here. Ask an administrator to rename that."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="taken")
    if user is None and not config.makes_accounts:
        what = f"You have no account here yet. {config.title} knows you: ask an administrator to make one."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="unknown-person")
    if user is None:
        username = await accounts.free_username(db, person.username)
        user = await accounts.create_user(db, clock, NewUser(username=username))
    await add_identity(db, clock, user, issuer_of(config), person.id)
    return user


async def _waits_for_them(db: AsyncSession, user: User) -> bool:
    """Tell whether an account is one that a lab computer made: nobody has a way in, nor does it let do more."""
    is_service = await db.scalar(select(exists().where(ApiToken.user_id == user.id)))
    return user.role is not Role.ADMINISTRATOR and not is_service and not await accounts.has_way_in(db, user)


async def _take_over(db: AsyncSession, clock: Clock, user: User, person: Person) -> None:
    """Take name and mail from the directory, where they can be taken, and nobody else has that address."""
    user.full_name = _valid(FULL_NAMES, person.full_name) or user.full_name
    email = _valid(EMAILS, person.email)
    if email is not None and email != user.email and await accounts.find_user(db, email) is None:
        user.email, user.email_verified_at = email, clock.now()


def _valid(kind: TypeAdapter[str], text: str | None) -> str | None:
    try:
        return kind.validate_python(text)
    except ValidationError:
        return None
