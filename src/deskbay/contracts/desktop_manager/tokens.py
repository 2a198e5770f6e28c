"""Tokens of programs, which are tokens of the API that may do all that their makers may."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, SecretStr

from deskbay.accounts.access import PUBLIC, Caller
from deskbay.accounts.api_tokens import service
from deskbay.accounts.api_tokens.presented import find_token
from deskbay.accounts.api_tokens.schemas import LONGEST_DAYS, TokenIn, TokenName
from deskbay.accounts.models import ApiToken, Role
from deskbay.accounts.rights.scopes import GRANTABLE, Reach, Scope
from deskbay.accounts.schemas import NO_CONTROLS, Secret
from deskbay.contracts.desktop_manager.admission import ManagerNeeds
from deskbay.contracts.desktop_manager.answers import Message
from deskbay.contracts.desktop_manager.errors import ERRORS, ErrorRoute, Refused
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp

Reader = Annotated[Caller, Depends(ManagerNeeds(Scope.PEOPLE_READ, Reach.ALL, in_person=True))]
Writer = Annotated[Caller, Depends(ManagerNeeds(Scope.PEOPLE_WRITE, Reach.ALL, in_person=True))]


class NewToken(BaseModel):
    name: TokenName
    description: Annotated[str, Field(max_length=500, pattern=NO_CONTROLS)] = ""
    expires_in_days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 30


class TokenMade(BaseModel):
    token: str
    token_id: UUID
    name: str
    expires_at: datetime
    created_by: str


class Token(BaseModel):
    id: int
    token_id: UUID
    name: str
    description: str
    created_at: datetime
    expires_at: datetime
    created_by: str
    last_used: datetime | None
    revoked: bool
    revoked_at: datetime | None


class ClientTokens(BaseModel):
    tokens: list[Token]


class ApiLogin(BaseModel):
    token: Secret = SecretStr("")


class TokenLogin(BaseModel):
    username: str
    is_admin: bool
    email: str | None


async def create_token(given: NewToken, db: Transaction, caller: Writer, clock: ClockOfApp) -> TokenMade:
    """Make a token. Its secret is told this once."""
    wish = TokenIn(
        name=given.name, description=given.description, scopes=set(GRANTABLE), expires_in_days=given.expires_in_days
    )
    token, secret = await service.create_token(db, clock, caller.user, caller.user, wish)
    return TokenMade(
        token=secret,
        token_id=token.uuid,
        name=token.name,
        expires_at=token.expires_at,
        created_by=caller.user.username,
    )


async def list_tokens(db: Transaction, _: Reader) -> ClientTokens:
    """List everyone's tokens, newest first; revoked and expired ones as well."""
    return ClientTokens(tokens=[_shown(token) for token in await service.list_all_tokens(db)])


async def revoke_token(token_id: UUID, db: Transaction, caller: Writer, clock: ClockOfApp) -> Message:
    """Make a token good for nothing, at once."""
    await service.revoke_token(db, clock, await service.get_token_to_revoke(db, caller, token_id))
    return Message(message="Token revoked successfully")


async def log_in_by_token(given: ApiLogin, db: Transaction, clock: ClockOfApp) -> TokenLogin:
    """Tell for whom a token acts."""
    token = await find_token(db, clock, given.token.get_secret_value())
    if token is None:
        raise Refused("The token is missing, wrong, expired or revoked.")
    user = token.user
    return TokenLogin(username=user.username, is_admin=user.role is Role.ADMINISTRATOR, email=user.email)


def _shown(token: ApiToken) -> Token:
    return Token(
        id=token.id,
        token_id=token.uuid,
        name=token.name,
        description=token.description,
        created_at=token.created_at,
        expires_at=token.expires_at,
        created_by=(token.creator or token.user).username,
        last_used=token.last_used_at,
        revoked=token.revoked_at is not None,
        revoked_at=token.revoked_at,
    )


def _router(prefix: str, name: str) -> APIRouter:
    routes = APIRouter(
        prefix=prefix,
        tags=["desktop manager (contract)"],
        route_class=ErrorRoute,
        responses=ERRORS,
        generate_unique_id_function=lambda route: f"desktop_manager_{name}_{route.name}",
    )
    routes.post("", status_code=HTTPStatus.CREATED)(create_token)
    routes.get("")(list_tokens)
    routes.delete("/{token_id}")(revoke_token)
    routes.post("/api-login", dependencies=[PUBLIC])(log_in_by_token)
    return routes


routers = (_router("/api/tokens", "tokens"), _router("/api/token", "token"))
"""The same twice: clients of both generations."""
