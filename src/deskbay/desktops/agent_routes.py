"""What the agents inside desktops tell of their use, each with its device's token."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from deskbay.accounts.rights.scopes import Scope
from deskbay.database import Transaction
from deskbay.desktops import stops
from deskbay.devices.access import ByDevice
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1/agent", tags=["agent"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
)
Used = Annotated[int, Depends(ByDevice(Scope.DESKTOPS_WRITE))]
LONGEST_SECONDS = 10 * 365 * 24 * 3600


class InputIn(BaseModel):
    """How long there had been no input from keyboard or mouse when the agent looked, and how long ago that is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"idle_seconds": 95.2}]})

    idle_seconds: float = Field(ge=0, le=LONGEST_SECONDS)
    seconds_ago: float = Field(0, ge=0, le=LONGEST_SECONDS)


@router.post("/input", status_code=HTTPStatus.NO_CONTENT)
async def tell_input(given: InputIn, device_id: Used, db: Transaction, clock: ClockOfApp) -> None:
    """Tell when a desktop was used last. Input takes back a stop that was announced because nobody used it."""
    idle, ago = timedelta(seconds=given.idle_seconds), timedelta(seconds=given.seconds_ago)
    await stops.take_input(db, clock, device_id, idle, ago)


@router.post("/keep", status_code=HTTPStatus.NO_CONTENT, responses=documented(HTTPStatus.CONFLICT))
async def keep_from_inside(device_id: Used, db: Transaction, clock: ClockOfApp) -> None:
    """Keep the desktop running, as the person in it wishes. 409 when it has run for as long as it may."""
    await stops.keep_from_inside(db, clock, device_id)
