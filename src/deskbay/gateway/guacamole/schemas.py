"""How things are with Guacamole, as administrators are told."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field


class StandingState(StrEnum):
    """Whether accounts and connections in Guacamole are as they should be."""

    OFF = "off"
    WAITING = "waiting"
    IN_STEP = "in-step"
    PARTLY = "partly"
    FAILING = "failing"


class StandingOut(BaseModel):
    """How far Guacamole is in step. Off: no account there is named in the settings."""

    state: StandingState
    reason: str | None = Field(None, description="What is not as it should be, and what to do")
    looked_at: datetime | None = Field(None, description="When all was last brought about")
    retry_at: datetime | None = Field(None, description="When it is tried again, if it failed")
    accounts: int = Field(0, description="How many accounts there are kept")
    connections: int = Field(0, description="How many desktops have a connection there")
