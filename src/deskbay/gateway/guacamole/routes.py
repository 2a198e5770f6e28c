"""How things are with Guacamole, over HTTP."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.gateway.guacamole.ledger import THE_ONE
from deskbay.gateway.guacamole.models import GuacamoleStanding
from deskbay.gateway.guacamole.schemas import StandingOut, StandingState
from deskbay.kit.problems import documented

router = APIRouter(prefix="/api/v1", tags=["gateway"])

Reader = Annotated[Caller, Depends(Needs(Scope.RUNTIMES_READ, Reach.ALL))]


@router.get("/guacamole", responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
async def get_guacamole(db: Transaction, _: Reader) -> StandingOut:
    """Tell whether accounts and connections in Guacamole are in step, and what is in the way."""
    standing = await db.get(GuacamoleStanding, THE_ONE)
    if standing is None:
        return StandingOut(state=StandingState.OFF)
    return StandingOut(
        state=_state(standing),
        reason=standing.reason,
        looked_at=standing.looked_at,
        retry_at=standing.retry_at,
        accounts=standing.accounts,
        connections=standing.connections,
    )


def _state(standing: GuacamoleStanding) -> StandingState:
    if standing.failures:
        return StandingState.FAILING
    if standing.looked_at is None:
        return StandingState.WAITING
    return StandingState.PARTLY if standing.reason else StandingState.IN_STEP
