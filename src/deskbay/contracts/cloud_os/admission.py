"""Who is asking, and what everything of this API has in common."""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from deskbay.accounts.access import Caller, authenticate
from deskbay.accounts.models import User
from deskbay.accounts.routes import Issuer
from deskbay.contracts.plain import ERRORS, PlainError, PlainRoute, Refused
from deskbay.database import DatabaseOfApp
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


async def _caller(request: Request, database: DatabaseOfApp, issuer: Issuer) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise unauthorized("Could not validate credentials")
    async with database.read() as db:
        if caller := await authenticate(request, db):
            return caller
        claims = issuer.verify(token.strip())
        user = await db.get(User, claims.user_id) if claims else None
    if user is not None and user.disabled_at is not None and user.removed_at is None:
        raise Refused(HTTPStatus.BAD_REQUEST, "Inactive user")
    raise unauthorized("Could not validate credentials")


CallerOfApp = Annotated[Caller, Depends(_caller)]
"""Who is asking. 401 when nobody is signed in, 400 for a disabled account."""
