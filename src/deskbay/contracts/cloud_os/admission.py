"""Who is asking, and what everything of this API has in common."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from deskbay.accounts.access import Caller, authenticate
from deskbay.accounts.models import User
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.tokens import TokenIssuer
from deskbay.contracts.admission import ContractNeeds, bearer_token
from deskbay.contracts.plain import ERRORS, PlainError, PlainRoute, Refused
from deskbay.kit.problems import answered

PLAIN = re.compile(r"[A-Za-z0-9]+")
CHALLENGE = {"WWW-Authenticate": "Bearer"}


def new_router() -> APIRouter:
    return APIRouter(
        tags=["Cloud OS (contract)"],
        route_class=PlainRoute,
        responses=ERRORS | answered(PlainError, HTTPStatus.NOT_ACCEPTABLE),
        generate_unique_id_function=lambda route: f"cloud_os_{route.name}",
    )


def is_plain(text: str) -> bool:
    """Tell whether a text is made of letters and digits, as usernames and passwords of containers have to be."""
    return PLAIN.fullmatch(text) is not None


def unauthorized(detail: str) -> Refused:
    return Refused(HTTPStatus.UNAUTHORIZED, detail, CHALLENGE)


@dataclass(frozen=True, slots=True)
class CloudNeeds(ContractNeeds):
    """A right that a route of this API takes."""

    async def identify(self, connection: HTTPConnection, db: AsyncSession) -> Caller:
        """Return who is asking. Raises 401 when nobody is signed in, 400 for a disabled account."""
        token = bearer_token(connection)
        caller = await authenticate(connection, db, self) if token else None
        if caller is not None:
            return caller
        issuer: TokenIssuer = connection.app.state.token_issuer
        claims = issuer.verify(token)
        user = await db.get(User, claims.user_id) if claims else None
        if user is not None and user.disabled_at is not None and user.removed_at is None:
            raise Refused(HTTPStatus.BAD_REQUEST, "Inactive user")
        raise unauthorized("Could not validate credentials")


Oneself = Annotated[Caller, Depends(CloudNeeds(Scope.PROFILE_READ, private=True, in_person=True))]
Reader = Annotated[Caller, Depends(CloudNeeds(Scope.DESKTOPS_READ, private=True))]
Writer = Annotated[Caller, Depends(CloudNeeds(Scope.DESKTOPS_WRITE, private=True))]
