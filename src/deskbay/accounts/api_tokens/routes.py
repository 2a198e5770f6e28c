"""Tokens of the API over HTTP. No token may make or revoke tokens."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from deskbay.accounts.access import Administrator, SignedIn, refuse_others
from deskbay.accounts.api_tokens import service
from deskbay.accounts.api_tokens.schemas import NewTokenOut, ServiceTokenIn, TokenIn, TokenList, TokenOut
from deskbay.accounts.models import ApiToken
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["tokens"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
TOO_MANY = documented(HTTPStatus.CONFLICT)


@router.get("/tokens", name="list_tokens")
async def list_tokens(
    user: SignedIn,
    db: Transaction,
    *,
    everyones: Annotated[bool, Query(alias="all", description="Everyone's, for administrators")] = False,
) -> TokenList:
    """List your tokens, newest first; revoked and expired ones as well."""
    if everyones:
        refuse_others(user)
    tokens = await service.list_tokens(db, None if everyones else user)
    return TokenList(items=[_shown(token) for token in tokens])


@router.post("/tokens", name="create_token_of_api", status_code=HTTPStatus.CREATED, responses=TOO_MANY)
async def create_token(wish: TokenIn, user: SignedIn, db: Transaction, clock: ClockOfApp) -> NewTokenOut:
    """Make a token that acts for you. Its secret is told this once."""
    return _new(*await service.create_token(db, clock, user, user, wish))


@router.post("/service-tokens", name="create_service_token", status_code=HTTPStatus.CREATED, responses=TOO_MANY)
async def create_service_token(
    wish: ServiceTokenIn, by: Administrator, db: Transaction, clock: ClockOfApp
) -> NewTokenOut:
    """Make a token that acts for a service: for an account of its own, without a password."""
    account = await service.service_account(db, clock, wish)
    return _new(*await service.create_token(db, clock, by, account, wish))


@router.delete(
    "/tokens/{token_id}",
    name="revoke_token",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(HTTPStatus.NOT_FOUND),
)
async def revoke_token(token_id: UUID, user: SignedIn, db: Transaction, clock: ClockOfApp) -> None:
    """Make a token good for nothing, at once. Administrators may revoke anyone's."""
    await service.revoke_token(db, clock, await service.get_token(db, user, token_id))


def _fields(token: ApiToken) -> dict[str, object]:
    names = ("uuid", "name", "description", "user", "creator", "created_at", "expires_at", "last_used_at", "revoked_at")
    return {"scopes": token.scopes.split(), **{name: getattr(token, name) for name in names}}


def _shown(token: ApiToken) -> TokenOut:
    return TokenOut.model_validate(_fields(token))


def _new(token: ApiToken, secret: str) -> NewTokenOut:
    return NewTokenOut.model_validate({"token": secret, **_fields(token)})
