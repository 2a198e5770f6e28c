"""Who is asking, and whether they may."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from deskbay.accounts import service
from deskbay.accounts.api_tokens.scopes import refuse_beyond
from deskbay.accounts.api_tokens.service import PREFIX, find_token
from deskbay.accounts.api_tokens.uses import TokenUses
from deskbay.accounts.cookies import ACCESS, access_cookie
from deskbay.accounts.models import Role, User
from deskbay.accounts.tokens import AccessClaims, TokenIssuer
from deskbay.database import SAFE_METHODS, Database, DatabaseOfApp, Transaction
from deskbay.database.audit.circumstances import Actor, ActorKind, act_as
from deskbay.kit.problems import Problem
from deskbay.settings import Settings


class Credential(StrEnum):
    """How a caller shows who they are."""

    BEARER = "bearer"
    COOKIE = "cookie"
    TOKEN = "token"  # noqa: S105 - a kind of credential


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user, at which sign-in, and how they showed it. Tokens count as sign-ins: see `login_of_token`."""

    user: User
    login_id: int
    credential: Credential


async def authenticate(connection: HTTPConnection, db: AsyncSession) -> Caller | None:
    """Return who is asking by HTTP or WebSocket; None when nobody is signed in.

    It doesn't look where a cookie was sent from: see `same_origin`. Raises Problem 403 for an API token whose scopes
    don't reach so far.
    """
    token, credential = _presented(connection)
    if token.startswith(PREFIX):
        return await _by_token(connection, db, token)
    issuer: TokenIssuer = connection.app.state.token_issuer
    claims = issuer.verify(token)
    user = claims and await service.find_signed_in(db, claims)
    if user:
        act_as(Actor(ActorKind.PERSON, user.id))
    return Caller(user, claims.login_id, credential) if claims and user else None


async def _by_token(connection: HTTPConnection, db: AsyncSession, secret: str) -> Caller | None:
    state = connection.app.state
    token = await find_token(db, state.clock, secret)
    if token is None:
        return None
    refuse_beyond(connection, token.scopes.split())
    uses: TokenUses = state.token_uses
    uses.note(token.id)
    act_as(Actor(ActorKind.TOKEN, token.user_id, token.id))
    return Caller(token.user, service.login_of_token(token.id), Credential.TOKEN)


def _presented(connection: HTTPConnection) -> tuple[str, Credential]:
    header = connection.headers.get("authorization")
    if header is None:
        return access_cookie(connection), Credential.COOKIE
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else "", Credential.BEARER


def same_origin(connection: HTTPConnection) -> bool:
    """Tell whether a page of this very server sent the request, or of an origin that the settings name.

    Browsers say so in Sec-Fetch-Site over HTTPS and on localhost, and in Origin with everything but plain reads.
    Hosts are compared without the scheme, because a proxy in front may have changed it.
    """
    settings: Settings = connection.app.state.settings
    if connection.headers.get("origin") in settings.cors_allowed_origins:
        return True
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    own_hosts = {connection.headers.get("host", ""), urlsplit(settings.public_url or "").netloc} - {""}
    scheme, _, host = connection.headers.get("origin", "").partition("://")
    return scheme in {"http", "https"} and host in own_hosts


def refuse_other_origins(connection: HTTPConnection) -> None:
    """Raise Problem 403 unless a page of this very server sent the request."""
    if not same_origin(connection):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "This request came from another site. Send it from Deskbay's own page, or with a bearer token. Behind a"
            " proxy, set public_url to the address that people type.",
            kind="cross-origin",
        )


def refuse_other_pages(connection: HTTPConnection) -> None:
    """Raise Problem 403 when a page of another site sent the request; a program, which says nothing, may pass."""
    if {"origin", "sec-fetch-site"} & set(connection.headers):
        refuse_other_origins(connection)


def not_signed_in() -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "You are not signed in. Sign in, then try again.",
        kind="not-signed-in",
        headers={"WWW-Authenticate": "Bearer"},
    )


_bearer = HTTPBearer(auto_error=False, description="Access token from `/api/v1/auth/token`")
_cookie = APIKeyCookie(name=ACCESS, auto_error=False, description="Access token of the page")


async def _caller(
    connection: HTTPConnection,
    db: Transaction,
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    __: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    return await _admit(connection, db)


async def _admit(connection: HTTPConnection, db: AsyncSession) -> Caller:
    caller = await authenticate(connection, db)
    if caller is None:
        raise not_signed_in()
    if caller.credential is Credential.COOKIE and connection.scope["method"] not in SAFE_METHODS:
        refuse_other_origins(connection)
    return caller


async def _briefly(
    connection: HTTPConnection,
    database: DatabaseOfApp,
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    __: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    async with database.read() as db:
        return await _admit(connection, db)


CallerBriefly = Annotated[Caller, Depends(_briefly)]


async def _user_briefly(caller: CallerBriefly) -> User:
    return caller.user


SignedInBriefly = Annotated[User, Depends(_user_briefly)]
"""The user who is asking, where something has to be waited for before the request's transaction may begin."""

SignedInCaller = Annotated[Caller, Depends(_caller)]


async def _user(caller: SignedInCaller) -> User:
    return caller.user


async def _administrator(caller: SignedInCaller) -> User:
    refuse_others(caller.user)
    return caller.user


def refuse_others(user: User) -> None:
    """Raise Problem 403 for everyone but administrators."""
    if user.role is not Role.ADMINISTRATOR:
        raise Problem(
            HTTPStatus.FORBIDDEN, "Only administrators may do this. Ask one of them.", kind="not-administrator"
        )


async def is_administrator_still(database: Database, caller: Caller) -> bool:
    """Tell whether an administrator who is told things for long has not signed out since, nor lost the role."""
    async with database.read() as db:
        user = await service.find_signed_in(db, AccessClaims(caller.user.id, caller.login_id))
    return user is not None and user.role is Role.ADMINISTRATOR


SignedIn = Annotated[User, Depends(_user)]
"""The user who is asking. Problem 401 when nobody is signed in, 403 for a page of another site."""

Administrator = Annotated[User, Depends(_administrator)]
"""The same, with Problem 403 for everyone but administrators."""
