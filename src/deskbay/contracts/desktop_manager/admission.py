"""Who is asking: by a token of a sign-in, or one of the API."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, authenticate
from deskbay.accounts.models import Role, User
from deskbay.accounts.routes import Issuer
from deskbay.accounts.tokens import TokenIssuer
from deskbay.contracts.desktop_manager.errors import NotAdmitted
from deskbay.database import DatabaseOfApp, Transaction


async def _admit(request: Request, db: AsyncSession, issuer: TokenIssuer) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAdmitted("Token is missing!")
    caller = await authenticate(request, db)
    if caller is not None:
        return caller
    if issuer.is_expired(token.strip()):
        raise NotAdmitted("Token has expired!")
    claims = issuer.verify(token.strip())
    gone = claims is not None and await db.get(User, claims.user_id) is None
    raise NotAdmitted("User not found!" if gone else "Token is invalid!")


async def _caller(request: Request, db: Transaction, issuer: Issuer) -> User:
    return (await _admit(request, db, issuer)).user


async def _whole_briefly(request: Request, database: DatabaseOfApp, issuer: Issuer) -> Caller:
    async with database.read() as db:
        return await _admit(request, db, issuer)


WholeCallerBriefly = Annotated[Caller, Depends(_whole_briefly)]
"""The user who is asking, and how they showed it, where a transaction of another kind is needed."""


async def _briefly(caller: WholeCallerBriefly) -> User:
    return caller.user


CallerOfApp = Annotated[User, Depends(_caller)]
"""The user who is asking, in the request's transaction."""
CallerBriefly = Annotated[User, Depends(_briefly)]
"""The same, where something has to be waited for."""


def _refuse_others(caller: User) -> User:
    if caller.role is not Role.ADMINISTRATOR:
        raise NotAdmitted("Admin privilege required!", HTTPStatus.FORBIDDEN)
    return caller


async def _administrator(caller: CallerOfApp) -> User:
    return _refuse_others(caller)


async def _administrator_briefly(caller: CallerBriefly) -> User:
    return _refuse_others(caller)


AdministratorOfApp = Annotated[User, Depends(_administrator)]
AdministratorBriefly = Annotated[User, Depends(_administrator_briefly)]
