"""Who is asking, and whether they may."""

from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from deskbay.accounts import service
from deskbay.accounts.api_tokens.presented import PREFIX, find_token
from deskbay.accounts.api_tokens.uses import TokenUses
from deskbay.accounts.cookies import ACCESS, access_cookie
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Granted, Reach, Scope, granted
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


_bearer = HTTPBearer(auto_error=False, description="Access token from `/api/v1/auth/token`")
_cookie = APIKeyCookie(name=ACCESS, auto_error=False, description="Access token of the page")


class Declaration:
    """What a route says of who may call it. Each route has exactly one, among its dependencies."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user, at which sign-in, how they showed it, and what they may do.

    `scope` is what the route takes. Tokens count as sign-ins: see `login_of_token`.
    """

    user: User
    login_id: int
    credential: Credential
    rights: Rights
    scope: Scope

    async def reaches(self, db: AsyncSession, owner_id: int) -> bool:
        """Tell whether the caller may do what the route does to something of that owner's."""
        return await self.rights.reach_of(db, self.scope, owner_id)

    async def within_reach(self, db: AsyncSession, owner: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """Return the condition that the caller may do what the route does to what belongs to an owner."""
        return await self.rights.within_reach(db, self.scope, owner)


@dataclass(frozen=True, slots=True)
class Needs(Declaration):
    """A right that a route takes, and how far it has to reach at least; a dependency that gives the `Caller`.

    Problem 401 when nobody is signed in; 403 for a page of another site, without the right, and for an API token
    whose scopes don't reach so far. `private` tells that only one's own is reached by it, however far the right does,
    and `in_person` that no API token will do, whatever its scopes are.
    """

    scope: Scope
    reach: Reach = Reach.OWN
    private: bool = False
    in_person: bool = False

    async def __call__(
        self,
        connection: HTTPConnection,
        db: Transaction,
        _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        __: Annotated[str | None, Depends(_cookie)],
    ) -> Caller:
        return await self.admit(connection, db)

    async def admit(self, connection: HTTPConnection, db: AsyncSession) -> Caller:
        """Return who is asking. Raises what refuses those who are not signed in, or lack the right."""
        caller = await self.identify(connection, db)
        if not await caller.rights.include(db, self.scope, self.reach):
            raise self.refusal()
        return caller

    async def identify(self, connection: HTTPConnection, db: AsyncSession) -> Caller:
        caller = await authenticate(connection, db, self)
        if caller is None:
            raise not_signed_in()
        if caller.credential is Credential.COOKIE and connection.scope.get("method") not in SAFE_METHODS:
            refuse_other_origins(connection)
        return caller

    def refusal(self) -> Exception:
        return right_missing(self)


@dataclass(frozen=True, slots=True)
class NeedsBriefly(Needs):
    """The same, where something has to be waited for before the request's transaction may begin."""

    async def __call__(  # type: ignore[override]  # FastAPI gives it what it asks for
        self,
        connection: HTTPConnection,
        database: DatabaseOfApp,
        _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        __: Annotated[str | None, Depends(_cookie)],
    ) -> Caller:
        async with database.read() as db:
            return await self.admit(connection, db)


@dataclass(frozen=True, slots=True)
class Public(Declaration):
    """Says that a route is for everyone, signed in or not."""

    async def __call__(self) -> None:
        """Let everyone in."""


PUBLIC = Depends(Public())


async def authenticate(connection: HTTPConnection, db: AsyncSession, needs: Needs) -> Caller | None:
    """Return who is asking by HTTP or WebSocket; None when nobody is signed in.

    It looks neither where a cookie was sent from, see `same_origin`, nor at the rights of people. Raises Problem 403
    for an API token whose scopes don't reach so far.
    """
    token, credential = _presented(connection)
    if token.startswith(PREFIX):
        return await _by_token(connection, db, token, needs)
    issuer: TokenIssuer = connection.app.state.token_issuer
    claims = issuer.verify(token)
    user = claims and await service.find_signed_in(db, claims)
    if not claims or not user:
        return None
    act_as(Actor(ActorKind.PERSON, user.id))
    return Caller(user, claims.login_id, credential, Rights(user), needs.scope)


async def _by_token(connection: HTTPConnection, db: AsyncSession, secret: str, needs: Needs) -> Caller | None:
    state = connection.app.state
    token = await find_token(db, state.clock, secret)
    if token is None:
        return None
    limits = {Scope.PROFILE_READ: Reach.OWN, **granted(token.scopes.split())}
    _refuse_beyond(limits, needs)
    uses: TokenUses = state.token_uses
    uses.note(token.id)
    act_as(Actor(ActorKind.TOKEN, token.user_id, token.id))
    login_id = service.login_of_token(token.id)
    return Caller(token.user, login_id, Credential.TOKEN, Rights(token.user, limits), needs.scope)


WHOAMI = Needs(Scope.PROFILE_READ, private=True)
"""What any token may ask for, too: who it acts for."""


def _refuse_beyond(limits: Granted, needs: Needs) -> None:
    if needs.in_person:
        what = "API tokens can't be used here. Sign in, then try again."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="not-for-tokens")
    if needs.scope not in limits or not limits[needs.scope].covers(needs.reach):
        what = f"This token lacks the scope {needs.scope}. Make one that has it, on your profile."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="scope-missing")


def right_missing(needs: Needs) -> Problem:
    what = f"Your roles don't have the right {needs.scope}!{needs.reach}. Ask an administrator for one that has it."
    return Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")


async def may_still(database: Database, caller: Caller, reach: Reach) -> bool:
    """Tell whether one who is told things for long has not signed out since, nor lost the right to so much."""
    async with database.read() as db:
        now = await still(db, caller)
        return now is not None and await now.rights.include(db, caller.scope, reach)


async def still(db: AsyncSession, caller: Caller) -> Caller | None:
    """Return a caller with the rights that they have by now; None when they have signed out since."""
    user = await service.find_signed_in(db, AccessClaims(caller.user.id, caller.login_id))
    return replace(caller, user=user, rights=Rights(user, caller.rights.limits)) if user else None


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
