"""Tokens of the API over HTTP. No token may make or revoke tokens."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.api_tokens import service
from deskbay.accounts.api_tokens.schemas import NewTokenOut, ServiceTokenIn, TokenIn, TokenList, TokenOut
from deskbay.accounts.in_person import OwnReader, OwnWriter
from deskbay.accounts.models import ApiToken
from deskbay.accounts.rights.no_way_up import refuse_without
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.paging import Page
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["tokens"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
TOO_MANY = documented(HTTPStatus.CONFLICT)


class TokenFilter(Page):
    """Whose tokens are wanted, and which part of them."""

    everyones: bool = Field(False, alias="all", description="Everyone's: for who may read all people")
    user_id: Key | None = Field(None, description="Those of this person, where everyone's are wanted")
    search: str = Field("", max_length=200, description="Words, each of them in the token's name or its person's")


Giver = Annotated[Caller, Depends(Needs(Scope.PEOPLE_WRITE, Reach.ALL, in_person=True))]


@router.get("/tokens", name="list_tokens")
async def list_tokens(caller: OwnReader, db: Transaction, wanted: Annotated[TokenFilter, Query()]) -> TokenList:
    """List your tokens, newest first; revoked and expired ones as well."""
    if wanted.everyones:
        await refuse_without(db, caller, Scope.PEOPLE_READ, Reach.ALL)
    whose = wanted.user_id if wanted.everyones else caller.user.id
    tokens, cursor = await service.list_tokens(db, whose, wanted.search, wanted)
    return TokenList(items=[_shown(token) for token in tokens], next_cursor=cursor)


@router.post("/tokens", name="create_token_of_api", status_code=HTTPStatus.CREATED, responses=TOO_MANY)
async def create_token(wish: TokenIn, caller: OwnWriter, db: Transaction, clock: ClockOfApp) -> NewTokenOut:
    """Make a token that acts for you. Its secret is told this once."""
    return _new(*await service.create_token(db, clock, caller.user, caller.user, wish))


@router.post("/service-tokens", name="create_service_token", status_code=HTTPStatus.CREATED, responses=TOO_MANY)
async def create_service_token(wish: ServiceTokenIn, by: Giver, db: Transaction, clock: ClockOfApp) -> NewTokenOut:
    """Make a token that acts for a service: for an account of its own, without a password."""
    account = await service.service_account(db, clock, by, wish)
    return _new(*await service.create_token(db, clock, by.user, account, wish))


@router.delete(
    "/tokens/{token_id}",
    name="revoke_token",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(HTTPStatus.NOT_FOUND),
)
async def revoke_token(token_id: UUID, caller: OwnWriter, db: Transaction, clock: ClockOfApp) -> None:
    """Make a token good for nothing, at once. Who may change all people may revoke anyone's."""
    await service.revoke_token(db, clock, await service.get_token_to_revoke(db, caller, token_id))


def _fields(token: ApiToken) -> dict[str, object]:
    names = ("uuid", "name", "description", "user", "creator", "created_at", "expires_at", "last_used_at", "revoked_at")
    return {"scopes": token.scopes.split(), **{name: getattr(token, name) for name in names}}


def _shown(token: ApiToken) -> TokenOut:
    return TokenOut.model_validate(_fields(token))


def _new(token: ApiToken, secret: str) -> NewTokenOut:
    return NewTokenOut.model_validate({"token": secret, **_fields(token)})
