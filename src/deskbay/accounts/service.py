"""The rules on users, their sign-ins and one-time links."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

import structlog
from sqlalchemy import CursorResult, Delete, Update, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.failures import SignInRefused
from deskbay.accounts.models import ApiToken, Identity, Login, Role, SignInLink, User
from deskbay.accounts.passkeys.models import Passkey
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.tokens import AccessClaims, RefreshToken, TokenIssuer, Tokens
from deskbay.database import emit
from deskbay.database.audit.circumstances import Actor, ActorKind, act_as
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.names import numbered
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

LINK_LIFETIME = timedelta(minutes=10)
FIRST_ADMINISTRATOR = "admin"
NAMELESS = "user"
LONGEST_START = 50
LONGEST_USERNAME = 64
SIGNED_OUT = "signed-out"
EVERYWHERE = 0
"""The subject of a `signed-out` event that is about every sign-in of its owner."""

LONGEST_PROGRAM = 300

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a sign-in comes from: the address and the browser or program, and the session at an OIDC provider.

    It is proven where the user has shown who they are, and not by a link alone.
    """

    address: str | None = None
    program: str | None = None
    identity_id: int | None = None
    provider_session: str | None = None
    is_proven: bool = False


NOWHERE = Visit()


async def create_user(
    db: AsyncSession, clock: Clock, new: NewUser, *, password_hash: str | None = None, role: Role = Role.USER
) -> User:
    """Add a user; without a password hash they sign in by links alone. Raises Problem 409 when a name is taken."""
    user = User(
        uuid=uuid4(),
        username=new.username,
        email=new.email,
        full_name=new.full_name,
        password_hash=password_hash,
        role=role,
        created_at=clock.now(),
    )
    try:
        async with db.begin_nested():
            db.add(user)
    except IntegrityError as error:
        raise await _taken(db, new) from error
    return user


async def _taken(db: AsyncSession, new: NewUser) -> Problem:
    named_so = await db.scalar(select(User.id).where(User.username_key == new.username.lower()))
    what = f"username “{new.username}”" if named_so else f"e-mail address {new.email}"
    return Problem(HTTPStatus.CONFLICT, f"The {what} is taken. Choose another, or sign in.", kind="taken")


async def free_username(db: AsyncSession, wish: str) -> str:
    """Return a username that nobody has: the wish, without what can't be in one, and a number if need be."""
    start = re.sub(r"[^A-Za-z0-9._-]", "", wish)[:LONGEST_START] or NAMELESS
    alike = select(User.username_key).where(User.username_key.startswith(start.lower(), autoescape=True))
    taken = set(await db.scalars(alike))
    return next(name for name in numbered(start, LONGEST_USERNAME, "-") if name.lower() not in taken)


async def first_administrator(db: AsyncSession, clock: Clock) -> User:
    """Return the first of the administrators who may sign in; where there is none, make one without a password.

    Raises Problem 409 when there is none and someone else has the name.
    """
    administrators = select(User).where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
    there: User | None = await db.scalar(administrators.order_by(User.id).limit(1))
    return there or await create_user(db, clock, NewUser(username=FIRST_ADMINISTRATOR), role=Role.ADMINISTRATOR)


async def find_user(db: AsyncSession, name: str) -> User | None:
    """Return the user of that username or e-mail address, in capitals or not."""
    column = User.email if "@" in name else User.username_key
    user: User | None = await db.scalar(select(User).where(column == name.lower()))
    return user


async def has_way_in(db: AsyncSession, user: User) -> bool:
    """Tell whether a person can sign in to an account by themselves: by a password, elsewhere, or with a passkey."""
    ways = (exists().where(table.user_id == user.id) for table in (Identity, Passkey))
    return user.password_hash is not None or bool(await db.scalar(select(or_(*ways))))


async def replace_password_hash(db: AsyncSession, user: User, password_hash: str) -> None:
    """Store a new hash, unless the one that the user had is gone meanwhile."""
    unchanged = (User.id == user.id) & (User.password_hash == user.password_hash)
    await db.execute(update(User).where(unchanged).values(password_hash=password_hash))


def refuse_disabled(user: User) -> None:
    """Raise Problem 403 for people whom an administrator has disabled, or whose address is to be verified first."""
    if user.unconfirmed_until is not None:
        what = "Your address is not verified yet. Open the link in the mail that we sent you."
        raise SignInRefused(HTTPStatus.FORBIDDEN, what, kind="unconfirmed", account=user.username_key)
    if user.disabled_at is not None:
        what = "This account is disabled. Ask an administrator why."
        raise SignInRefused(HTTPStatus.FORBIDDEN, what, kind="disabled", account=user.username_key)


async def issue_tokens(db: AsyncSession, issuer: TokenIssuer, user: User, visit: Visit = NOWHERE) -> Tokens:
    """Sign the user in at one more browser or program. Raises Problem 403 when the user is disabled."""
    refuse_disabled(user)
    return await begin_login(db, issuer, user, visit)


async def begin_login(db: AsyncSession, issuer: TokenIssuer, user: User, visit: Visit) -> Tokens:
    """Sign the user in, though it be that they are disabled: their tokens are good for nothing as long as they are."""
    act_as(Actor(ActorKind.PERSON, user.id))
    now = issuer.clock.now()
    family, secret = new_secret(), new_secret()
    login = Login(
        user_id=user.id,
        family_digest=digest(family),
        refresh_digest=digest(secret),
        created_at=now,
        expires_at=issuer.end_of(now),
        seen_at=now,
        proven_at=now if visit.is_proven else None,
        address=visit.address,
        program=visit.program and visit.program[:LONGEST_PROGRAM],
        identity_id=visit.identity_id,
        provider_session=visit.provider_session,
    )
    db.add(login)
    await db.flush()
    return _tokens(issuer, user, RefreshToken(login.id, family, secret), login.expires_at)


