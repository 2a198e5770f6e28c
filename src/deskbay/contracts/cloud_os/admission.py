"""Who is asking, and what everything of this API has in common."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.models import User
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.tokens import TokenIssuer
from deskbay.contracts.admission import ContractNeeds
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

    async def unknown(self, token: str, issuer: TokenIssuer, db: AsyncSession) -> Refused:
        """Return 401, or 400 for a disabled account."""
        claims = issuer.verify(token)
        user = await db.get(User, claims.user_id) if claims else None
        if user is not None and user.disabled_at is not None and user.removed_at is None:
            return Refused(HTTPStatus.BAD_REQUEST, "Inactive user")
        return unauthorized("Could not validate credentials")


Oneself = Annotated[Caller, Depends(CloudNeeds(Scope.PROFILE_READ, private=True, in_person=True))]
Reader = Annotated[Caller, Depends(CloudNeeds(Scope.DESKTOPS_READ, private=True))]
Writer = Annotated[Caller, Depends(CloudNeeds(Scope.DESKTOPS_WRITE, private=True))]