async def rotate_tokens(db: AsyncSession, issuer: TokenIssuer, refresh: str) -> tuple[User, Tokens] | None:
    """Return the user of a refresh token and the tokens that follow it; None when it isn't good.

    A token that was used before ends its sign-in, because someone has a copy: commit also when this returns None.
    """
    token = RefreshToken.parse(refresh)
    login = await _login_of(db, token) if token else None
    if not token or not login or login.ended_at or login.expires_at <= issuer.clock.now():
        return None
    following = token.successor()
    newest = (Login.id == login.id) & (Login.refresh_digest == token.digest) & Login.ended_at.is_(None)
    ends = issuer.end_of(login.created_at)
    renewed = {"refresh_digest": following.digest, "expires_at": ends, "seen_at": issuer.clock.now()}
    if not await changes_row(db, update(Login).where(newest).values(renewed)):
        await _end_reused(db, issuer, login)
        return None
    return login.user, _tokens(issuer, login.user, following, ends)


async def is_refresh_expired(db: AsyncSession, clock: Clock, refresh: str) -> bool:
    """Tell whether a refresh token was good until it was not used for too long."""
    token = RefreshToken.parse(refresh)
    login = await _login_of(db, token) if token else None
    return login is not None and login.ended_at is None and login.expires_at <= clock.now()


async def _login_of(db: AsyncSession, token: RefreshToken) -> Login | None:
    family = (Login.id == token.login_id) & (Login.family_digest == token.family_digest)
    login: Login | None = await db.scalar(select(Login).where(family).options(joinedload(Login.user)))
    return login


async def _end_reused(db: AsyncSession, issuer: TokenIssuer, login: Login) -> None:
    await end_login(db, issuer.clock, login.id)
    log.warning("refresh token used twice, sign-in ended", login=login.id, user=login.user_id)


async def end_login(db: AsyncSession, clock: Clock, login_id: int) -> None:
    """Sign out one browser or program."""
    login = await db.get(Login, login_id)
    if login and login.ended_at is None:
        login.ended_at = clock.now()
        emit(db, Event(SIGNED_OUT, login.id, login.user_id))


async def end_every_login(db: AsyncSession, clock: Clock, user: User) -> None:
    """Sign the user out everywhere, and make the links that were not used yet useless."""
    going_on = (Login.user_id == user.id) & Login.ended_at.is_(None)
    await db.execute(update(Login).where(going_on).values(ended_at=clock.now()))
    await db.execute(delete(SignInLink).where(SignInLink.user_id == user.id))
    emit(db, Event(SIGNED_OUT, EVERYWHERE, user.id))


def is_signed_out(change: Event, user: User, login_id: int) -> bool:
    """Tell whether an event says that a user has signed out at a sign-in."""
    return change.name == SIGNED_OUT and change.owner == user.id and change.subject in {login_id, EVERYWHERE}


def login_of_token(token_id: int) -> int:
    """Return the number under which an API token counts as a sign-in: below zero, where no other is."""
    return -token_id


async def find_signed_in(db: AsyncSession, claims: AccessClaims) -> User | None:
    """Return the user of an access token, unless they have signed out since or are disabled."""
    if claims.login_id < 0:
        good = (ApiToken.id == -claims.login_id) & ApiToken.revoked_at.is_(None) & User.disabled_at.is_(None)
        of_token = select(User).join(ApiToken, ApiToken.user_id == User.id).where(good, User.id == claims.user_id)
        return (await db.scalars(of_token)).one_or_none()
    going_on = (Login.id == claims.login_id) & Login.ended_at.is_(None) & User.disabled_at.is_(None)
    user: User | None = await db.scalar(select(User).join(Login).where(going_on, User.id == claims.user_id))
    return user


async def create_sign_in_link(db: AsyncSession, clock: Clock, user: User) -> str:
    """Return the token of a link that signs the user in once, within ten minutes."""
    now = clock.now()
    await db.execute(delete(SignInLink).where(SignInLink.user_id == user.id, SignInLink.expires_at <= now))
    token = new_secret()
    db.add(SignInLink(user_id=user.id, digest=digest(token), expires_at=now + LINK_LIFETIME))
    await db.flush()
    return token


async def use_sign_in_link(db: AsyncSession, clock: Clock, token: str) -> User | None:
    """Return whom a link signs in and use the link up; None when it isn't good."""
    unused = (SignInLink.digest == digest(token)) & (SignInLink.expires_at > clock.now())
    link = await db.scalar(select(SignInLink).where(unused).options(joinedload(SignInLink.user)))
    if link is None or not await changes_row(db, delete(SignInLink).where(SignInLink.id == link.id)):
        return None
    user: User = link.user
    return user


def _tokens(issuer: TokenIssuer, user: User, refresh: RefreshToken, ends: datetime) -> Tokens:
    left = ends - issuer.clock.now()
    lifetime = min(issuer.access_lifetime, left)
    access = issuer.sign(AccessClaims(user.id, refresh.login_id), lifetime)
    return Tokens(access, str(refresh), int(lifetime.total_seconds()), int(left.total_seconds()))


async def changes_row(db: AsyncSession, statement: Update | Delete) -> bool:
    """Tell whether a statement has changed one row, and nobody else was quicker."""
    result = await db.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101 - what changes rows has a cursor
    return result.rowcount == 1
